"""Qiskit Machine Learning: an exact fidelity kernel, and a neural network with adjoint gradients.

>>> import numpy as np
>>> from qiskit.circuit.library import zz_feature_map
>>> from qupel.qiskit_machine_learning import FidelityKernel
>>> FidelityKernel(zz_feature_map(2)).evaluate(np.zeros((2, 2))).round(6)
array([[1., 1.],
       [1., 1.]])
"""

from collections.abc import Iterable

import numpy as np

from . import _program
from ._core import InputError
from ._extras import needs

try:
    from qiskit_machine_learning.kernels import BaseKernel
    from qiskit_machine_learning.neural_networks import NeuralNetwork
except ModuleNotFoundError as failure:
    raise needs("qiskit-machine-learning", failure) from failure

from .qiskit import Converted, observable


class FidelityKernel(BaseKernel):
    """|<x|y>|^2 of the states of a feature map; rows become states once. Other arguments are those of qupel.compile (noise=, device=)."""

    def __init__(self, feature_map, *, enforce_psd=True, threads=1, **options):
        super().__init__(feature_map=feature_map, enforce_psd=enforce_psd)
        self._converted = Converted(self._feature_map)
        self._program = _program.compile(self._converted.of_gates(), (), threads=threads, **options)

    def evaluate(self, x_vec, y_vec=None):
        x_vec, y_vec = self._validate_input(x_vec, y_vec)
        ours = None if y_vec is None else self._converted.features(y_vec)
        kernel = self._program.kernel(self._converted.features(x_vec), ours)
        return self._make_psd(kernel) if y_vec is None and self._enforce_psd else np.asarray(kernel)


class EstimatorNetwork(NeuralNetwork):
    """Expectation values of a circuit as a neural network, in place of EstimatorQNN: gradients are adjoint, not by shifted circuits.

    observables: operators of Qiskit or labels; input_params and weight_params: the circuit's parameters by what they are. Other arguments
    are those of qupel.compile (noise=, device=, shots=).
    """

    def __init__(self, circuit, observables, input_params, weight_params, *, input_gradients=False, threads=1, **options):
        if isinstance(observables, str) or not isinstance(observables, Iterable):
            raise InputError(f"a list of observables is expected, operators of Qiskit or labels, not {observables!r}")
        self._converted = Converted(circuit)
        self._program = _program.compile(self._converted.of_gates(), [observable(each) for each in observables], threads=threads, **options)
        given = [*input_params, *weight_params]
        missing = [parameter.name for parameter in self._converted.parameters if parameter not in given]
        if missing:
            raise InputError(f"the circuit's parameters {', '.join(missing)} are neither among input_params nor among weight_params")
        self._order = [given.index(parameter) for parameter in self._converted.parameters]
        # d angle / d parameter, where it is not 0: the angle, the parameter as it was given, and the derivative.
        self._chain = [(k, given.index(p), e.gradient(p)) for k, e in enumerate(self._converted.expressions) for p in e.parameters]
        self._derivatives = self._converted.function_of([derivative for _, _, derivative in self._chain])
        super().__init__(len(input_params), len(weight_params), sparse=False, output_shape=(len(observables),), input_gradients=input_gradients)

    def _values(self, input_data, weights):
        """A row a sample, with the parameters in the order of the circuit."""
        rows = np.zeros((1, 0)) if input_data is None else np.atleast_2d(input_data)
        given = np.hstack([rows, np.tile(np.asarray([] if weights is None else weights, float), (len(rows), 1))])
        return given[:, self._order]

    def _forward(self, input_data, weights):
        return self._program.expectations(self._converted.features(self._values(input_data, weights)))

    def _backward(self, input_data, weights):
        values = self._values(input_data, weights)
        by_angle = self._program.jacobian(self._converted.features(values)).features
        found = np.zeros((*by_angle.shape[:2], self._num_inputs + self._num_weights))
        for (angle, parameter, _), derivative in zip(self._chain, self._derivatives(values.T)):
            found[:, :, parameter] += by_angle[:, :, angle] * np.reshape(np.asarray(derivative, complex).real, (-1, 1))
        by_inputs = found[:, :, : self._num_inputs] if self._input_gradients and self._num_inputs else None
        return by_inputs, found[:, :, self._num_inputs :] if self._num_weights else None
