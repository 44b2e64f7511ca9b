"""Qiskit Aer's density matrix, the better of with and without gate fusion; the time that its C++ side reports."""

RUNS = {"noisy-cx-ring": ("double", "single")}


def version(_):
    import qiskit_aer
    return qiskit_aer.__version__


def measure(work, precision, threads, _program):
    from qiskit import QuantumCircuit
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_aer import AerSimulator
    from qiskit_aer.noise import NoiseModel, amplitude_damping_error, depolarizing_error
    noise = NoiseModel()
    for qubits, (channel, value) in work.noise.items():
        # Aer's depolarizing parameter is the weight of the maximally mixed state, not the probability of an error.
        error = amplitude_damping_error(value) if channel == "amplitude-damping" else \
            depolarizing_error(value * 4**qubits / (4**qubits - 1), qubits)
        noise.add_all_qubit_quantum_error(error, ["ry", "rz"] if qubits == 1 else ["cx"])
    circuit = QuantumCircuit(work.qubits)
    for name, on, angles in work.operations:
        getattr(circuit, name)(*angles, *on)
    circuit.save_expectation_value(SparsePauliOp("Z"), [0], label="z0")
    best = float("inf")
    for fusion in (True, False):
        simulator = AerSimulator(method="density_matrix", noise_model=noise, precision=precision, fusion_enable=fusion,
                                 max_parallel_threads=threads)
        result = simulator.run(circuit, shots=1).result()
        best = min(best, result.results[0].time_taken)
    return best, result.data()["z0"]
