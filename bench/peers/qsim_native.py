"""qsim's headers, called from C++ (native/qsim*.cc); one thread draws all shots, there is no other way."""
import native

RUNS = {work: ("single",) for work in ("encode-and-layers", "shots-1m", "trajectories-cx-ring")}


def version(program):
    return native.version("qsimcirq", program)


def measure(work, precision, threads, program):
    return native.measure("qsim", work, precision, threads, program)
