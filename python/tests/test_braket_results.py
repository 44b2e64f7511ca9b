"""What Braket's SDK expects of a local simulator: every result type, exactly and with shots, of circuits and of OpenQASM programs.

The same subjects as the SDK's own tests of its simulator (which its package does not hold), against dense matrices.
"""

import concurrent.futures
import os

import numpy as np
import pytest

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
pytest.importorskip("braket.circuits")
from braket.circuits import Circuit, Observable, ResultType
from braket.circuits.serialization import IRType
from braket.devices import LocalSimulator

DEVICE = LocalSimulator("qupel")
SHOTS = 8000
EXACT_AND_SHOTS = pytest.mark.parametrize("shots", [0, SHOTS])
LETTERS = {"I": np.eye(2), "X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]]), "Z": np.diag([1, -1]),
           "H": np.array([[1, 1], [1, -1]]) / np.sqrt(2)}
TWO = np.array([[2, 1 - 1j], [1 + 1j, -1]])
FOUR = np.array([[3, 1j, 0, 2], [-1j, -2, 1, 0], [0, 1, 0.5, 1 + 1j], [2, 0, 1 - 1j, -1]])
ANGLES = 0.7, -0.3, 1.1


def results(circuit, shots):
    """Of the circuit, and of the program in OpenQASM that it is."""
    return [DEVICE.run(task, shots=shots).result() for task in (circuit, circuit.to_ir(ir_type=IRType.OPENQASM))]


def bell():
    return Circuit().h(0).cnot(0, 1)


def chain():
    a, b, c = ANGLES
    return Circuit().rx(0, a).ry(1, b).rx(2, c).cnot(0, 1).cnot(1, 2)


def chain_state():
    def turn(letter, angle):
        return np.cos(angle / 2) * np.eye(2) - 1j * np.sin(angle / 2) * LETTERS[letter]

    a, b, c = ANGLES
    cnot = np.eye(4)[[0, 1, 3, 2]]
    start = np.kron(np.kron(turn("X", a), turn("Y", b)), turn("X", c))[:, 0]
    return np.kron(np.eye(2), cnot) @ np.kron(cnot, np.eye(2)) @ start


def close(a, b, shots, scale=1.0):
    np.testing.assert_allclose(a, b, atol=6 * scale / np.sqrt(shots) if shots else 1e-8)


#: Observables on some of the three qubits, and the matrices of their factors.
OBSERVABLES = {
    "X Y": (lambda: Observable.X() @ Observable.Y(), [0, 2], ["X", "Y"]),
    "Z Z": (lambda: Observable.Z() @ Observable.Z(), [0, 2], ["Z", "Z"]),
    "Z H Y": (lambda: Observable.Z() @ Observable.H() @ Observable.Y(), [0, 1, 2], ["Z", "H", "Y"]),
    "Z matrix": (lambda: Observable.Z() @ Observable.Hermitian(FOUR), [0, 1, 2], ["Z", FOUR]),
    "matrix matrix": (lambda: Observable.Hermitian(TWO) @ Observable.Hermitian(FOUR), [0, 1, 2], [TWO, FOUR]),
    "Y matrix": (lambda: Observable.Y() @ Observable.Hermitian(FOUR), [0, 1, 2], ["Y", FOUR]),
    "matrix": (lambda: Observable.Hermitian(TWO), [1], [TWO]),
}


def dense(targets, factors):
    matrix = np.eye(1)
    for factor in factors:
        matrix = np.kron(matrix, LETTERS[factor] if isinstance(factor, str) else factor)
    order = [*targets, *(q for q in range(3) if q not in targets)]
    matrix = np.kron(matrix, np.eye(2 ** (3 - len(targets)))).reshape([2] * 6)
    places = [order.index(q) for q in range(3)]
    return matrix.transpose([*places, *(3 + p for p in places)]).reshape(8, 8)


@EXACT_AND_SHOTS
@pytest.mark.parametrize("name", OBSERVABLES)
def test_expectation_variance_and_sample(name, shots):
    make, targets, factors = OBSERVABLES[name]
    circuit = chain().expectation(make(), targets).variance(make(), targets)
    if shots:
        circuit.sample(make(), targets)
    matrix, state = dense(targets, factors), chain_state()
    mean = np.vdot(state, matrix @ state).real
    variance = np.vdot(state, matrix @ matrix @ state).real - mean**2
    eigenvalues = np.linalg.eigvalsh(matrix)
    width = eigenvalues[-1] - eigenvalues[0]
    for found in results(circuit, shots):
        close(found.values[0], mean, shots, np.sqrt(variance) + 0.01)
        close(found.values[1], variance, shots, width**2 / 4)
        if shots:
            assert len(found.values[2]) == shots
            assert all(min(abs(eigenvalues - each)) < 1e-6 for each in set(found.values[2]))
            close(np.mean(found.values[2]), mean, shots, np.sqrt(variance) + 0.01)


@EXACT_AND_SHOTS
def test_an_observable_of_every_qubit(shots):
    circuit = Circuit().rx(0, 0.6).rx(1, 0.6).expectation(Observable.Hermitian(TWO)).variance(Observable.Hermitian(TWO), 0)
    state = np.array([np.cos(0.3), -1j * np.sin(0.3)])
    mean = np.vdot(state, TWO @ state).real
    for found in results(circuit, shots):
        close(found.values[0], [mean, mean], shots, 3)
        close(found.values[1], np.vdot(state, TWO @ TWO @ state).real - mean**2, shots, 3)


@EXACT_AND_SHOTS
def test_observables_of_qubits_without_gates(shots):
    circuit = bell().expectation(Observable.X(), 2).variance(Observable.Y(), 3)
    for found in results(circuit, shots):
        close(found.values[0], 0, shots)
        close(found.values[1], 1, shots)


@EXACT_AND_SHOTS
@pytest.mark.parametrize("target, expected", [(None, [0.5, 0, 0, 0.5]), (0, [0.5, 0.5]), ([1, 0], [0.5, 0, 0, 0.5])])
def test_probabilities(target, expected, shots):
    for found in results(bell().probability(target), shots):
        assert len(found.result_types) == 1
        close(found.get_value_by_result_type(ResultType.Probability(target)), expected, shots)


def test_states_and_amplitudes():
    circuit = chain().state_vector().amplitude(["000", "110"]).density_matrix([0, 1, 2])
    state = chain_state()
    for found in results(circuit, 0):
        np.testing.assert_allclose(found.values[0], state, atol=1e-10)
        assert found.values[1]["000"] == pytest.approx(state[0]) and found.values[1]["110"] == pytest.approx(state[6])
        np.testing.assert_allclose(found.values[2], np.outer(state, state.conj()), atol=1e-10)


def test_without_result_types_there_are_measurements():
    for found in results(bell(), SHOTS):
        assert found.measurements.shape == (SHOTS, 2) and set(found.measurement_counts) == {"00", "11"}
        close(found.measurement_probabilities["00"], 0.5, SHOTS)


@pytest.mark.parametrize("ones", [(0, 1), (2,), (1,)])
def test_the_first_qubit_comes_first(ones):
    circuit = Circuit()
    for qubit in range(3):
        circuit.x(qubit) if qubit in ones else circuit.i(qubit)
    text = "".join("1" if qubit in ones else "0" for qubit in range(3))
    for found in results(circuit, 100):
        assert dict(found.measurement_counts) == {text: 100}


def test_several_threads_and_batches():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(lambda: DEVICE.run(bell(), shots=SHOTS).result()) for _ in range(6)]
        found = [each.result() for each in futures]
    found += DEVICE.run_batch([bell(), chain(), bell()], shots=SHOTS).results()[::2]
    for each in found:
        close(each.measurement_probabilities["11"], 0.5, SHOTS)


@pytest.mark.parametrize("wrong", [lambda: DEVICE.run(bell().state_vector(), shots=10), lambda: DEVICE.run(bell().amplitude(["00"]), shots=10),
                                   lambda: DEVICE.run(bell(), shots=-1), lambda: DEVICE.run(bell().sample(Observable.Z(), 0), shots=0)])
def test_what_braket_refuses_is_refused(wrong):
    with pytest.raises((ValueError, TypeError)):
        wrong().result()
