"""PennyLane on JAX as a user writes it: default.qubit, vmap over the batch, one compiled gradient.

Compilation is not counted; how long it took is said on the standard error.
"""
import os
import sys
import time

from circuits import Angles, layers, ring

RUNS = {"training-step": ("single",)}
BATCH, LAYERS, STEPS = 32, 4, 5  # the first two as in native/work.h


def version(_):
    import jax
    import pennylane
    return f"{pennylane.__version__} (jax {jax.__version__})"


def gradient(qubits):
    import jax
    import pennylane
    gates = {"ry": pennylane.RY, "rz": pennylane.RZ, "cx": pennylane.CNOT}
    circuit = layers(qubits, ring("cx"), LAYERS)

    @pennylane.qnode(pennylane.device("default.qubit", wires=qubits), interface="jax")
    def expectation(parameters, features):
        for q in range(qubits):
            pennylane.RY(features[q], q)
        parameter = iter(parameters)
        for name, on, angles in circuit:
            gates[name](*(next(parameter) for _ in angles), on)
        return pennylane.expval(pennylane.Z(0))

    def loss(parameters, batch):
        return jax.vmap(expectation, (None, 0))(parameters, batch).sum()

    return jax.jit(jax.grad(loss)), [angle for _, _, angles in circuit for angle in angles]


def seconds_of(step):
    start = time.perf_counter()
    value = step().block_until_ready()
    return time.perf_counter() - start, value


def measure(work, _precision, threads, _program):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])  # before JAX counts its threads
    import jax
    step, parameters = gradient(work.qubits)
    parameters = jax.numpy.array(parameters, "float32")
    batch = jax.numpy.array(Angles(8).matrix(BATCH, work.qubits), "float32")
    compiling, derivatives = seconds_of(lambda: step(parameters, batch))
    print(f"{work.name}, {work.qubits} qubits: JAX compiled for {compiling:.1f} s", file=sys.stderr)
    weights = Angles(9).matrix(1, len(parameters))[0]
    return min(seconds_of(lambda: step(parameters, batch))[0] for _ in range(STEPS)), float(weights @ derivatives)
