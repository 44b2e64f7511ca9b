"""Qiskit Machine Learning: an exact fidelity kernel.

>>> import numpy as np
>>> from qiskit.circuit.library import zz_feature_map
>>> from qupel.qiskit_machine_learning import FidelityKernel
>>> FidelityKernel(zz_feature_map(2)).evaluate(np.zeros((2, 2))).round(6)
array([[1., 1.],
       [1., 1.]])
"""

import numpy as np

from . import _program
from ._extras import needs

try:
    from qiskit_machine_learning.kernels import BaseKernel
except ModuleNotFoundError as failure:
    raise needs("qiskit-machine-learning", failure) from failure

from .qiskit import Converted


class FidelityKernel(BaseKernel):
    """|<x|y>|^2 of the states of a feature map; rows become states once. Other arguments are those of qupel.compile (noise=, device=)."""

    def __init__(self, feature_map, *, enforce_psd=True, threads=1, **options):
        super().__init__(feature_map=feature_map, enforce_psd=enforce_psd)
        self._converted = Converted(self._feature_map)
        self._program = _program.compile(self._converted.circuit, (), threads=threads, **options)

    def evaluate(self, x_vec, y_vec=None):
        x_vec, y_vec = self._validate_input(x_vec, y_vec)
        ours = None if y_vec is None else self._converted.features(y_vec)
        kernel = self._program.kernel(self._converted.features(x_vec), ours)
        return self._make_psd(kernel) if y_vec is None and self._enforce_psd else np.asarray(kernel)
