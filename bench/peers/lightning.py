"""PennyLane Lightning's adjoint Jacobian, compiled with -O3 -march=native and called from C++ (native/lightning.cc)."""
import native

RUNS = {work: ("double",) for work in ("gradient-z0", "gradient-50-terms", "gradient-batch-256")}


def version(program):
    return native.version("pennylane_lightning", program)


def measure(work, precision, threads, program):
    return native.measure("lightning", work, precision, threads, program)
