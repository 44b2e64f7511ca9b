"""TensorFlow: gradients, functions, a layer of Keras."""

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

import qupel as qp
from qupel.tensorflow import Layer, function


def program():
    x, w = qp.features(2), qp.parameters(2)
    return qp.compile(qp.Circuit(2).ry(x[0], 0).rx(x[1], 1).cx(0, 1).ry(w[0], 0).crz(w[1], 0, 1), ["Z0", "X0 Y1"])


X = tf.constant(np.random.default_rng(0).normal(size=(4, 2)))
THETA = tf.constant([0.3, -0.8], tf.float64)


def test_gradients():
    f = function(program())
    theirs, ours = tf.test.compute_gradient(f, [X, THETA])
    for a, b in zip(theirs, ours):
        np.testing.assert_allclose(a, b, atol=1e-6)
    np.testing.assert_allclose(tf.function(f)(X, THETA), program()(X, THETA), atol=1e-12)


def test_a_layer_of_keras_trains():
    model = tf.keras.Sequential([tf.keras.layers.Input((2,)), Layer(program()), tf.keras.layers.Dense(1)])
    model.compile(optimizer=tf.keras.optimizers.Adam(0.05), loss="mse")
    history = model.fit(X.numpy(), np.zeros(4), epochs=10, verbose=0).history["loss"]
    assert history[-1] < history[0]


def test_second_derivatives_are_refused():
    f = function(program())
    with tf.GradientTape() as outer:
        outer.watch(THETA)
        with tf.GradientTape() as inner:
            inner.watch(THETA)
            value = tf.reduce_sum(f(X, THETA))
        gradient = inner.gradient(value, THETA)
    with pytest.raises(Exception, match="second derivatives"):
        outer.gradient(gradient, THETA)


def test_leading_axes_are_kept():
    layer = Layer(program())
    given = tf.reshape(tf.tile(X, (3, 1)), (3, 2, 2, 2))
    np.testing.assert_allclose(layer(given), tf.reshape(layer(tf.reshape(given, (-1, 2))), (3, 2, 2, 2)), atol=1e-12)
    assert tf.function(layer)(given).shape == (3, 2, 2, 2)


@pytest.mark.parametrize("x, theta, said", [(tf.zeros((3, 5)), THETA, "columns"), (X, tf.zeros(3), "3 numbers"), (X, tf.zeros((1, 2)), "vector"),
                                            (tf.zeros((2, 4, 2)), THETA, "3 dimensions"), (tf.cast(X, tf.complex128), THETA, "complex")])
def test_wrong_input_is_refused(x, theta, said):
    for f in (function(program()), program()):
        with pytest.raises(qp.InputError, match=said):
            f(x, theta)
    with pytest.raises(Exception, match=said):  # of TensorFlow's own type
        tf.function(function(program()))(x, theta)


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(qp.InputError, match="finite"):
        program()(X * np.nan, THETA)
    with pytest.raises(qp.InputError, match="takes a program"):
        Layer(program().circuit)
