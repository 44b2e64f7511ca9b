"""Qiskit Aer's primitives under Guadalupe's noise: all points of a call as values of one parameterised circuit (one PUB), which is
several times faster than the circuit a point that Qiskit Machine Learning's parameter shift and FidelityQuantumKernel submit;
density matrices, one thread, no transpilation (the circuits are in the device's operations)."""
import time

import guadalupe
from circuits import Angles

RUNS = {work: ("double",) for work in guadalupe.WORKS}


def version(_):
    import qiskit_aer
    return qiskit_aer.__version__


def circuit(name):
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter
    slots = {slot: Parameter(slot) for slot in guadalupe.inputs(name)}
    made = QuantumCircuit(guadalupe.QUBITS)
    for gate, on, slot in guadalupe.operations(name):
        if slot is None:
            getattr(made, gate)(*on)
        else:
            made.rz(slots[slot] + 3.141592653589793 if gate == "rz+pi" else slot, *on)
    return made, list(slots.values())


def options(threads):
    from qiskit_aer.noise import NoiseModel
    from qiskit_ibm_runtime.fake_provider import FakeGuadalupeV2
    whole = NoiseModel.from_backend(FakeGuadalupeV2(), readout_error=False)
    noise = NoiseModel(basis_gates=["sx", "sxdg", "x", "rz", "cx"])
    for q in range(guadalupe.QUBITS):
        for gate in ("sx", "sxdg"):  # the inverse of sx is as noisy
            noise.add_quantum_error(whole._local_quantum_errors["sx"][(q,)], gate, [q])
    for q in range(guadalupe.QUBITS - 1):
        for pair in ((q, q + 1), (q + 1, q)):
            noise.add_quantum_error(whole._local_quantum_errors["cx"][pair], "cx", list(pair))
    return {"backend_options": {"method": "density_matrix", "noise_model": noise, "max_parallel_threads": threads,
                                "seed_simulator": 1},
            "run_options": {}}


class Model:
    """<Z> of the last qubit for rows of features and parameters."""

    def __init__(self, threads):
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer.primitives import EstimatorV2
        self.circuit, _ = circuit("guadalupe-spsa")
        self.order = [guadalupe.inputs("guadalupe-spsa").index(slot.name) for slot in self.circuit.parameters]
        self.estimator = EstimatorV2(options={**options(threads), "default_precision": 0.0})
        self.observable = SparsePauliOp("Z" + "I" * (guadalupe.QUBITS - 1))

    def values(self, rows, several):
        """One column for each set of parameters."""
        import numpy
        bound = numpy.array([numpy.hstack([row, theta])[self.order] for theta in several for row in rows])
        found = self.estimator.run([(self.circuit, self.observable, bound)]).result()[0].data.evs
        return numpy.asarray(found).reshape(len(several), len(rows)).T


def problem():
    import numpy
    rows = Angles(8).matrix(guadalupe.POINTS, guadalupe.QUBITS)
    labels = numpy.where(rows[:, 0] * rows[:, 1] > 0, 1.0, -1.0)
    return rows, labels, Angles(7).matrix(1, (guadalupe.LAYERS + 1) * guadalupe.QUBITS)[0]


def spsa(threads):
    import numpy
    model = Model(threads)
    rows, labels, theta = problem()
    draws = Angles(9)
    start = time.perf_counter()
    for _ in range(guadalupe.STEPS):
        turn = numpy.array([1.0 if draws.next() > 0 else -1.0 for _ in theta])
        above, below = ((model.values(rows, [theta + 0.1 * turn, theta - 0.1 * turn]) - labels[:, None])**2).mean(axis=0)
        theta = theta - 0.2 * (above - below) / 0.2 * turn
    return time.perf_counter() - start, float(theta.sum())


def gradient(threads):
    import numpy
    model = Model(threads)
    rows, labels, theta = problem()
    start = time.perf_counter()
    shifts = numpy.pi / 2 * numpy.eye(len(theta))
    values = model.values(rows, [theta, *(theta + shifts), *(theta - shifts)])
    derivatives = (values[:, 1:1 + len(theta)] - values[:, 1 + len(theta):]) / 2
    found = 2 * (values[:, 0] - labels) @ derivatives / len(labels)
    return time.perf_counter() - start, float(found @ Angles(9).matrix(1, len(theta))[0])


def kernel(threads):
    """Compute-uncompute of every pair, the second row's inputs under other names."""
    import numpy
    from qiskit.circuit import Parameter
    from qiskit_aer.primitives import SamplerV2
    forward, slots = circuit("guadalupe-kernel")
    others = [Parameter(f"y{k}") for k in range(len(slots))]
    both = forward.compose(forward.assign_parameters(dict(zip(slots, others))).inverse())
    both.measure_all()
    rows = Angles(8).matrix(guadalupe.KERNEL_ROWS, guadalupe.QUBITS)
    pairs = [(a, b) for a in range(len(rows)) for b in range(a + 1, len(rows))]
    places = [("xy".index(slot.name[0]), int(slot.name[1:])) for slot in both.parameters]
    bound = numpy.array([[rows[pair[which], k] for which, k in places] for pair in pairs])
    sampler = SamplerV2(default_shots=guadalupe.SHOTS, seed=1, options=options(threads))
    start = time.perf_counter()
    counts = sampler.run([(both, bound)]).result()[0].data.meas
    zeros = (numpy.asarray(counts.array) == 0).all(axis=-1).sum(axis=-1)
    return time.perf_counter() - start, float(zeros.sum() / guadalupe.SHOTS)


def measure(work, _precision, threads, _program):
    return {"guadalupe-spsa": spsa, "guadalupe-gradient": gradient, "guadalupe-kernel": kernel}[work.name](threads)
