"""Programs in TensorFlow: function() of tensors with gradients, and Layer for Keras.

They run in eager mode and in tf.function, not under jit_compile=True, which refuses calls of Python. Saved models cannot hold them.
"""

import numpy as np

from . import _program
from ._core import InputError
from ._extras import needs

try:
    import tensorflow as tf
except ModuleNotFoundError as failure:
    raise needs("tensorflow", failure) from failure


def _real(tensor, name):
    """A tensor of real numbers; finite ones, if their values are known by now."""
    tensor = tf.convert_to_tensor(tensor)
    if tensor.dtype.is_complex:
        raise InputError(f"{name} holds complex numbers; real ones are expected")
    if tf.executing_eagerly() and not np.isfinite(np.asarray(tensor, float)).all():
        raise InputError(f"{name} has entries that are no finite numbers")
    return tensor


def function(program):
    """f(x, theta) of tensors x (samples x features, or None) and theta (parameters, or None): samples x observables."""
    _program.require_program(program, "qupel.tensorflow")
    features, observables = program.circuit.features, len(program.observables)

    def derivatives(x, theta, cotangents):
        found = program.vjp(x, theta, cotangents, features > 0)
        return (found.features if features else np.zeros_like(x, dtype=np.float64)), found.parameters

    @tf.custom_gradient
    def differentiated(x, theta, cotangents):
        by_x, by_theta = tf.numpy_function(derivatives, (x, theta, cotangents), (tf.float64, tf.float64))
        by_x.set_shape(x.shape)
        by_theta.set_shape(theta.shape)

        def second(*_):
            raise NotImplementedError("qupel has no second derivatives in TensorFlow; use Program.jacobian()")

        return (by_x, by_theta), second

    @tf.custom_gradient
    def expectations(x, theta):
        values = tf.numpy_function(lambda a, b: program.expectations(a, b), (x, theta), tf.float64)
        values.set_shape((x.shape[0], observables))

        def gradient(cotangents):
            return differentiated(x, theta, cotangents)

        return values, gradient

    def of_tensors(x=None, theta=None):
        x = tf.zeros((1, 0), tf.float64) if x is None else _real(x, "X")
        theta = tf.zeros((0,), tf.float64) if theta is None else _real(theta, "theta")
        if x.shape.rank is not None and theta.shape.rank is not None:
            if x.shape.rank > 2:
                raise InputError(f"X has {x.shape.rank} dimensions; it must have two: samples x numbers of each")
            _program.require_shapes(program, x.shape.as_list(), theta.shape.as_list())
        values = expectations(tf.cast(x[None] if x.shape.rank == 1 else x, tf.float64), tf.cast(theta, tf.float64))
        return tf.cast(values, x.dtype if x.dtype.is_floating else tf.float64)

    return of_tensors


def joined(x, columns):
    """Rows of features and further columns that have no gradient."""
    if x is None:
        return tf.convert_to_tensor(columns)
    x = tf.convert_to_tensor(x)
    return tf.concat([x[None] if x.shape.rank == 1 else x, tf.cast(columns, x.dtype)], axis=1)


class Layer(tf.keras.layers.Layer):
    """A program as a layer of Keras: rows of features in, expectation values out; its parameters are trained. Leading axes are kept."""

    def __init__(self, program, **options):
        super().__init__(**options)
        self.program = program
        self._function = function(program)

    def build(self, shape):
        self.theta = self.add_weight(name="theta", shape=(self.program.circuit.parameters,),
                                     initializer=tf.keras.initializers.RandomUniform(0, 2 * np.pi), trainable=True)

    def call(self, x):
        x = tf.convert_to_tensor(x)
        if x.shape.rank is None or x.shape.rank <= 2:
            return self._function(x, tf.convert_to_tensor(self.theta))
        values = self._function(tf.reshape(x, (-1, x.shape[-1])), tf.convert_to_tensor(self.theta))
        made = tf.reshape(values, tf.concat([tf.shape(x)[:-1], [values.shape[-1]]], axis=0))
        made.set_shape(self.compute_output_shape(x.shape))
        return made

    def compute_output_shape(self, shape):
        return (*shape[:-1], len(self.program.observables))
