"""qsim's headers, called from C++ (native/qsim.cc)."""
import native

RUNS = {"encode-and-layers": ("single",)}


def version(program):
    return native.version("qsimcirq", program)


def measure(work, precision, threads, program):
    return native.measure("qsim", work, precision, threads, program)
