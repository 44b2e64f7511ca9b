"""Qupel: is a quantum model worth it for this problem?

Circuits for many samples at once with exact gradients, and `audit`, which compares quantum models with tuned classical ones on your
table and says a verdict.

>>> import numpy as np
>>> import qupel as qp
>>> x, w = qp.features(2), qp.parameters(2)
>>> circuit = qp.Circuit(2).ry(x[0], 0).ry(x[1], 1).cx(0, 1).rx(w[0], 0).rx(w[1], 1)
>>> f = qp.compile(circuit, ["Z0", "Z0 Z1"])
>>> f(np.zeros((3, 2)), [0.0, np.pi]).round(3)
array([[ 1., -1.],
       [ 1., -1.],
       [ 1., -1.]])

Modules for others' tools are imported when asked for: qupel.torch, qupel.jax, qupel.tensorflow, qupel.sklearn, qupel.pennylane,
qupel.qiskit, qupel.qiskit_machine_learning, qupel.cirq, qupel.braket, qupel.mitiq, qupel.openfermion, qupel.pytket, qupel.mlflow.
"""

from ._core import Angle, Circuit, Device, InputError, Observable, device, devices, features, gates, parameters, thread_count
from ._program import Derivatives, Program, Result, compile, run

__version__ = "0.1.0"

__all__ = ["Angle", "Circuit", "Derivatives", "Device", "InputError", "Observable", "Program", "Result", "audit", "compile", "device",
           "devices", "features", "gates", "parameters", "run", "runs", "thread_count"]


def _circuit_html(circuit):
    from . import _drawing

    return _drawing.circuit_html(circuit)


def _device_html(device):
    from . import _drawing

    return _drawing.device_html(device)


Circuit._repr_html_ = _circuit_html  # in notebooks
Device._repr_html_ = _device_html


def __dir__():
    return sorted({*globals(), *__all__})


def __getattr__(name):
    if name in ("audit", "runs"):
        from . import _audit

        return getattr(_audit, name)
    raise AttributeError(f"module 'qupel' has no attribute '{name}'")
