"""Qiskit Aer's density matrix, or its state vectors for trajectories: the better of with and without gate fusion, and
the time that its C++ side reports."""
import itertools

RUNS = {"noisy-cx-ring": ("double", "single"), "trajectories-cx-ring": ("double",)}


def version(_):
    import qiskit_aer
    return qiskit_aer.__version__


def depolarizing(value, qubits, trajectories):
    from qiskit.quantum_info import Pauli
    from qiskit_aer.noise import depolarizing_error, kraus_error
    errors = 4**qubits - 1
    if not trajectories:  # Aer's parameter is the weight of the maximally mixed state, not the probability of an error.
        return depolarizing_error(value * (errors + 1) / errors, qubits)
    # As Kraus operators (to find them itself, Aer's eigensolver fails on equal probabilities: qiskit-aer issue 2455).
    weights = [1 - value] + errors * [value / errors]
    paulis = map("".join, itertools.product("IXYZ", repeat=qubits))
    return kraus_error([weight**0.5 * Pauli(p).to_matrix() for weight, p in zip(weights, paulis)], canonical_kraus=False)


def noise_model(work):
    from qiskit_aer.noise import NoiseModel, amplitude_damping_error
    noise = NoiseModel()
    for qubits, (channel, value) in work.noise.items():
        error = amplitude_damping_error(value) if channel == "amplitude-damping" else \
            depolarizing(value, qubits, work.trajectories)
        noise.add_all_qubit_quantum_error(error, ["ry", "rz"] if qubits == 1 else ["cx"])
    return noise


def measure(work, precision, threads, _program):
    from qiskit import QuantumCircuit
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_aer import AerSimulator
    circuit = QuantumCircuit(work.qubits)
    for name, on, angles in work.operations:
        getattr(circuit, name)(*angles, *on)
    circuit.save_expectation_value(SparsePauliOp("Z"), [0], label="z0")
    best = float("inf")
    for fusion in (True, False):
        simulator = AerSimulator(method="statevector" if work.trajectories else "density_matrix", precision=precision,
                                 noise_model=noise_model(work), fusion_enable=fusion, max_parallel_threads=threads,
                                 seed_simulator=1)
        result = simulator.run(circuit, shots=work.trajectories or 1).result()
        best = min(best, result.results[0].time_taken)
    return best, result.data()["z0"]
