"""Cirq, Mitiq: sweeps against Cirq's own simulator."""

import doctest
import pickle

import numpy as np
import pytest

cirq = pytest.importorskip("cirq")
import sympy

import qupel as qp
from qupel.cirq import Converted, Simulator, observable


@pytest.mark.parametrize("seed", range(20))
def test_random_circuits(seed):
    circuit = cirq.testing.random_circuit(4, 12, 0.7, random_state=seed)
    order = cirq.QubitOrder.DEFAULT.order_for(circuit.all_qubits())
    pauli = cirq.PauliSum.from_pauli_strings([cirq.Z(order[0]), 0.5 * cirq.X(order[-1]) * cirq.Y(order[1])])
    ours = qp.compile(Converted(circuit, order).circuit, observable(pauli, order))()[0, 0]
    theirs = cirq.Simulator(dtype=np.complex128).simulate_expectation_values(circuit, [pauli])[0]
    assert ours == pytest.approx(theirs.real, abs=1e-10)


def test_sweeps():
    q = cirq.LineQubit.range(3)
    a, b = sympy.symbols("a b")
    circuit = cirq.Circuit(cirq.rx(a)(q[0]), cirq.CNOT(q[0], q[1]), cirq.ZZ(q[1], q[2]) ** (a * b), cirq.ry(2 * b + 1)(q[2]), cirq.ISWAP(q[0], q[2]))
    sweep = cirq.Linspace("a", 0, 1, 4) * cirq.Linspace("b", -1, 1, 3)
    wanted = [cirq.Z(q[0]), cirq.X(q[1]) * cirq.Y(q[2])]
    ours, theirs = (np.array(each.simulate_expectation_values_sweep(circuit, wanted, sweep))
                    for each in (Simulator(), cirq.Simulator(dtype=np.complex128)))
    np.testing.assert_allclose(ours, theirs, atol=1e-10)
    measured = circuit + cirq.measure(*q, key="m", invert_mask=(True,))
    counts = [each.run_sweep(measured, sweep, 4000)[5].histogram(key="m") for each in (Simulator(seed=1), cirq.Simulator(seed=1))]
    for k in range(8):
        assert abs(counts[0][k] - counts[1][k]) < 250


def test_what_qupel_lacks_cirq_does():
    q = cirq.LineQubit(0)
    circuit = cirq.Circuit(cirq.H(q), cirq.measure(q, key="a"), cirq.X(q).with_classical_controls("a"), cirq.measure(q, key="b"))
    result = Simulator(seed=2).run(circuit, repetitions=100)
    assert set(result.histogram(key="b")) == {0} and len(result.histogram(key="a")) == 2
    noisy = Simulator(noise=cirq.depolarize(0.5), seed=2).run(cirq.Circuit(cirq.X(q), cirq.measure(q, key="m")), repetitions=200)
    assert len(noisy.histogram(key="m")) == 2
    with pytest.raises(ValueError):
        Simulator().simulate_expectation_values_sweep(cirq.Circuit(cirq.rx(sympy.Symbol("a"))(q)), [cirq.Z(q)], None)


CHANNELS = [cirq.depolarize(0.2), cirq.amplitude_damp(0.3), cirq.phase_damp(0.4), cirq.bit_flip(0.1), cirq.depolarize(0.2, n_qubits=2)]


@pytest.mark.parametrize("channel", CHANNELS)
def test_channels_in_circuits(channel):
    q, a = cirq.LineQubit.range(3), sympy.Symbol("a")
    circuit = cirq.Circuit(cirq.ry(a)(q[0]), cirq.CNOT(q[0], q[1]), channel(*q[: cirq.num_qubits(channel)]), cirq.rx(0.4)(q[1]), cirq.CZ(q[1], q[2]))
    pauli = cirq.Z(q[0]) * cirq.Y(q[1]) + 0.5 * cirq.X(q[0])
    density = cirq.DensityMatrixSimulator(dtype=np.complex128).simulate(circuit, {"a": 0.7}, qubit_order=q).final_density_matrix
    expected = pauli.expectation_from_density_matrix(density, {each: k for k, each in enumerate(q)}).real
    assert Simulator().simulate_expectation_values(circuit, [pauli], {"a": 0.7})[0] == pytest.approx(expected, abs=1e-6)


def test_noise_models():
    q = cirq.LineQubit.range(2)
    circuit = cirq.Circuit(cirq.X(q[0]), cirq.CNOT(*q), cirq.measure(*q, key="m"))
    noise = cirq.ConstantQubitNoiseModel(cirq.depolarize(0.1))
    counts = [each.run(circuit, repetitions=20_000).histogram(key="m") for each in
              (Simulator(noise=noise, seed=1), cirq.Simulator(noise=noise, seed=2))]
    for k in range(4):
        assert abs(counts[0][k] - counts[1][k]) < 500


def test_mitiq():
    pytest.importorskip("mitiq")
    import qupel.mitiq

    assert doctest.testmod(qupel.mitiq).failed == 0


def test_what_mitiq_hands_over():
    pytest.importorskip("mitiq")
    from qupel.mitiq import executor

    q = cirq.LineQubit(0)
    kept = pickle.loads(pickle.dumps(executor(cirq.Z(q), noise="depolarizing(0.15) after all")))
    assert kept.evaluate([cirq.Circuit(cirq.X(q)), cirq.Circuit(cirq.X(q), cirq.X(q))]) == pytest.approx([-0.8, 0.64])
    for wrong, said in ((lambda: executor("Z"), "PauliString or a PauliSum"), (lambda: executor(cirq.Z(q)).evaluate(["X"]), "circuits of Cirq, not str"),
                        (lambda: executor(cirq.Z(q)).evaluate([cirq.Circuit(cirq.rx(sympy.Symbol("a"))(q))]), "symbols without values: a")):
        with pytest.raises(qp.InputError, match=said):
            wrong()


def test_qubits_that_the_circuit_lacks():
    q = cirq.LineQubit.range(2)
    with pytest.raises(qp.InputError, match="which the circuit does not have"):
        Simulator().simulate_expectation_values(cirq.Circuit(cirq.X(q[0])), [cirq.Z(q[1])])
