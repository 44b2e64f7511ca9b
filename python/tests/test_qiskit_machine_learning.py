"""The kernel for Qiskit Machine Learning against its own."""

import doctest

import numpy as np
import pytest

pytest.importorskip("qiskit_machine_learning")
from qiskit.circuit.library import zz_feature_map
from qiskit_machine_learning.algorithms import QSVC
from qiskit_machine_learning.kernels import FidelityStatevectorKernel

import qupel.qiskit_machine_learning
from qupel.qiskit_machine_learning import FidelityKernel


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
