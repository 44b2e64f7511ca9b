"""Circuits compiled once and called on arrays."""

import importlib
from collections.abc import Iterable
from types import NoneType
from typing import NamedTuple

import numpy as np

from . import _core, _states


class Derivatives(NamedTuple):
    """What vjp() and jacobian() return."""

    values: np.ndarray  #: samples x observables
    parameters: np.ndarray  #: vjp: a number a parameter, summed over samples; jacobian: samples x observables x parameters
    features: np.ndarray  #: vjp: samples x features; jacobian: samples x observables x features


class Result(NamedTuple):
    """What run() returns; what was not asked for is empty."""

    expectations: np.ndarray  #: a number an observable
    errors: np.ndarray  #: their standard errors; empty: the values are exact
    counts: dict  #: bit string -> how often; bit 0 (of a circuit that measures nothing: qubit 0) is the last character
    state: np.ndarray  #: 2^qubits amplitudes
    engine: str  #: which engine ran


# What else arrays may come from, by the first word of the module of their type, and the module that takes them.
_FOREIGN = {"torch": "torch", "jax": "jax", "jaxlib": "jax", "tensorflow": "tensorflow", "keras": "tensorflow"}


def _foreign(*arrays):
    for array in arrays:
        if type(array) is not np.ndarray and array is not None:
            found = _FOREIGN.get(type(array).__module__.partition(".")[0])
            if found:
                return importlib.import_module(f"qupel.{found}")
    return None


def require_program(program, where):
    if not isinstance(program, _core.Program):
        raise _core.InputError(f"{where} takes a program, as qupel.compile() makes it, not {type(program).__name__}")


def require_shapes(program, x, theta):
    """Raises what a call with arrays of these shapes would raise: for tools that make the call later, where an error loses its type.

    An axis whose length is not known yet is None.
    """
    features, parameters = program.circuit.features, program.circuit.parameters
    if len(x) < 1:
        raise _core.InputError("X has 0 dimensions; it must have two: samples x numbers of each")
    if x[-1] not in (features, None):
        raise _core.InputError(f"X has {x[-1]} columns; the circuit has {features} features")
    if len(theta) != 1:
        raise _core.InputError(f"theta has {len(theta)} dimensions; it must be a vector")
    if theta[0] not in (parameters, None):
        raise _core.InputError(f"theta has {theta[0]} numbers; the circuit has {parameters} parameters")


class Program(_core.Program):
    """A circuit with its observables, compiled: call it on arrays. Made by compile(); pickles; safe to call from several threads.

    In all calls X is samples x features (None for a circuit without features: one sample) and theta a vector of the parameters (None
    for a circuit without). With shots or trajectories every call draws anew, unless it names a seed.

    initial: amplitudes to begin with instead of |0...0>, one state for all samples or a row a sample. Only without noise.
    """

    def __call__(self, X=None, theta=None, *, initial=None, seed=None):
        """Expectation values, samples x observables. Arrays of numpy, PyTorch, JAX or TensorFlow in, the same out, with gradients.

        >>> import numpy as np, qupel as qp
        >>> f = qp.compile(qp.Circuit(1).ry(qp.features(1)[0], 0), "Z0")
        >>> f([[0.0], [np.pi]])
        array([[ 1.],
               [-1.]])
        """
        foreign = _foreign(X, theta)
        if foreign is not None:
            if seed is not None:
                raise _core.InputError("a seed a call is for NumPy's arrays; name it where the circuit is compiled")
            if initial is not None:
                program, columns = self._from(initial, X)
                return foreign.function(program)(foreign.joined(X, columns), theta)
            return foreign.function(self)(X, theta)
        return self.expectations(X, theta, seed, initial=initial)

    def _from(self, initial, X):
        """The program that begins in given states, and what its features are beside those of X: a row a sample."""
        if "_prepared" not in self.__dict__:
            rest = self.__reduce__()[1][1:]
            if rest[3] or rest[4] is not None or rest[-1]:  # noise, a device, channels
                raise _core.InputError("initial states are for circuits without noise: gates prepare them, which noise would disturb")
            self.__dict__["_prepared"] = Program(_states.prepared(self.circuit), *rest)
        states = _states.checked(initial, self.circuit.qubits)
        if X is not None and np.ndim(X) not in (1, 2):
            raise _core.InputError(f"X has {np.ndim(X)} dimensions; it must have two: samples x numbers of each")
        rows = len(states) if X is None else (1 if np.ndim(X) == 1 else np.shape(X)[0])
        if len(states) not in (1, rows):
            raise _core.InputError(f"{len(states)} initial states for {rows} samples; give one, or one a sample")
        return self.__dict__["_prepared"], np.broadcast_to(_states.numbers(states), (rows, _states.count(self.circuit.qubits)))

    def _call(self, method, initial, X, *rest):
        """A method of this program, or of the one that begins in given states."""
        if initial is None:
            return getattr(_core.Program, method)(self, X, *rest)
        program, columns = self._from(initial, X)
        own = np.zeros((len(columns), 0)) if X is None else np.atleast_2d(np.asarray(X, float))
        if own.shape[1] != self.circuit.features:
            raise _core.InputError(f"X has {own.shape[1]} columns; the circuit has {self.circuit.features} features")
        return getattr(_core.Program, method)(program, np.hstack([own, columns]), *rest)

    def expectations(self, X=None, theta=None, seed=None, *, initial=None):
        """Expectation values, samples x observables, as arrays of NumPy."""
        return self._call("expectations", initial, X, theta, seed)

    def states(self, X=None, theta=None, *, initial=None):
        """Amplitudes, samples x 2^qubits; qubit 0 is the lowest bit of an index.

        >>> import numpy as np, qupel as qp
        >>> f = qp.compile(qp.Circuit(2).cx(0, 1))
        >>> abs(f.states(initial=[0, 1, 0, 0])).round(6)
        array([[0., 0., 0., 1.]])
        """
        found = self._call("states", initial, X, theta)
        return found if initial is None else found * _states.phases(_states.checked(initial, self.circuit.qubits))[:, None]

    def counts(self, X=None, theta=None, shots=None, seed=None, *, initial=None):
        """How often each bit string was measured, qubit 0 last, a dictionary a sample."""
        return self._call("counts", initial, X, theta, shots, seed)

    def sample(self, X=None, theta=None, shots=None, seed=None, *, initial=None):
        """Basis states that were measured, samples x shots; qubit 0 is the lowest bit."""
        return self._call("sample", initial, X, theta, shots, seed)

    def vjp(self, X, theta, cotangents, features=True, seed=None, *, initial=None):
        """Derivatives of sum(cotangents * values) by the parameters and, if wanted, by the features: one forward and one backward pass.

        >>> import numpy as np, qupel as qp
        >>> f = qp.compile(qp.Circuit(1).ry(qp.features(1)[0], 0).ry(qp.parameters(1)[0], 0), "Z0")
        >>> f.vjp([[0.5], [0.7]], [0.1], [[1.0], [1.0]]).parameters.round(4)
        array([-1.282])
        """
        if cotangents is None:
            raise _core.InputError("vjp needs cotangents, samples x observables: what the derivatives of the values are weighted by")
        features = bool(features)
        if initial is not None:
            features = features and self.circuit.features > 0
        return self._own(self._call("vjp", initial, X, theta, cotangents, features, seed), initial)

    def _own(self, found, initial):
        """Without the derivatives by what prepares initial states."""
        values, by_parameters, by_features = found
        return Derivatives(values, by_parameters, by_features if initial is None else by_features[..., : self.circuit.features])

    def jacobian(self, X=None, theta=None, seed=None, *, initial=None):
        """Derivatives of each expectation value of each sample: samples x observables x parameters, and x features.

        >>> import qupel as qp
        >>> f = qp.compile(qp.Circuit(1).ry(qp.features(1)[0], 0), ["Z0", "X0"])
        >>> f.jacobian([[0.5]]).features.round(4)
        array([[[-0.4794],
                [ 0.8776]]])
        """
        return self._own(self._call("jacobian", initial, X, theta, seed), initial)

    def __repr__(self):
        return f"<Program of {self.circuit!r} and {len(self.observables)} observables>"


def _observables(observables, circuit):
    if observables is None:
        return [_core.Observable.from_terms([(1.0, [(q, "Z")])]) for q in range(circuit.qubits)]
    if isinstance(observables, (str, _core.Observable)):
        observables = [observables]
    if not isinstance(observables, Iterable):
        raise _core.InputError(f"observables are texts such as 'Z0 Z1 + 0.5 X2', or Observable, one or a list of them, not {observables!r}")
    made = []
    for each in observables:
        if not isinstance(each, (str, _core.Observable)):
            raise _core.InputError(f"an observable is a text such as 'Z0 Z1 + 0.5 X2' or an Observable, not {each!r}")
        made.append(_core.Observable(each) if isinstance(each, str) else each)
    return made


def _device(device):
    if not isinstance(device, (str, _core.Device, NoneType)):
        raise _core.InputError(f"a device is a name such as 'ibm-torino' (qupel.devices() lists them), a description or a Device, not {device!r}")
    return _core.device(device) if isinstance(device, str) else device


def _mitigation(names):
    if isinstance(names, str):
        return [names]
    made = list(names) if isinstance(names, Iterable) else [] if names is None else [names]
    for each in made:
        _text(each, "a mitigation")
    return made


def _text(value, what):
    """A text; None: none."""
    if value is not None and not isinstance(value, str):
        raise _core.InputError(f"{what} is a text, not {value!r}")
    return value or ""


def _number(value, what):
    if value is None:
        raise _core.InputError(f"{what} must be a whole number, not None")
    return value


def _circuit(circuit, where):
    if not isinstance(circuit, _core.Circuit):
        raise _core.InputError(f"{where} takes a qupel.Circuit, not {type(circuit).__name__}; modules such as qupel.qiskit convert circuits "
                               "of others")
    return circuit


def compile(circuit, observables=None, *, noise="", device=None, shots=0, trajectories=0, mitigation=(), precision="double", threads=None,
            engine="", seed=0, channels=()):
    """Compiles a circuit for many calls.

    observables: texts such as "Z0 Z1 + 0.5 X2", or Observable; None: Z on every qubit.
    noise: rules apart by ";", for example "depolarizing(0.01) after two-qubit; readout(0.02, 0.05)".
    device: a name (see devices()), a description or a Device: circuits are compiled for it and run under its noise.
    shots: of every circuit; 0 or None: exact values. trajectories: pure states to average with noise; 0: exact mixed states.
    mitigation: names such as "zne(1 3 5)" or "readout". precision: "double" or "single".
    threads: None: QUPEL_NUM_THREADS, else OMP_NUM_THREADS, else all cores; changes no bit of a result.
    seed: of shots and trajectories. channels: of the circuit's own places of channels, each a list of its Kraus operators (modules for
    others' tools make such circuits).

    >>> import qupel as qp
    >>> f = qp.compile(qp.Circuit(2).h(0).cx(0, 1), "Z0 Z1", noise="depolarizing(0.15) after two-qubit")
    >>> f().round(4)
    array([[0.84]])
    """
    return Program(_circuit(circuit, "qupel.compile"), _observables(observables, circuit), _text(precision, "a precision"), threads,
                   _text(noise, "noise"), _device(device), trajectories or 0, shots or 0, _mitigation(mitigation), _text(engine, "an engine"),
                   _number(seed, "a seed"), list(channels))


def run(circuit, observables=(), *, shots=0, state=False, noise="", device=None, trajectories=0, precision="double", threads=None,
        engine="", seed=0):
    """Runs one circuit without open slots once, on the engine that the planner picks. It may measure, reset and decide by bits.

    >>> import qupel as qp
    >>> bell = qp.Circuit(2, bits=2).h(0).cx(0, 1).measure(0, 0).measure(1, 1)
    >>> sorted(qp.run(bell, shots=100, seed=1).counts)
    ['00', '11']
    """
    found = _core._run(_circuit(circuit, "qupel.run"), _observables(observables, circuit), bool(state), 0, _text(precision, "a precision"),
                       threads, _text(noise, "noise"), _device(device), trajectories or 0, shots or 0, _text(engine, "an engine"),
                       _number(seed, "a seed"))
    return Result(found["expectations"], found["errors"], found["counts"], found["state"], found["engine"])
