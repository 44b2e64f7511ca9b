"""The pytket backend against pytket's own definition of circuits."""

import doctest

import numpy as np
import pytest

pytest.importorskip("pytket")
import sympy
from pytket.circuit import Bit, Circuit, CircBox, OpType, PauliExpBox, Qubit, Unitary2qBox
from pytket.pauli import Pauli, QubitPauliString
from pytket.utils import QubitPauliOperator, get_operator_expectation_value

import qupel as qp
import qupel.pytket
from qupel.pytket import Backend, from_pytket, observable


def test_examples_are_true():
    assert doctest.testmod(qupel.pytket).failed == 0


KINDS = [(OpType.H, 1, 0), (OpType.V, 1, 0), (OpType.SX, 1, 0), (OpType.Rx, 1, 1), (OpType.PhasedX, 1, 2), (OpType.TK1, 1, 3), (OpType.U3, 1, 3),
         (OpType.U1, 1, 1), (OpType.CX, 2, 0), (OpType.CRy, 2, 1), (OpType.CU1, 2, 1), (OpType.XXPhase, 2, 1), (OpType.ZZPhase, 2, 1),
         (OpType.ZZMax, 2, 0), (OpType.ISWAP, 2, 1), (OpType.TK2, 2, 3), (OpType.FSim, 2, 2), (OpType.CSWAP, 3, 0), (OpType.CCX, 3, 0),
         (OpType.SWAP, 2, 0), (OpType.ECR, 2, 0)]


def random_circuit(seed, gates=25, qubits=4):
    rng = np.random.default_rng(seed)
    circuit = Circuit(qubits)
    for _ in range(gates):
        kind, count, angles = KINDS[rng.integers(len(KINDS))]
        circuit.add_gate(kind, rng.uniform(-2, 2, angles).tolist(), [int(q) for q in rng.permutation(qubits)[:count]])
    circuit.add_phase(0.3)
    return circuit


@pytest.mark.parametrize("seed", range(15))
def test_states_are_those_of_pytket(seed):
    circuit = random_circuit(seed)
    np.testing.assert_allclose(Backend().run_circuit(Backend().get_compiled_circuit(circuit, 0)).get_state(), circuit.get_statevector(), atol=1e-9)
    if seed < 3:
        compiled = Backend().get_compiled_circuit(circuit)
        assert Backend().valid_circuit(compiled)
        np.testing.assert_allclose(Backend().run_circuit(compiled).get_state(), circuit.get_statevector(), atol=1e-9)


def test_boxes_and_swaps_of_wires():
    unitary = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    circuit = Circuit(3).H(0).SWAP(0, 2)
    circuit.add_unitary2qbox(Unitary2qBox(unitary), 1, 2).add_pauliexpbox(PauliExpBox([Pauli.X, Pauli.Y], 0.4), [0, 2])
    circuit.add_circbox(CircBox(Circuit(2).CX(0, 1).T(1)), [2, 1])
    circuit.replace_SWAPs()
    for level in (0, 2):
        compiled = Backend().get_compiled_circuit(circuit, level)
        np.testing.assert_allclose(Backend().run_circuit(compiled).get_state(), circuit.get_statevector(), atol=1e-9)


def test_counts_and_shots():
    circuit = Circuit(3, 2).X(0).H(1).CX(1, 2).Measure(0, 1).Measure(2, 0)
    result = Backend(seed=1).run_circuit(circuit, n_shots=2000)
    counts = result.get_counts()
    assert set(counts) == {(0, 1), (1, 1)} and abs(counts[0, 1] - 1000) < 150
    assert result.get_shots().shape == (2000, 2)
    handles = Backend().process_circuits([circuit, circuit], n_shots=[10, 20], seed=4)
    assert len(handles) == 2


def test_circuits_that_decide():
    circuit = Circuit(1, 2).H(0).Measure(0, 0)
    circuit.X(0, condition_bits=[0], condition_value=1).Measure(0, 1)
    counts = Backend(seed=1).run_circuit(circuit, n_shots=1000).get_counts()
    assert set(counts) == {(0, 0), (1, 0)} and abs(counts[0, 0] - 500) < 120
    flipped = Circuit(1, 1).X(0).Reset(0).Measure(0, 0)
    assert set(Backend().run_circuit(flipped, n_shots=10).get_counts()) == {(0,)}


def test_expectation_values():
    circuit = random_circuit(3)
    operator = QubitPauliOperator({QubitPauliString([Qubit(0), Qubit(2)], [Pauli.X, Pauli.Z]): 0.5, QubitPauliString(Qubit(1), Pauli.Y): -2,
                                   QubitPauliString(): 0.25})
    assert get_operator_expectation_value(circuit, operator, Backend()).real == pytest.approx(operator.state_expectation(
        circuit.get_statevector()).real)
    noisy = Backend(noise="depolarizing(0.15) after two-qubit")
    zz = QubitPauliString([Qubit(0), Qubit(1)], [Pauli.Z, Pauli.Z])
    assert noisy.get_pauli_expectation_value(Circuit(2).H(0).CX(0, 1), zz).real == pytest.approx(1 - 0.16)
    assert not noisy.supports_state and Backend().supports_state


def test_symbols_are_parameters():
    a, b = sympy.symbols("a b")
    f = qp.compile(from_pytket(Circuit(1).Rx(2 * b + 0.5, 0).Ry(a / 2, 0)), "Z0")
    circuit = Circuit(1).Rx(2 * 0.3 + 0.5, 0).Ry(0.1 / 2, 0)
    assert f(None, [0.1, 0.3])[0, 0] == pytest.approx(np.diff(abs(circuit.get_statevector()) ** 2)[0] * -1)


@pytest.mark.parametrize("wrong, said", [
    (lambda: from_pytket(Circuit(1).Rx(sympy.Symbol("a") ** 2, 0)), "substitute"),
    (lambda: Backend().run_circuit(Circuit(1, 1).H(0).Measure(0, 0)), "n_shots"),
    (lambda: Backend(noise="depolarizing(0.1) after all").run_circuit(Circuit(1).H(0)), "no state"),
    (lambda: Backend().default_compilation_pass(7), "0, 1 or 2"),
    (lambda: from_pytket("H"), "not str"),
    (lambda: Backend().run_circuit("H", n_shots=3), "not str"),
    (lambda: Backend().run_circuit(Circuit(1).H(0).measure_all(), n_shots=3, seed="x"), "seed must be a whole number"),
    (lambda: observable("Z", [Qubit(0)]), "not str"),
    (lambda: observable(QubitPauliString(Qubit(5), Pauli.Z), [Qubit(0)]), "does not have"),
    (lambda: observable(QubitPauliOperator({QubitPauliString(Qubit(0), Pauli.Z): sympy.Symbol("a")}), [Qubit(0)]), "no number but a"),
])
def test_wrong_input_is_refused(wrong, said):
    with pytest.raises(qp.InputError, match=said):
        wrong()
