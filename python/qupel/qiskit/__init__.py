"""Qiskit: Estimator and Sampler (primitives V2), Backend (BackendV2), and circuits and operators of Qiskit as ours.

>>> from qiskit.circuit.library import real_amplitudes
>>> from qupel.qiskit import Estimator
>>> circuit = real_amplitudes(2, reps=1)
>>> round(float(Estimator().run([(circuit, "ZZ", [0.1, 0.2, 0.3, 0.4])]).result()[0].data.evs), 4)
0.8003
"""

from .._extras import needs

try:
    import qiskit as _
except ModuleNotFoundError as failure:
    raise needs("qiskit", failure) from failure

from ._backend import Backend
from ._converted import GATES, Converted, from_qiskit
from ._exported import to_qiskit
from ._observables import observable
from ._primitives import Estimator, Sampler

__all__ = ["GATES", "Backend", "Converted", "Estimator", "Sampler", "from_qiskit", "observable", "to_qiskit"]
