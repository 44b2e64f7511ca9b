"""Programs in PyTorch: function() of tensors with gradients, and Layer, a module that trains.

>>> import torch, qupel as qp
>>> from qupel.torch import Layer
>>> x, w = qp.features(1), qp.parameters(1)
>>> layer = Layer(qp.compile(qp.Circuit(1).ry(x[0], 0).ry(w[0], 0), "Z0"))
>>> layer(torch.zeros(3, 1)).sum().backward()
>>> layer.theta.grad.shape
torch.Size([1])
"""

import itertools
import weakref

import numpy as np

from . import _core, _program
from ._extras import needs

try:
    import torch
    from torch.autograd import forward_ad
except ModuleNotFoundError as failure:
    raise needs("torch", failure) from failure

# Operators of PyTorch take numbers and tensors: programs are known to them by a number.
_programs = weakref.WeakValueDictionary()
_numbers = itertools.count()


def _number(program):
    number = program.__dict__.get("_torch_number")
    if number is None:
        number = program.__dict__["_torch_number"] = next(_numbers)
        _programs[number] = program
    return number


def _array(tensor):
    return tensor.detach().to("cpu", torch.float64).numpy()


def _like(array, tensor):
    return torch.from_numpy(np.ascontiguousarray(array)).to(tensor.device, tensor.dtype)


@torch.library.custom_op("qupel::expectations", mutates_args=())
def _expectations(x: torch.Tensor, theta: torch.Tensor, program: int) -> torch.Tensor:
    return _like(_programs[program].expectations(_array(x), _array(theta)), x)


@_expectations.register_fake
def _(x, theta, program):
    return x.new_empty(x.shape[0], len(_programs[program].observables))


@torch.library.custom_op("qupel::vjp", mutates_args=())
def _vjp(x: torch.Tensor, theta: torch.Tensor, cotangents: torch.Tensor, program: int, features: bool) -> tuple[torch.Tensor, torch.Tensor]:
    found = _programs[program].vjp(_array(x), _array(theta), _array(cotangents), features)
    return _like(found.features, x) if features else torch.zeros_like(x), _like(found.parameters, theta)


@_vjp.register_fake
def _(x, theta, cotangents, program, features):
    return torch.empty_like(x), torch.empty_like(theta)


def _keep(ctx, inputs, output):
    x, theta, ctx.program = inputs
    ctx.save_for_backward(x, theta)


def _backward(ctx, cotangents):
    x, theta = ctx.saved_tensors
    by_x, by_theta = _vjp(x, theta, cotangents, ctx.program, ctx.needs_input_grad[0])
    return by_x if ctx.needs_input_grad[0] else None, by_theta if ctx.needs_input_grad[1] else None, None


def _refuse_second(ctx, *cotangents):
    raise NotImplementedError("qupel has no second derivatives in PyTorch; use torch.autograd.functional on finite differences, or "
                              "Program.jacobian()")


_expectations.register_autograd(_backward, setup_context=_keep)
_vjp.register_autograd(_refuse_second)


def _real(tensor, name, dtype):
    """A tensor of real numbers, of the dtype if it holds others than floats. What would be lost without a word is refused."""
    if not isinstance(tensor, torch.Tensor):
        raise _core.InputError(f"{name} must be a tensor, not {type(tensor).__name__}")
    if tensor.is_complex():
        raise _core.InputError(f"{name} holds complex numbers; real ones are expected")
    if forward_ad.unpack_dual(tensor).tangent is not None:
        raise NotImplementedError("qupel has no derivatives in PyTorch's forward mode (jvp, jacfwd, dual numbers); use backward(), or "
                                  "Program.jacobian()")
    return tensor if tensor.is_floating_point() else tensor.to(dtype)


def function(program):
    """A function of tensors x (samples x features, or None) and theta (parameters, or None) with gradients by both."""
    _program.require_program(program, "qupel.torch")
    number = _number(program)

    def expectations(x=None, theta=None):
        floats = [each.dtype for each in (x, theta) if isinstance(each, torch.Tensor) and each.is_floating_point()]
        dtype = floats[0] if floats else torch.get_default_dtype()

        def tensor(value, name, shape):
            if value is None:
                return torch.zeros(shape, dtype=dtype)
            return _real(value if isinstance(value, torch.Tensor) else torch.as_tensor(np.asarray(value)), name, dtype)

        x, theta = tensor(x, "X", (1, 0)), tensor(theta, "theta", (0,))
        return _expectations(x if x.dim() != 1 else x[None], theta, number)

    expectations.program = program  # which lives as long as the function
    return expectations


def joined(x, columns):
    """Rows of features and further columns that have no gradient."""
    columns = torch.from_numpy(np.array(columns))
    return columns if x is None else torch.cat([torch.atleast_2d(x), columns.to(x.device, x.dtype)], dim=1)


class Layer(torch.nn.Module):
    """A program as a module: rows of features in, expectation values out; its parameters are trained. Leading axes are kept.

    theta: where the parameters start; None: uniform in [0, 2 pi), drawn from PyTorch's random numbers.
    """

    def __init__(self, program, theta=None, dtype=None):
        super().__init__()
        _program.require_program(program, "qupel.torch")
        self.program = program
        count = program.circuit.parameters
        start = torch.rand(count, dtype=dtype) * 2 * torch.pi if theta is None else torch.as_tensor(np.asarray(theta), dtype=dtype)
        if start.shape != (count,):
            raise _core.InputError(f"theta has the shape {tuple(start.shape)}; the circuit has {count} parameters")
        self.theta = torch.nn.Parameter(start)
        self._remember()

    def _remember(self):
        # torch.compile looks at numbers, not into the program.
        self._features, self._number = self.program.circuit.features, _number(self.program)

    def __setstate__(self, state):
        super().__setstate__(state)
        self._remember()

    def forward(self, x):
        x, theta = _real(x, "x", self.theta.dtype), _real(self.theta, "theta", self.theta.dtype)
        if x.dim() == 0 or x.shape[-1] != self._features:
            raise _core.InputError(f"x has the shape {tuple(x.shape)}; its last axis must be the circuit's {self._features} features")
        rows = x.reshape(x.shape[:-1].numel(), self._features)
        values = _expectations(rows, theta, self._number)
        return values.reshape(*x.shape[:-1], values.shape[-1])

    def extra_repr(self):
        return repr(self.program)
