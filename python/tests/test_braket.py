"""Braket's LocalSimulator("qupel") against its own, and OpenFermion's operators."""

import doctest
import os

import numpy as np
import pytest

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")


def test_braket():
    circuits = pytest.importorskip("braket.circuits")
    from braket.circuits import Observable as O
    from braket.devices import LocalSimulator
    from braket.parametric import FreeParameter

    ours, theirs = LocalSimulator("qupel"), LocalSimulator("braket_sv")
    a = FreeParameter("a")
    circuit = circuits.Circuit().h(0).cnot(0, 1).rx(1, a).xx(0, 2, 0.3).v(2).cphaseshift(1, 2, 0.4).gpi(0, 0.2)
    circuit.expectation(O.Z() @ O.Y(), [0, 1]).probability([1, 2]).state_vector()
    mine, other = (each.run(circuit, shots=0, inputs={"a": 0.7}).result() for each in (ours, theirs))
    for x, y in zip(mine.values, other.values):
        np.testing.assert_allclose(x, y, atol=1e-10)
    counts = ours.run(circuits.Circuit().h(0).cnot(0, 1), shots=1000).result().measurement_counts
    assert set(counts) == {"00", "11"}
    assert len(ours.run_batch([circuits.Circuit().h(0)] * 3, shots=10).results()) == 3


def test_openfermion():
    pytest.importorskip("openfermion")
    import sympy
    from openfermion import FermionOperator, QubitOperator, get_sparse_operator, jordan_wigner

    import qupel as qp
    import qupel.openfermion

    assert doctest.testmod(qupel.openfermion).failed == 0
    operator = FermionOperator("0^ 1", 0.5) + FermionOperator("1^ 0", 0.5) + FermionOperator("2^ 2", 2.0)
    f = qp.compile(qp.Circuit(3).x(0).rx(0.3, 1).ry(0.4, 2).cx(0, 1), qupel.openfermion.observable(operator))
    state = f.states()[0].reshape(2, 2, 2).transpose(2, 1, 0).ravel()  # OpenFermion's qubit 0 is the highest bit
    expected = np.vdot(state, get_sparse_operator(jordan_wigner(operator), 3) @ state).real
    assert f()[0, 0] == pytest.approx(expected)
    for wrong, said in ((QubitOperator("X0", 1j), "not Hermitian"), (QubitOperator("X0", sympy.Symbol("a")), "no number but a"), ("X0", "str is no")):
        with pytest.raises(qp.InputError, match=said):
            qupel.openfermion.observable(wrong)
