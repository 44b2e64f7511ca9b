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


def test_wrong_shapes_are_refused(program):
    with pytest.raises(qp.InputError, match="columns"):
        Layer(program)(torch.zeros(3, 5))
    with pytest.raises(qp.InputError, match="3 parameters"):
        Layer(program, theta=np.zeros(2))
