"""Shots of a circuit that are read with errors, drawn once and not timed."""
import numpy

SHOTS = 10**6
CONFUSION = numpy.array([[0.98, 0.05], [0.02, 0.95]])  # rows: what is read; columns: what was there


def probabilities(work):
    """Of basis states without readout errors; qubit 0 is the lowest bit."""
    state = numpy.zeros((2,) * work.qubits, complex)
    state[(0,) * work.qubits] = 1
    for name, on, angles in work.operations:
        axes = [work.qubits - 1 - q for q in on]
        if name == "cx":
            moved = numpy.moveaxis(state, axes, (0, 1))
            moved[1] = moved[1][::-1].copy()
        else:
            half = angles[0] / 2
            gate = (numpy.array([[numpy.cos(half), -numpy.sin(half)], [numpy.sin(half), numpy.cos(half)]]) if name == "ry"
                    else numpy.diag(numpy.exp([-1j * half, 1j * half])))
            state = numpy.moveaxis(numpy.tensordot(gate, state, (1, axes[0])), 0, axes[0])
    return abs(state.reshape(-1))**2


def shots(work):
    """SHOTS x qubits of 0 and 1."""
    read = probabilities(work).reshape((2,) * work.qubits)
    for axis in range(work.qubits):
        read = numpy.moveaxis(numpy.tensordot(CONFUSION, read, (1, axis)), 0, axis)
    states = numpy.random.default_rng(1).choice(2**work.qubits, SHOTS, p=read.reshape(-1) / read.sum())
    return (states[:, None] >> numpy.arange(work.qubits)) & 1
