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


@pytest.mark.parametrize("device", [Qubit, Mixed])
@pytest.mark.parametrize("x", [X, X[0]], ids=["a batch", "one sample"])
def test_weights_of_observables_are_trained(device, x):
    def circuit(c, x, w):
        layers(x, w)
        weighted, squared = qml.dot(c, [qml.Z(0), qml.X(1) @ qml.Y(0)]), qml.Hamiltonian(c**2, [qml.Z(1), qml.Z(2)])
        return qml.expval(weighted), qml.expval(squared), qml.expval(qml.Y(2))

    c, w = pnp.array([0.5, -0.7], requires_grad=True), pnp.array(W, requires_grad=True)
    found = [qml.jacobian(lambda c, w: qml.math.stack(qml.QNode(circuit, each)(c, x, w)))(c, w)
             for each in (device(wires=3), qml.device("default.qubit", wires=3))]
    for a, b in zip(*found):
        np.testing.assert_allclose(a, b, atol=1e-10)


def test_a_trained_matrix_is_refused_unless_it_is_constant():
    @qml.qnode(Qubit(wires=1))
    def circuit(c, w):
        qml.RX(w, 0)
        return qml.expval(qml.Hermitian(c * np.array([[0, 1j], [-1j, 1]]), 0))

    c, w = pnp.array(2.0), pnp.array(0.3)
    with pytest.raises(qml.exceptions.DeviceError, match="matrix of an observable"):
        qml.grad(circuit)(c, w)
    assert qml.grad(circuit, argnums=1)(c, w) == pytest.approx(2 * np.cos(0.3) + np.sin(0.3))


def test_jacobians_by_numbers_of_each_sample_are_matrices():
    tape = qml.tape.QuantumScript([qml.RX(np.array([0.1, 0.2]), 0), qml.RY(0.4, 0)], [qml.expval(qml.Z(0))])
    by_samples, by_all = Qubit(wires=1).compute_derivatives(tape)
    np.testing.assert_allclose(by_samples, np.diag(-np.sin([0.1, 0.2]) * np.cos(0.4)), atol=1e-12)
    np.testing.assert_allclose(by_all, -np.cos([0.1, 0.2]) * np.sin(0.4), atol=1e-12)


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


@pytest.mark.parametrize("measured", [qml.state, qml.probs])
@pytest.mark.parametrize("operation", [lambda x: qml.pow(qml.SX(2), 0.3), lambda x: qml.pow(qml.CNOT([2, 0]), 0.4),
                                       lambda x: qml.ctrl(qml.pow(qml.Hadamard(1), 0.7), 0), lambda x: qml.exp(qml.X(0) @ qml.Z(2), 0.3j * x)])
def test_operations_that_are_known_by_their_matrix(measured, operation):
    def circuit(x):
        qml.BasicEntanglerLayers(np.ones((1, 3)), wires=range(3))
        operation(x)
        return measured()

    ours, theirs = both(Qubit, circuit, 0.4)
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


def test_shadows():
    def circuit():
        qml.RY(0.4, 0)
        return qml.shadow_expval(qml.Z(0)), qml.classical_shadow(wires=[0])

    estimate, shadow = qml.set_shots(qml.QNode(circuit, Qubit(wires=1, seed=4)), 20000)()
    assert abs(estimate - np.cos(0.4)) < 0.06 and shadow.shape == (2, 20000, 1)


def test_what_a_device_does_not_know_is_no_argument():
    for wrong in ({"noise": "depolarizing(0.1) after all"}, {"sede": 3}):
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            qml.device("qupel.qubit", wires=1, **wrong)


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


CHANNELS = [lambda: qml.AmplitudeDamping(0.2, 0), lambda: qml.PhaseDamping(0.3, 1), lambda: qml.DepolarizingChannel(0.1, 2), lambda: qml.BitFlip(0.2, 0),
            lambda: qml.GeneralizedAmplitudeDamping(0.2, 0.3, 1), lambda: qml.PauliError("XY", 0.2, [0, 2]), lambda: qml.ResetError(0.1, 0.2, 0),
            lambda: qml.ThermalRelaxationError(0.1, 1.0, 0.9, 0.5, 1), lambda: qml.PhaseFlip(0.4, 0),
            lambda: qml.QubitChannel([np.sqrt(0.7) * np.eye(4), np.sqrt(0.3) * np.kron([[0, 1], [1, 0]], [[1, 0], [0, -1]])], [1, 2])]


def noisy_layers(x, w):
    layers(x, w)
    for channel in CHANNELS:
        channel()
        qml.CNOT([0, 1])
        qml.RY(0.4, 2)


@pytest.mark.parametrize("measured", ["expectations", "a matrix", "probabilities", "a density matrix"])
@pytest.mark.parametrize("x", [X, X[0]], ids=["a batch", "one sample"])
def test_channels_of_pennylane(measured, x):
    def circuit(x, w):
        noisy_layers(x, w)
        return MEASURED[measured]()

    ours, theirs = both(Mixed, circuit, x, W)
    for a, b in zip(np.atleast_1d(ours), np.atleast_1d(theirs)):
        np.testing.assert_allclose(a, b, atol=1e-10)


def test_gradients_beside_channels():
    def circuit(w):
        noisy_layers(X[0], w)
        return qml.expval(qml.Z(0) @ qml.X(2))

    a, b = (qml.grad(qml.QNode(circuit, device))(pnp.array(W, requires_grad=True)) for device in (Mixed(wires=3), qml.device("default.mixed", wires=3)))
    np.testing.assert_allclose(a, b, atol=1e-8)


def test_the_strength_of_a_channel_has_no_derivative_here():
    @qml.qnode(Mixed(wires=1))
    def circuit(p):
        qml.BitFlip(p, 0)
        return qml.expval(qml.Z(0))

    with pytest.raises(Exception, match="finite-diff|adjoint"):
        qml.grad(circuit)(pnp.array(0.1, requires_grad=True))
    with pytest.raises(Exception, match="BitFlip"):
        qml.QNode(circuit.func, Qubit(wires=1))(0.1)


@pytest.mark.parametrize("device", [Qubit, Mixed])
@pytest.mark.parametrize("batched", [True, False])
def test_prepared_states(device, batched):
    rng = np.random.default_rng(3)
    states = rng.normal(size=(5, 4)) + 1j * rng.normal(size=(5, 4))
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    given = states if batched else states[0]

    def circuit(given, w):
        qml.StatePrep(given, wires=[2, 0])
        qml.StronglyEntanglingLayers(w, wires=range(3))
        return qml.expval(qml.Z(0)), qml.expval(qml.X(1) @ qml.Z(2)), qml.probs(wires=[2, 1])

    for a, b in zip(*both(device, circuit, given, W)):
        np.testing.assert_allclose(a, b, atol=1e-10)
    state = [qml.QNode(lambda: (qml.StatePrep(given, wires=[2, 0]), qml.state())[1], each)() for each in
             (Qubit(wires=3), qml.device("default.qubit", wires=3))]
    np.testing.assert_allclose(*state, atol=1e-10)

    def expectation(w):
        qml.StatePrep(given, wires=[2, 0])
        qml.StronglyEntanglingLayers(w, wires=range(3))
        return qml.expval(qml.X(1) @ qml.Z(2))

    gradients = [qml.grad(lambda w: (qml.QNode(expectation, each)(w) ** 2).sum())(pnp.array(W, requires_grad=True))
                 for each in (device(wires=3), qml.device(REFERENCES[device], wires=3))]
    np.testing.assert_allclose(*gradients, atol=1e-8)


def test_trained_amplitudes_have_derivatives():
    def circuit(a):
        qml.StatePrep(a / qml.math.linalg.norm(a), wires=[0, 1])
        return qml.expval(qml.Z(0) + 0.3 * qml.X(1))

    a = pnp.array([0.1, 0.4, 0.7, 0.2], requires_grad=True)
    found = [qml.grad(qml.QNode(circuit, each))(a) for each in (Qubit(wires=2), qml.device("default.qubit", wires=2))]
    np.testing.assert_allclose(*found, atol=1e-8)


def test_the_capabilities_are_those_of_the_device():
    from pennylane.devices.capabilities import DeviceCapabilities

    from qupel.pennylane import NATIVE

    told = DeviceCapabilities.from_toml_file(Qubit.config_filepath)
    assert {each for each in NATIVE if not each.startswith("Adjoint")} | {"StatePrep"} == set(told.operations)
    assert all(told.operations[each[8:-1]].invertible for each in NATIVE if each.startswith("Adjoint"))


@pytest.mark.parametrize("device", [Qubit, Mixed])
def test_second_derivatives_are_right_or_refused(device):
    def circuit(w):
        qml.RX(w[0], 0)
        qml.CRY(w[1], [0, 1])
        return qml.expval(qml.Z(0) @ qml.Z(1))

    w = pnp.array([0.3, 0.7], requires_grad=True)
    node = qml.QNode(circuit, device(wires=2))
    with pytest.raises(Exception, match="first derivatives"):
        qml.jacobian(qml.grad(node))(w)
    shifted, theirs = (qml.QNode(circuit, each, diff_method="parameter-shift", max_diff=2) for each in
                       (device(wires=2), qml.device("default.qubit", wires=2)))
    np.testing.assert_allclose(qml.jacobian(qml.grad(shifted))(w), qml.jacobian(qml.grad(theirs))(w), atol=1e-8)


def test_second_derivatives_of_pytorch_are_refused():
    torch = pytest.importorskip("torch")
    node = qml.QNode(lambda w: (qml.RX(w, 0), qml.expval(qml.Z(0)))[1], Qubit(wires=1), interface="torch")
    with pytest.raises(Exception, match="first derivatives"):
        torch.autograd.functional.hessian(node, torch.tensor(0.3))


def test_second_derivatives_of_jax_are_refused():
    jax = pytest.importorskip("jax")
    node = qml.QNode(lambda w: (qml.RX(w, 0), qml.expval(qml.Z(0)))[1], Qubit(wires=1), interface="jax")
    with pytest.raises(Exception):
        jax.hessian(node)(0.3)


@pytest.mark.parametrize("operation, said", [(lambda: qml.StatePrep(np.ones(4), [0, 1]), "norm 2"), (lambda: qml.StatePrep([np.nan, 1], 0), "norm nan"),
                                             (lambda: qml.QubitUnitary(np.ones((2, 2)), 0), "not unitary"), (lambda: qml.RX(1j, 0), "real numbers"),
                                             (lambda: qml.RX(np.nan, 0), "must be finite"), (lambda: qml.RX(np.ones(0), 0), "without samples"),
                                             (lambda: qml.Hadamard(7), "wires not found")])
@pytest.mark.parametrize("device", [Qubit, Mixed])
def test_operations_that_make_no_sense_are_refused(device, operation, said):
    @qml.qnode(device(wires=2))
    def circuit():
        operation()
        return qml.expval(qml.Z(0))

    with pytest.raises(Exception, match=said):
        circuit()
