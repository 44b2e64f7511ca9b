"""Programs in JAX: function() is differentiable once, in reverse mode, under jit and vmap.

>>> import jax, jax.numpy as jnp, qupel as qp
>>> from qupel.jax import function
>>> w = qp.parameters(1)
>>> f = function(qp.compile(qp.Circuit(1).ry(w[0], 0), "Z0"))
>>> bool(abs(jax.grad(lambda t: f(None, t).sum())(jnp.array([0.5]))[0] + jnp.sin(0.5)) < 1e-6)
True
"""

import numpy as np

from . import _program
from ._core import InputError
from ._extras import needs

try:
    import jax
    import jax.numpy as jnp
except ModuleNotFoundError as failure:
    raise needs("jax", failure) from failure


def _batched(call, *arrays_and_axes):
    """Calls call(...) for each element of the leading axes that vmap added; an array that lacks them counts for all."""
    own = [(np.asarray(array), np.shape(array)[np.ndim(array) - axes :]) for array, axes in arrays_and_axes]
    lead = np.broadcast_shapes(*(array.shape[: array.ndim - len(shape)] for array, shape in own))
    size = int(np.prod(lead))
    flat = [np.broadcast_to(array, (*lead, *shape)).reshape(size, *shape) for array, shape in own]
    results = [call(*each) for each in zip(*flat)]
    return tuple(np.stack(each).reshape(*lead, *each[0].shape) for each in zip(*results))


def _real(array, name):
    """An array of real numbers; finite ones, if their values are known by now."""
    array = jnp.asarray(array)
    if jnp.issubdtype(array.dtype, jnp.complexfloating):
        raise InputError(f"{name} holds complex numbers; real ones are expected")
    if not isinstance(array, jax.core.Tracer) and not np.isfinite(np.asarray(array, float)).all():
        raise InputError(f"{name} has entries that are no finite numbers")
    return array


def function(program):
    """f(x, theta) of arrays x (samples x features, or None) and theta (parameters, or None): samples x observables.

    Under vmap one call of the callback does all of the mapped axis.
    """
    _program.require_program(program, "qupel.jax")
    features, observables = program.circuit.features, len(program.observables)

    def values(x, theta):
        if np.ndim(theta) == 1:  # all leading axes of x are samples
            rows = np.reshape(np.asarray(x), (int(np.prod(np.shape(x)[:-1])), np.shape(x)[-1]))
            return program.expectations(rows, theta).reshape(*np.shape(x)[:-1], observables)
        return _batched(lambda a, b: (program.expectations(a, b),), (x, 2), (theta, 1))[0]

    def derivatives(x, theta, cotangents):
        def call(a, b, c):
            found = program.vjp(a, b, c, features > 0)
            return (found.features if features else np.zeros_like(a)), found.parameters

        return _batched(call, (x, 2), (theta, 1), (cotangents, 2))

    @jax.custom_vjp
    def expectations(x, theta):
        shape = jax.ShapeDtypeStruct((*x.shape[:-1], observables), x.dtype)
        return jax.pure_callback(lambda a, b: np.asarray(values(a, b), x.dtype), shape, x, theta, vmap_method="expand_dims")

    def forward(x, theta):
        return expectations(x, theta), (x, theta)

    def backward(kept, cotangents):
        x, theta = kept
        shapes = tuple(jax.ShapeDtypeStruct(each.shape, each.dtype) for each in kept)
        return jax.pure_callback(lambda a, b, c: tuple(np.asarray(d, s.dtype) for d, s in zip(derivatives(a, b, c), shapes)), shapes, x, theta,
                                 cotangents, vmap_method="expand_dims")

    expectations.defvjp(forward, backward)

    def of_arrays(x=None, theta=None):
        x, theta = (None if each is None else _real(each, name) for each, name in ((x, "X"), (theta, "theta")))
        floats = jnp.result_type(*(each for each in (x, theta) if each is not None), jnp.float32)
        x = jnp.zeros((1, 0), floats) if x is None else x.astype(floats)
        theta = jnp.zeros(0, floats) if theta is None else theta.astype(floats)
        _program.require_shapes(program, x.shape, theta.shape)
        return expectations(x[None] if x.ndim == 1 else x, theta)

    return of_arrays


def joined(x, columns):
    """Rows of features and further columns that have no gradient."""
    return columns if x is None else jnp.concatenate([jnp.atleast_2d(jnp.asarray(x)), jnp.asarray(columns, jnp.asarray(x).dtype)], axis=1)
