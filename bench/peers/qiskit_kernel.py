"""The state-vector kernel of Qiskit Machine Learning, its ZZ feature map and its default settings but one: it need
not look for the nearest positive matrix. It always computes in double precision."""
import time

from circuits import Angles

RUNS = {"fidelity-kernel": ("double", "single")}
ROWS = 1000  # as in native/work.h


def version(_):
    import qiskit_machine_learning
    return qiskit_machine_learning.__version__


def measure(work, _precision, _threads, _program):
    from qiskit.circuit.library import zz_feature_map
    from qiskit_machine_learning.kernels import FidelityStatevectorKernel
    kernel = FidelityStatevectorKernel(feature_map=zz_feature_map(work.qubits, reps=2), enforce_psd=False)
    features = Angles(8).matrix(ROWS, work.qubits)
    start = time.perf_counter()
    entries = kernel.evaluate(features)
    return time.perf_counter() - start, float(entries.sum())
