"""JAX: gradients under jit and vmap; what cannot be is refused."""

import doctest

import numpy as np
import pytest

jax = pytest.importorskip("jax")
import jax.numpy as jnp
import jax.test_util

import qupel as qp
import qupel.jax

jax.config.update("jax_enable_x64", True)


@pytest.fixture
def program():
    x, w = qp.features(2), qp.parameters(3)
    circuit = qp.Circuit(2).ry(x[0], 0).rx(0.5 * x[1], 1).cx(0, 1).ry(w[0], 0).crz(w[1], 0, 1).rx(w[2], 1)
    return qp.compile(circuit, ["Z0", "X0 Y1", "Z1"])


X = np.random.default_rng(0).normal(size=(5, 2))
THETA = np.array([0.1, 0.7, -0.4])


def test_examples_are_true():
    assert doctest.testmod(qupel.jax).failed == 0


def test_gradients(program):
    f = qupel.jax.function(program)
    jax.test_util.check_grads(f, (jnp.array(X), jnp.array(THETA)), order=1, modes=("rev",))
    np.testing.assert_allclose(f(X, THETA), program(X, THETA), atol=1e-12)


def test_a_program_takes_arrays_of_jax(program):
    values = program(jnp.array(X), jnp.array(THETA))
    assert isinstance(values, jax.Array)
    assert program(jnp.array(X, jnp.float32), jnp.array(THETA, jnp.float32)).dtype == jnp.float32


def test_jit_of_vmap_of_grad(program):
    f = qupel.jax.function(program)
    loss = lambda x, theta: (f(x, theta) ** 2).sum()
    by_rows = jax.jit(jax.vmap(jax.grad(loss, argnums=1), in_axes=(0, None)))(X, THETA)
    one_by_one = jnp.stack([jax.grad(loss, argnums=1)(row, THETA) for row in X])
    np.testing.assert_allclose(by_rows, one_by_one, atol=1e-12)
    thetas = np.stack([THETA, THETA + 1])
    both = jax.vmap(f, in_axes=(None, 0))(X, thetas)
    np.testing.assert_allclose(both, np.stack([program(X, t) for t in thetas]), atol=1e-12)
    np.testing.assert_allclose(jax.vmap(f)(np.stack([X, X]), thetas), both, atol=1e-12)
    by_both = jax.vmap(jax.grad(loss, argnums=(0, 1)))(np.stack([X, X]), thetas)
    np.testing.assert_allclose(by_both[0][1], jax.grad(loss)(X, thetas[1]), atol=1e-12)


def test_second_derivatives_are_refused(program):
    f = qupel.jax.function(program)
    with pytest.raises((TypeError, ValueError)):
        jax.hessian(lambda t: f(X, t).sum())(jnp.array(THETA))
    with pytest.raises((TypeError, ValueError)):
        jax.grad(lambda t: jax.grad(lambda s: f(X, s).sum())(t).sum())(jnp.array(THETA))


@pytest.mark.parametrize("x, theta, said", [(np.zeros((2, 5)), THETA, "columns"), (X, np.zeros(4), "4 numbers"), (X, THETA[None], "vector"),
                                            (1.0, THETA, "0 dimensions"), (X * 1j, THETA, "complex")])
def test_wrong_input_is_refused(program, x, theta, said):
    f = qupel.jax.function(program)
    for call in (f, jax.jit(f), program, jax.grad(lambda a, b: f(a, b).sum(), argnums=1)):
        with pytest.raises(qp.InputError, match=said):
            call(jnp.array(x), jnp.array(theta))


def test_numbers_that_are_not_finite_are_refused(program):
    with pytest.raises(qp.InputError, match="finite"):
        program(jnp.array(X) * jnp.nan, THETA)
    with pytest.raises(Exception, match="must be finite"):  # of JAX's own type
        jax.jit(qupel.jax.function(program))(X * np.nan, THETA)
    with pytest.raises(qp.InputError, match="takes a program"):
        qupel.jax.function(program.circuit)


def test_derivatives_by_initial_amplitudes_are_refused(program):
    with pytest.raises(qp.InputError, match="initial"):
        jax.grad(lambda state: program(jnp.array(X), jnp.array(THETA), initial=state).sum())(jnp.eye(4)[0])
