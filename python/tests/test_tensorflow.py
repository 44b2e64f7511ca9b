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
