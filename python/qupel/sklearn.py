"""Estimators for scikit-learn that need no argument: kernel machines and trained circuits, and a transformer of rows to kernel values.

Rows of any width go in: more columns than qubits are reduced to their principal components, and columns are scaled to [-1, 1], both as
the training rows say.

>>> from sklearn.datasets import load_iris
>>> from qupel.sklearn import QuantumKernelClassifier
>>> X, y = load_iris(return_X_y=True)
>>> bool(QuantumKernelClassifier().fit(X[::2], y[::2]).score(X[1::2], y[1::2]) > 0.9)
True
"""

from itertools import combinations
from numbers import Integral, Real

import numpy as np

from . import _core, _program
from ._extras import needs

try:
    from scipy.optimize import minimize
    from sklearn.base import BaseEstimator, ClassifierMixin, ClassNamePrefixFeaturesOutMixin, RegressorMixin, TransformerMixin
    from sklearn.svm import SVC, SVR
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
except ModuleNotFoundError as failure:
    raise needs("sklearn", failure) from failure

__all__ = ["QuantumKernelClassifier", "QuantumKernelRegressor", "QuantumKernelTransformer", "VariationalClassifier", "VariationalRegressor"]

ENCODINGS = ("angle", "iqp")
#: Settings of estimators and the least that they may be.
_WHOLE_NUMBERS = {"qubits": 1, "repetitions": 1, "layers": 0, "max_iter": 1}
_NUMBERS = {"bandwidth": -np.finfo(float).max, "penalty": 0.0}


def _rows_once(X, y, sample_weight):
    """Different rows with their answers, in the order of their values, and the sum of each one's weights.

    A row of weight 3 is thus the same as three rows, to the bit, and one of weight 0 as none.
    """
    weights = _check_sample_weight(sample_weight, X, dtype=np.float64)
    if (weights < 0).any():
        raise ValueError(f"Negative values in data passed to `sample_weight`: {weights.min()}; a weight counts how often a row is there")
    if not (weights > 0).any():
        raise ValueError("sample_weight: no row has a weight above 0")
    kept = weights > 0
    labels, numbers = np.unique(y[kept], return_inverse=True)
    rows, which = np.unique(np.column_stack([X[kept], numbers]), axis=0, return_inverse=True)
    return rows[:, :-1], labels[rows[:, -1].astype(int)], np.bincount(which.ravel(), weights[kept])


class _Reduction:
    """Principal components and scaling to [-1, 1], as the training rows and their weights say."""

    def __init__(self, X, qubits, weights=None):
        self.mean = np.average(X, axis=0, weights=weights)
        self.axes = None
        if X.shape[1] > qubits:
            centred = (X - self.mean) * (1 if weights is None else np.sqrt(weights)[:, None])
            axes = np.linalg.svd(centred, full_matrices=False)[2][:qubits]
            largest = axes[np.arange(len(axes)), abs(axes).argmax(axis=1)]
            self.axes = axes * np.where(largest < 0, -1.0, 1.0)[:, None]
        reduced = self._reduced(X)
        self.low, self.high = reduced.min(axis=0), reduced.max(axis=0)

    def _reduced(self, X):
        return X if self.axes is None else (X - self.mean) @ self.axes.T

    def __call__(self, X):
        width = np.where(self.high > self.low, self.high - self.low, 1.0)
        return np.clip(2 * (self._reduced(X) - self.low) / width - 1, -2, 2)

    columns = property(lambda self: len(self.low))


def _angles(encoding, rows):
    """What the features of an encoding's circuit are for rows: the rows, and for "iqp" the products of two columns."""
    if encoding == "angle":
        return rows
    pairs = list(combinations(range(rows.shape[1]), 2))
    return np.hstack([rows] + [rows[:, [i]] * rows[:, [j]] for i, j in pairs])


def _encode(circuit, encoding, bandwidth):
    """Appends an encoding of all qubits: angles are bandwidth * pi/2 * feature."""
    n, scale = circuit.qubits, bandwidth * np.pi / 2
    pairs = list(combinations(range(n), 2))
    x = _core.features(n + (len(pairs) if encoding == "iqp" else 0))
    for q in range(n):
        if encoding == "angle":
            circuit.ry(scale * x[q], q)
        else:
            circuit.h(q).rz(scale * x[q], q)
    if encoding == "angle":
        for q in range(n - 1):
            circuit.cz(q, q + 1)
    else:
        for k, (i, j) in enumerate(pairs):
            circuit.rzz(scale * x[n + k], i, j)


class _Quantum(BaseEstimator):
    """What all estimators here have: reduced rows as angles of a circuit."""

    def _start(self, X, weights=None):
        """Fits the reduction; returns the rows as features of the circuit."""
        if self.encoding not in ENCODINGS:
            raise ValueError(f"encoding={self.encoding!r} is no encoding; choose one of {', '.join(ENCODINGS)}")
        for name, least in _WHOLE_NUMBERS.items():
            value = getattr(self, name, least)
            if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
                raise ValueError(f"{name}={value!r} must be a whole number from {least} on")
        for name, least in _NUMBERS.items():
            value = getattr(self, name, 0.0)
            if not isinstance(value, Real) or not least <= value < np.inf:
                raise ValueError(f"{name}={value!r} must be a finite number{'' if least < 0 else ' that is not negative'}")
        self._reduction = _Reduction(X, self.qubits, weights)
        return self._rows(X)

    def _rows(self, X):
        return _angles(self.encoding, self._reduction(X))

    def _checked(self, X):
        check_is_fitted(self)
        return self._rows(validate_data(self, X, reset=False, dtype=np.float64))

    def _encoding_circuit(self):
        circuit = _core.Circuit(self._reduction.columns)
        for _ in range(self.repetitions):
            _encode(circuit, self.encoding, self.bandwidth)
        return circuit


class _Kernel(_Quantum):
    """Squared overlaps of the states of rows with those of the training rows."""

    def _start(self, X, weights=None):
        self._kept = super()._start(X, weights)
        self._program = _program.compile(self._encoding_circuit(), (), threads=self.threads)
        return self._program.kernel(self._kept)

    def _kernel(self, X):
        rows = self._checked(X)
        return self._program.kernel(rows, self._kept)


class QuantumKernelClassifier(ClassifierMixin, _Kernel):
    """A support-vector machine on the overlaps of quantum states.

    qubits: columns beyond so many are reduced. encoding: "iqp" (phases of single columns and of products of two) or "angle".
    bandwidth: angles are bandwidth * pi/2 for a column's extremes. repetitions: of the encoding. C: the machine's. threads: of the engine.

    fit() takes sample_weight: a row of weight 3 is the same as three equal rows.
    """

    def __init__(self, qubits=8, encoding="angle", bandwidth=1.0, repetitions=1, C=1.0, threads=1):
        self.qubits = qubits
        self.encoding = encoding
        self.bandwidth = bandwidth
        self.repetitions = repetitions
        self.C = C
        self.threads = threads

    def fit(self, X, y, sample_weight=None):
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        X, y, weights = _rows_once(X, y, sample_weight)
        self._machine = SVC(kernel="precomputed", C=self.C)
        self._machine.fit(self._start(X, weights), y, weights)
        self.classes_ = self._machine.classes_
        return self

    def predict(self, X):
        kernel = self._kernel(X)  # says first whether this is fitted
        return self._machine.predict(kernel)

    def decision_function(self, X):
        kernel = self._kernel(X)
        return self._machine.decision_function(kernel)


class QuantumKernelRegressor(RegressorMixin, _Kernel):
    """Support-vector regression on the overlaps of quantum states; arguments as QuantumKernelClassifier's.

    epsilon: errors within it cost nothing, in standard deviations of the target.
    """

    def __init__(self, qubits=8, encoding="angle", bandwidth=1.0, repetitions=1, C=10.0, epsilon=0.05, threads=1):
        self.qubits = qubits
        self.encoding = encoding
        self.bandwidth = bandwidth
        self.repetitions = repetitions
        self.C = C
        self.epsilon = epsilon
        self.threads = threads

    def fit(self, X, y, sample_weight=None):
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        X, y, weights = _rows_once(X, y, sample_weight)
        self._middle, self._spread = _middle_and_spread(y, weights)
        self._machine = SVR(kernel="precomputed", C=self.C, epsilon=self.epsilon)
        self._machine.fit(self._start(X, weights), (y - self._middle) / self._spread, weights)
        return self

    def predict(self, X):
        kernel = self._kernel(X)
        return self._machine.predict(kernel) * self._spread + self._middle


class QuantumKernelTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, _Kernel):
    """Rows to their squared overlaps with the training rows: features for any linear model; arguments as QuantumKernelClassifier's."""

    def __init__(self, qubits=8, encoding="angle", bandwidth=1.0, repetitions=1, threads=1):
        self.qubits = qubits
        self.encoding = encoding
        self.bandwidth = bandwidth
        self.repetitions = repetitions
        self.threads = threads

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype=np.float64)
        self._start(X)
        self._n_features_out = len(X)
        return self

    def transform(self, X):
        return self._kernel(X)


class _Variational(_Quantum):
    """An encoding between layers of trained rotations; a linear model reads Z of qubits and of pairs."""

    def _compile(self):
        encoding = self._encoding_circuit()
        n = encoding.qubits
        circuit = encoding
        for layer in range(self.layers):
            w = _core.parameters((layer + 1) * 2 * n)[layer * 2 * n:]
            for q in range(n):
                circuit.ry(w[2 * q], q).rz(w[2 * q + 1], q)
            for q in range(n - 1):
                circuit.cx(q, q + 1)
        readout = [f"Z{q}" for q in range(n)] + [f"Z{i} Z{j}" for i, j in combinations(range(n), 2)]
        return _program.compile(circuit, readout, threads=self.threads)

    def _train(self, rows, loss, outputs):
        """Minimises loss(outputs of all rows) -> value, derivatives, with a penalty on the linear model, by L-BFGS."""
        self._program = self._compile()
        angles, read = self._program.circuit.parameters, len(self._program.observables)
        start = np.concatenate([check_random_state(self.random_state).uniform(-0.5, 0.5, angles), np.zeros((read + 1) * outputs)])

        def objective(numbers):
            theta, weights, offset = self._split(numbers, outputs)
            values = self._program.expectations(rows, theta)
            value, derivatives = loss(values @ weights + offset)
            gradient = self._program.vjp(rows, theta, derivatives @ weights.T, features=False).parameters
            value += self.penalty * (weights**2).sum()
            return value, np.concatenate([gradient, (values.T @ derivatives + 2 * self.penalty * weights).ravel(), derivatives.sum(axis=0)])

        found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": self.max_iter})
        self._numbers, self.n_iter_ = found.x, max(1, int(found.nit))
        self._outputs = outputs

    def _split(self, numbers, outputs):
        angles, read = self._program.circuit.parameters, len(self._program.observables)
        weights = numbers[angles : angles + read * outputs].reshape(read, outputs)
        return numbers[:angles], weights, numbers[angles + read * outputs :]

    def _values(self, X):
        rows = self._checked(X)
        theta, weights, offset = self._split(self._numbers, self._outputs)
        return self._program.expectations(rows, theta) @ weights + offset


class VariationalClassifier(ClassifierMixin, _Variational):
    """A trained circuit and a softmax on what is measured.

    layers: of trained rotations. penalty: on the squares of the linear model's weights. max_iter: steps of L-BFGS. Others as
    QuantumKernelClassifier's.
    """

    def __init__(self, qubits=6, encoding="angle", bandwidth=1.0, repetitions=1, layers=2, penalty=1e-3, max_iter=100, random_state=None,
                 threads=1):
        self.qubits = qubits
        self.encoding = encoding
        self.bandwidth = bandwidth
        self.repetitions = repetitions
        self.layers = layers
        self.penalty = penalty
        self.max_iter = max_iter
        self.random_state = random_state
        self.threads = threads

    def fit(self, X, y, sample_weight=None):
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        X, y, weights = _rows_once(X, y, sample_weight)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("a classifier needs at least two classes; the target has 1 class")
        wanted, shares = np.eye(len(self.classes_))[labels], (weights / weights.sum())[:, None]

        def cross_entropy(outputs):
            probabilities = _softmax(outputs)
            right = (probabilities * wanted).sum(axis=1, keepdims=True)
            return -(shares * np.log(np.maximum(right, 1e-300))).sum(), shares * (probabilities - wanted)

        self._train(self._start(X, weights), cross_entropy, len(self.classes_))
        return self

    def predict_proba(self, X):
        return _softmax(self._values(X))

    def predict(self, X):
        values = self._values(X)  # says first whether this is fitted
        return self.classes_[values.argmax(axis=1)]


class VariationalRegressor(RegressorMixin, _Variational):
    """A trained circuit and a linear model on what is measured; arguments as VariationalClassifier's."""

    def __init__(self, qubits=6, encoding="angle", bandwidth=1.0, repetitions=1, layers=2, penalty=1e-4, max_iter=100, random_state=None,
                 threads=1):
        self.qubits = qubits
        self.encoding = encoding
        self.bandwidth = bandwidth
        self.repetitions = repetitions
        self.layers = layers
        self.penalty = penalty
        self.max_iter = max_iter
        self.random_state = random_state
        self.threads = threads

    def fit(self, X, y, sample_weight=None):
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        X, y, weights = _rows_once(X, y, sample_weight)
        self._middle, self._spread = _middle_and_spread(y, weights)
        wanted, shares = ((y - self._middle) / self._spread)[:, None], (weights / weights.sum())[:, None]

        def squares(outputs):
            return (shares * (outputs - wanted) ** 2).sum(), 2 * shares * (outputs - wanted)

        self._train(self._start(X, weights), squares, 1)
        return self

    def predict(self, X):
        values = self._values(X)
        return values[:, 0] * self._spread + self._middle


def _middle_and_spread(y, weights):
    """The mean, and the standard deviation or 1."""
    middle = np.average(y, weights=weights)
    return middle, np.sqrt(np.average((y - middle) ** 2, weights=weights)) or 1.0


def _softmax(outputs):
    shifted = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)
