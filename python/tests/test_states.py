"""Initial states, one for all samples or one each, and unitaries of any width."""

import pickle

import numpy as np
import pytest

import qupel as qp
from test_core import THETA, X, program


def random_states(rows, qubits, seed=8):
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(rows, 2**qubits)) + 1j * rng.normal(size=(rows, 2**qubits))
    states[0, 1:3] = 0  # also amplitudes of 0
    return states / np.linalg.norm(states, axis=1, keepdims=True)


def test_samples_begin_in_states_of_their_own():
    f = program()
    initial = random_states(7, 3)
    basis = np.stack([f.states(X, THETA, initial=row) for row in np.eye(8)], axis=1)  # samples x basis states x amplitudes
    np.testing.assert_allclose(f.states(X, THETA, initial=initial), np.einsum("sb,sba->sa", initial, basis), atol=1e-12)
    np.testing.assert_allclose(f.states(X, THETA, initial=np.eye(8)[0]), f.states(X, THETA), atol=1e-12)
    values = f(X, THETA, initial=initial)
    found = f.jacobian(X, THETA, initial=initial)
    step = 1e-5
    by_features = [(f(X + d, THETA, initial=initial) - f(X - d, THETA, initial=initial)) / (2 * step) for d in step * np.eye(3)]
    np.testing.assert_allclose(found.values, values, atol=1e-12)
    np.testing.assert_allclose(found.features, np.stack(by_features, axis=-1), atol=1e-8)
    vjp = f.vjp(X, THETA, np.ones((7, 2)), initial=initial)
    np.testing.assert_allclose(vjp.features, found.features.sum(axis=1), atol=1e-10)
    np.testing.assert_allclose(vjp.parameters, found.parameters.sum(axis=(0, 1)), atol=1e-10)
    assert set(qp.compile(qp.Circuit(2).x(0)).counts(shots=10, initial=[0, 0, 1, 0])[0]) == {"11"}
    for start in (np.eye(8)[0], np.zeros((0, 8))):
        assert f(np.zeros((0, 3)), THETA, initial=start).shape == (0, 2)
    for given, words in ((np.zeros((2, 3, 1)), "X has 3 dimensions"), (0.5, "X has 0 dimensions"), (np.zeros((2, 2)), "X has 2 columns")):
        for start in (None, np.eye(8)[0]):
            with pytest.raises(qp.InputError, match=words):
                f(given, THETA, initial=start)
    np.testing.assert_allclose(pickle.loads(pickle.dumps(f))(X, THETA, initial=initial), values, atol=1e-12)


@pytest.mark.parametrize("qubits", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("kind", ["random", "permutation", "diagonal", "identity", "real"])
def test_unitaries_of_any_width(qubits, kind):
    rng, size = np.random.default_rng(qubits), 2**qubits
    unitary = {"random": lambda: np.linalg.qr(rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size)))[0],
               "permutation": lambda: np.eye(size)[rng.permutation(size)], "diagonal": lambda: np.diag(np.exp(1j * rng.normal(size=size))),
               "identity": lambda: np.eye(size), "real": lambda: np.linalg.qr(rng.normal(size=(size, size)))[0]}[kind]()
    on = [int(q) for q in rng.permutation(qubits)]
    f = qp.compile(qp.Circuit(qubits).unitary(unitary, on))
    order = [sum((index >> k & 1) << q for k, q in enumerate(on)) for index in range(size)]
    initial = random_states(1, qubits)[0] if qubits > 1 else np.array([0.6, 0.8j])
    expected = np.empty(size, complex)
    expected[order] = unitary @ initial[order]
    assert abs(np.vdot(f.states(initial=initial)[0], expected)) == pytest.approx(1)
    assert qubits > 3 or f.circuit.cost()["two_qubit"] + f.circuit.cost()["larger"] < 200


@pytest.mark.parametrize("wrong, said", [
    (lambda: program()(X, THETA, initial=np.eye(8)[:3]), "3 initial states for 7 samples"),
    (lambda: program()(X, THETA, initial=np.ones(8)), "norm 2.82843"),
    (lambda: program()(X, THETA, initial=np.full(8, np.nan)), "norm nan"),
    (lambda: program()(X, THETA, initial=[1, 0]), "8 columns"),
    (lambda: program()(X, THETA, initial=["a"] * 8), "no numbers"),
    (lambda: program(noise="depolarizing(0.1) after all")(X, THETA, initial=np.eye(8)[0]), "without noise"),
    (lambda: program().expectations(X[:, :2], THETA, initial=np.eye(8)[0]), "X has 2 columns"),
    (lambda: qp.Circuit(3).unitary(np.ones((8, 8)), [0, 1, 2]), "not unitary"),
    (lambda: qp.Circuit(3).unitary(np.eye(8), [0, 1]), "4"),
    (lambda: qp.Circuit(3).unitary(np.eye(8), [0, 1, 1]), "twice"),
    (lambda: qp.Circuit(3).unitary(np.eye(8), [0, 1, 3]), "qubits 0 to 2"),
])
def test_wrong_states_and_unitaries_are_refused(wrong, said):
    with pytest.raises(qp.InputError) as error:
        wrong()
    assert said in str(error.value)
