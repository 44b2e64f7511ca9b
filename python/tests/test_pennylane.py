"""The PennyLane devices against default.qubit and default.mixed, in every interface that is installed."""

import copy
import pickle

import numpy as np
import pytest

qml = pytest.importorskip("pennylane")
from pennylane import numpy as pnp

from qupel.pennylane import Mixed, Qubit

X = np.random.default_rng(0).normal(size=(5, 3))
W = np.random.default_rng(1).normal(size=(2, 3, 3))
REFERENCES = {Qubit: "default.qubit", Mixed: "default.mixed"}


def layers(x, w):
    qml.AngleEmbedding(x, wires=range(3), rotation="Y")
    qml.StronglyEntanglingLayers(w, wires=range(3))


def both(device, circuit, *arguments, **options):
    return [qml.QNode(circuit, each, **options)(*arguments) for each in (device(wires=3), qml.device(REFERENCES[device], wires=3))]


MEASURED = {
    "expectations": lambda: [qml.expval(qml.Z(0)), qml.expval(qml.X(1) @ qml.Z(2) + 0.5 * qml.Y(0))],
    "a matrix": lambda: qml.expval(qml.Hermitian(np.array([[1, 2j, 0, 1], [-2j, 0, 1, 0], [0, 1, 3, 0], [1, 0, 0, -1]]), [2, 0])),
    "a projector": lambda: qml.expval(qml.Projector([1, 0], [0, 2])),
    "probabilities": lambda: qml.probs(wires=[2, 0]),
    "a variance": lambda: qml.var(qml.Z(0) @ qml.X(1)),
    "a density matrix": lambda: qml.density_matrix([1]),
    "an entropy": lambda: qml.vn_entropy([0]),
}


@pytest.mark.parametrize("device", [Qubit, Mixed])
@pytest.mark.parametrize("measured", MEASURED)
@pytest.mark.parametrize("x", [X, X[0]], ids=["a batch", "one sample"])
def test_values_are_those_of_pennylane(device, measured, x):
    def circuit(x, w):
        layers(x, w)
        return MEASURED[measured]()

    ours, theirs = both(device, circuit, x, W)
    for a, b in zip(np.atleast_1d(ours), np.atleast_1d(theirs)):
        np.testing.assert_allclose(a, b, atol=1e-10)


@pytest.mark.parametrize("device", [Qubit, Mixed])
def test_gradients_are_those_of_pennylane(device):
    def circuit(x, w):
        layers(x, w)
        qml.GlobalPhase(x[..., 0])
        return qml.expval(qml.Z(0)), qml.expval(qml.Hermitian(np.array([[1, 1j], [-1j, 2]]), 1))

    def loss(name):
        node = qml.QNode(circuit, name)
        return lambda x, w: (qml.math.stack(node(x, w)) ** 2).sum()

    x, w = pnp.array(X, requires_grad=True), pnp.array(W, requires_grad=True)
    for a, b in zip(qml.grad(loss(device(wires=3)))(x, w), qml.grad(loss(qml.device("default.qubit", wires=3)))(x, w)):
        np.testing.assert_allclose(a, b, atol=1e-10)
    jacobians = [qml.jacobian(lambda w: qml.math.stack(qml.QNode(circuit, each)(X, w)))(w)
                 for each in (device(wires=3), qml.device("default.qubit", wires=3))]
    np.testing.assert_allclose(*jacobians, atol=1e-10)


def test_jax_jit_of_vmap_of_grad():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)

    def circuit(x, w):
        layers(x, w)
        return qml.expval(qml.Z(0) @ qml.Z(1))

    found = []
    for device in (Qubit(wires=3), qml.device("default.qubit", wires=3)):
        node = qml.QNode(circuit, device, interface="jax")
        found.append([jax.jit(jax.vmap(jax.grad(node, argnums=1), in_axes=(0, None)))(X, W), jax.grad(lambda w: node(X, w).sum())(W),
                      jax.jit(node)(X[0], W)])
    for a, b in zip(*found):
        np.testing.assert_allclose(a, b, atol=1e-10)


def test_torch_layer():
    torch = pytest.importorskip("torch")

    def circuit(inputs, w):
        layers(inputs, w)
        return [qml.expval(qml.Z(q)) for q in range(3)]

    found = []
    for device in (Qubit(wires=3), qml.device("default.qubit", wires=3)):
        layer = qml.qnn.TorchLayer(qml.QNode(circuit, device, interface="torch"), {"w": W.shape}).double()
        layer.w.data = torch.tensor(W)
        x = torch.tensor(X, requires_grad=True)
        (layer(x) ** 2).sum().backward()
        found.append((x.grad, layer.w.grad))
    for a, b in zip(*found):
        torch.testing.assert_close(a, b)


def test_shots_and_measurements_within_a_circuit():
    @qml.set_shots(20_000)
    @qml.qnode(Qubit(wires=3, seed=1))
    def circuit():
        qml.Hadamard(0)
        qml.cond(qml.measure(0), qml.PauliX)(1)
        return qml.expval(qml.Z(0) @ qml.Z(1)), qml.expval(qml.Z(1))

    np.testing.assert_allclose(circuit(), [1, 0], atol=0.03)


def test_a_prepared_state_a_sample():
    states = np.random.default_rng(2).normal(size=(4, 8)) + 1j * np.random.default_rng(3).normal(size=(4, 8))
    states /= np.linalg.norm(states, axis=1, keepdims=True)

    def circuit(states, w):
        qml.StatePrep(states, wires=range(3))
        qml.StronglyEntanglingLayers(w, wires=range(3))
        return qml.expval(qml.Z(0)), qml.probs(wires=[1])

    for a, b in zip(*both(Qubit, circuit, states, W)):
        np.testing.assert_allclose(a, b, atol=1e-10)


def test_noise_is_that_of_the_rules():
    @qml.qnode(Mixed(wires=2, noise="depolarizing(0.15) after two-qubit"))
    def circuit():
        qml.Hadamard(0)
        qml.CNOT([0, 1])
        return qml.expval(qml.Z(0) @ qml.Z(1)), qml.probs(wires=[0, 1])

    value, probabilities = circuit()
    assert value == pytest.approx(1 - 0.16)
    np.testing.assert_allclose(probabilities, [0.46, 0.04, 0.04, 0.46], atol=1e-12)


def test_devices_pickle_and_copy():
    for device in (Qubit(wires=2, seed=3), Mixed(wires=2, noise="depolarizing(0.1) after all")):
        qml.QNode(lambda: qml.expval(qml.Z(0)), device)()
        for again in (pickle.loads(pickle.dumps(device)), copy.deepcopy(device)):
            assert qml.QNode(lambda: qml.expval(qml.Z(0)), again)() == pytest.approx(1)


def test_what_cannot_be_is_refused():
    with pytest.raises(Exception, match="up to 6"):
        qml.QNode(lambda: qml.probs(wires=range(7)), Mixed(wires=7))()
    with pytest.raises(Exception, match="mcm_method"):
        qml.QNode(lambda: qml.expval(qml.Z(0)), Qubit(wires=1), mcm_method="tree-traversal")()
