"""M3, Qiskit's scalable readout mitigation: from counts to an expectation value."""
import collections
import time

import numpy

import sampled

RUNS = {"readout-1m": ("double",)}

FOLDER = "mitigation"  # of the peers' environment, for Mitiq needs an older NumPy than others


def version(_):
    import importlib.metadata
    return importlib.metadata.version("mthree")


def measure(work, _precision, _threads, _program):
    import mthree
    bits = sampled.shots(work)
    strings = collections.Counter("".join("1" if bit else "0" for bit in row[::-1]) for row in bits)
    counts = dict(strings)
    mitigation = mthree.M3Mitigation()
    start = time.perf_counter()
    mitigation.cals_from_matrices([numpy.array(sampled.CONFUSION)] * work.qubits)
    quasi = mitigation.apply_correction(counts, list(range(work.qubits)))
    value = quasi.expval("I" * (work.qubits - 2) + "ZZ")
    return time.perf_counter() - start, float(value)
