"""The kernel and the network for Qiskit Machine Learning against its own."""

import doctest
import pickle

import numpy as np
import pytest

pytest.importorskip("qiskit_machine_learning")
from qiskit.circuit.library import real_amplitudes, zz_feature_map
from qiskit_machine_learning.algorithms import QSVC
from qiskit_machine_learning.kernels import FidelityStatevectorKernel

import qupel as qp
import qupel.qiskit_machine_learning
from qupel.qiskit_machine_learning import EstimatorNetwork, FidelityKernel


def test_examples_are_true():
    assert doctest.testmod(qupel.qiskit_machine_learning).failed == 0


def test_kernels_are_those_of_qiskit_machine_learning():
    rows = np.random.default_rng(0).uniform(0, 3, (12, 4))
    ours, theirs = (each(feature_map=zz_feature_map(4, reps=2)) for each in (FidelityKernel, FidelityStatevectorKernel))
    np.testing.assert_allclose(ours.evaluate(rows), theirs.evaluate(rows), atol=1e-10)
    np.testing.assert_allclose(ours.evaluate(rows[:3], rows), theirs.evaluate(rows[:3], rows), atol=1e-10)


def test_a_support_vector_machine():
    rows = np.random.default_rng(1).uniform(-1, 1, (60, 2))
    labels = (rows[:, 0] > 0).astype(int)
    machine = QSVC(quantum_kernel=FidelityKernel(zz_feature_map(2, reps=1))).fit(rows, labels)
    assert machine.score(rows, labels) > 0.8


def test_the_network_is_estimator_qnn():
    from qiskit.primitives import StatevectorEstimator
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_machine_learning.gradients import ParamShiftEstimatorGradient
    from qiskit_machine_learning.neural_networks import EstimatorQNN

    encoding, ansatz = zz_feature_map(3, reps=1), real_amplitudes(3, reps=1)
    circuit = encoding.compose(ansatz)
    observables = [SparsePauliOp("ZII"), SparsePauliOp(["IXY", "ZZI"], [0.5, 2])]
    estimator = StatevectorEstimator()
    theirs = EstimatorQNN(circuit=circuit, observables=observables, input_params=encoding.parameters, weight_params=ansatz.parameters,
                          input_gradients=True, estimator=estimator, gradient=ParamShiftEstimatorGradient(estimator), default_precision=0.0)
    ours = EstimatorNetwork(circuit, observables, encoding.parameters, ansatz.parameters, input_gradients=True)
    rng = np.random.default_rng(2)
    rows, weights = rng.normal(size=(4, 3)), rng.normal(size=ansatz.num_parameters)
    np.testing.assert_allclose(ours.forward(rows, weights), theirs.forward(rows, weights), atol=1e-9)
    for a, b in zip(ours.backward(rows, weights), theirs.backward(rows, weights)):
        np.testing.assert_allclose(a, b, atol=1e-9)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(ours)).forward(rows, weights), ours.forward(rows, weights))


def test_a_kernel_pickles():
    rows, kernel = np.random.default_rng(0).uniform(0, 3, (5, 2)), FidelityKernel(zz_feature_map(2))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(kernel)).evaluate(rows), kernel.evaluate(rows))


@pytest.mark.parametrize("wrong, said", [(lambda c: EstimatorNetwork(c, "ZZ", c.parameters[:1], []), "list of observables"),
                                         (lambda c: EstimatorNetwork(c, ["ZZ"], c.parameters[:1], []), "theta|neither"),
                                         (lambda c: EstimatorNetwork(c, ["ZZ"], [], c.parameters).forward(None, [np.nan] * 4), "finite")])
def test_wrong_networks_are_refused(wrong, said):
    with pytest.raises(qp.InputError, match=said):
        wrong(real_amplitudes(2, reps=1))
