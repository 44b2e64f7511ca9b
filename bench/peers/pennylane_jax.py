"""PennyLane on JAX as a user writes it: default.qubit, vmap over the batch, one compiled gradient; a whole fit is compiled as one.

Compilation is not counted; how long it took is said on the standard error.
"""
import os
import sys
import time

from circuits import Angles, fits, layers, ring

RUNS = {"training-step": ("single",), "fit-iqp-full": ("double",), "fit-reuploading": ("double",)}
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


def mean_loss(task):
    """Cross-entropy of a linear readout of Z on every qubit and on neighbours in the ring, as a function of all parameters."""
    import jax
    import pennylane
    gates = {"h": pennylane.Hadamard, "ry": pennylane.RY, "rz": pennylane.RZ, "rzz": pennylane.IsingZZ, "cx": pennylane.CNOT,
             "cz": pennylane.CZ}
    observables = [pennylane.Z(q) for q in range(task.qubits)] + [pennylane.Z(a) @ pennylane.Z(b) for a, b in task.ring]

    @pennylane.qnode(pennylane.device("default.qubit", wires=task.qubits), interface="jax")
    def expectations(angles, slots):
        for name, on, source, place in task.operations:
            arguments = {"slot": lambda: (slots[place],), "angle": lambda: (angles[place],), "": lambda: ()}[source]()
            gates[name](*arguments, wires=on)
        return [pennylane.expval(observable) for observable in observables]

    rows, labels = jax.numpy.array(task.rows), jax.numpy.array(task.labels)
    angles, slots, outputs = task.angles, task.rows.shape[1], 2

    def loss(parameters):
        at = angles + slots
        values = rows * parameters[angles:at]
        if task.shifts:
            values, at = values + parameters[at:at + slots], at + slots
        weights = parameters[at:-outputs].reshape(outputs, len(observables))
        features = jax.numpy.stack(jax.vmap(expectations, (None, 0))(parameters[:angles], values), axis=1)
        scores = jax.nn.log_softmax(features @ weights.T + parameters[-outputs:])
        return -scores[jax.numpy.arange(len(labels)), labels].mean() + 5e-4 * (weights**2).sum()

    return loss


def fit(task):
    """All steps of Adam as one compiled program: parameters to the loss of the last step."""
    import jax
    slope = jax.value_and_grad(mean_loss(task))

    def step(state, number):
        parameters, mean, square = state
        loss, gradient = slope(parameters)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rate = 0.05 / (1 - 0.9**number)
        parameters = parameters - rate * mean / (jax.numpy.sqrt(square / (1 - 0.999**number)) + 1e-8)
        return (parameters, mean, square), loss

    def run(parameters):
        zeros = jax.numpy.zeros_like(parameters)
        return jax.lax.scan(step, (parameters, zeros, zeros), jax.numpy.arange(1.0, task.steps + 1))[1][-1]

    return jax.jit(run)


def seconds_of(step):
    start = time.perf_counter()
    value = step().block_until_ready()
    return time.perf_counter() - start, value


def measure_fit(work):
    import jax
    jax.config.update("jax_enable_x64", True)
    task = fits(work.name, work.qubits)
    run, start = fit(task), jax.numpy.array(task.start)
    first, _ = seconds_of(lambda: run(start))
    runs = [seconds_of(lambda: run(start)) for _ in range(2)]
    print(f"{work.name}, {work.qubits} qubits: JAX compiled for {first - runs[0][0]:.1f} s", file=sys.stderr)
    return min(seconds for seconds, _ in runs), float(runs[0][1])


def measure(work, _precision, threads, _program):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])  # before JAX counts its threads
    if work.name.startswith("fit-"):
        return measure_fit(work)
    import jax
    step, parameters = gradient(work.qubits)
    parameters = jax.numpy.array(parameters, "float32")
    batch = jax.numpy.array(Angles(8).matrix(BATCH, work.qubits), "float32")
    compiling, derivatives = seconds_of(lambda: step(parameters, batch))
    print(f"{work.name}, {work.qubits} qubits: JAX compiled for {compiling:.1f} s", file=sys.stderr)
    weights = Angles(9).matrix(1, len(parameters))[0]
    return min(seconds_of(lambda: step(parameters, batch))[0] for _ in range(STEPS)), float(weights @ derivatives)
