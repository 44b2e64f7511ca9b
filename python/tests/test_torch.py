"""PyTorch: the operator's own checks, gradients, a layer that trains, and what is refused."""

import doctest
import pickle

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import qupel as qp
import qupel.torch
from qupel.torch import Layer


@pytest.fixture
def program():
    x, w = qp.features(2), qp.parameters(3)
    circuit = qp.Circuit(2).ry(x[0], 0).rx(0.5 * x[1], 1).cx(0, 1).ry(w[0], 0).crz(w[1], 0, 1).rx(w[2], 1)
    return qp.compile(circuit, ["Z0", "X0 Y1"])


def inputs(**options):
    torch.manual_seed(0)
    return torch.randn(4, 2, dtype=torch.float64, **options), torch.randn(3, dtype=torch.float64, **options)


def test_examples_are_true():
    assert doctest.testmod(qupel.torch).failed == 0


def test_the_checks_of_operators(program):
    x, theta = inputs(requires_grad=True)
    torch.library.opcheck(qupel.torch._expectations, (x, theta, qupel.torch._number(program)))


def test_gradients(program):
    assert torch.autograd.gradcheck(qupel.torch.function(program), inputs(requires_grad=True))


def test_a_program_takes_tensors_and_keeps_their_gradients(program):
    x, theta = inputs(requires_grad=True)
    values = program(x, theta)
    torch.testing.assert_close(values.detach(), torch.from_numpy(program.expectations(x.detach(), theta.detach())))
    values.sum().backward()
    assert theta.grad is not None and x.grad is not None
    with pytest.raises(qp.InputError, match="requires its gradient"):
        program.expectations(x, theta)


def test_a_layer_trains_compiles_and_pickles(program):
    torch.manual_seed(1)
    layer = Layer(program, dtype=torch.float64)
    x = inputs()[0]
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    losses = []
    for _ in range(30):
        optimizer.zero_grad()
        loss = ((layer(x)[:, 0] - 0.2) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    compiled = torch.compile(layer, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(x), layer(x))
    torch.testing.assert_close(pickle.loads(pickle.dumps(layer))(x), layer(x))
    assert layer(x.reshape(2, 2, 2)).shape == (2, 2, 2)


def test_single_precision_stays(program):
    layer = Layer(program, theta=[0.1, 0.2, 0.3], dtype=torch.float32)
    assert layer(torch.zeros(1, 2)).dtype == torch.float32


def test_second_derivatives_are_refused(program):
    x, theta = inputs(requires_grad=True)
    gradient = torch.autograd.grad(program(x, theta).sum(), theta, create_graph=True)[0]
    with pytest.raises(NotImplementedError, match="second derivatives"):
        gradient.sum().backward()


def test_forward_mode_is_refused(program):
    x, theta = inputs()
    for f in (lambda a: program(a, theta), Layer(program, theta)):
        with pytest.raises(NotImplementedError, match="forward mode"):
            torch.func.jvp(f, (x,), (x,))
    with torch.autograd.forward_ad.dual_level(), pytest.raises(NotImplementedError, match="forward mode"):
        program(x, torch.autograd.forward_ad.make_dual(theta, theta))


def test_whole_numbers_are_read_and_complex_ones_refused(program):
    layer, ones = Layer(program, dtype=torch.float64), torch.ones(2, 2, dtype=torch.int64)
    torch.testing.assert_close(layer(ones), layer(ones.double()))
    assert program(ones, inputs()[1]).dtype == torch.float64
    for f in (layer, lambda x: program(x, inputs()[1])):
        with pytest.raises(qp.InputError, match="complex"):
            f(inputs()[0].to(torch.complex128))


def test_what_is_no_tensor_or_program_is_refused(program):
    for wrong in ("abc", np.zeros((3, 2)), None):
        with pytest.raises(qp.InputError, match="must be a tensor"):
            Layer(program)(wrong)
    with pytest.raises(qp.InputError, match="takes a program"):
        Layer(program.circuit)
    assert Layer(program)(torch.zeros(0, 2)).shape == (0, 2)


def test_wrong_shapes_are_refused(program):
    with pytest.raises(qp.InputError, match="shape"):
        Layer(program)(torch.zeros(3, 5))
    with pytest.raises(qp.InputError, match="shape"):
        Layer(program)(torch.tensor(1.0))
    with pytest.raises(qp.InputError, match="3 parameters"):
        Layer(program, theta=np.zeros(2))
