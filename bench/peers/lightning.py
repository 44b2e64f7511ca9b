"""PennyLane Lightning's states and adjoint Jacobian, compiled with -O3 -march=native and called from C++ (native/lightning.cc).

Its kernels use OpenMP for more than one thread only: on one it costs them a fifth."""
import native

RUNS = {work: ("double",) for work in ("encode-and-layers", "gradient-z0", "gradient-50-terms", "gradient-batch-256")}


def version(program):
    return native.version("pennylane_lightning", program)


def measure(work, precision, threads, program):
    return native.measure("lightning" if threads == 1 else "lightning_omp", work, precision, threads, program)
