"""QOKit's C simulator, compiled with -O3 -march=native -ffast-math and called from C++ (native/qokit.cc). It has no
gradient: forward differences take an objective an angle, and one more."""
import native

RUNS = {"qaoa-labs": ("double",), "qaoa-labs-gradient": ("double",)}


def version(program):
    return native.version("qokit", program)


def measure(work, precision, threads, program):
    return native.measure("qokit", work, precision, threads, program)
