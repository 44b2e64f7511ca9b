"""Mitiq as its documentation says: error cancellation with Cirq circuits and an executor of Cirq's density matrices (conversion to
and from other packages' circuits would cost it more than Aer gains), and the inverse of confusion matrices on bit strings."""
import time

import numpy

import sampled

RUNS = {"pec-200": ("double",), "readout-1m": ("double",)}

FOLDER = "mitigation"  # of the peers' environment, for Mitiq needs an older NumPy than others


def version(_):
    import importlib.metadata
    return importlib.metadata.version("mitiq")


def cirq_circuit(work):
    import cirq
    qubits = cirq.LineQubit.range(work.qubits)
    gates = {"ry": lambda angle: cirq.ry(angle), "rz": lambda angle: cirq.rz(angle), "cx": lambda: cirq.CNOT}
    return cirq.Circuit(gates[name](*angles).on(*(qubits[q] for q in on)) for name, on, angles in work.operations), qubits


def cancelled(work):
    import cirq
    from mitiq import pec
    circuit, qubits = cirq_circuit(work)
    probability = work.noise[2][1]
    simulator = cirq.DensityMatrixSimulator(dtype=numpy.complex128)

    def noisy(plain):
        steps = []
        for operation in plain.all_operations():
            steps.append(operation)
            if operation.gate == cirq.CNOT:
                steps.append(cirq.depolarize(probability, 2).on(*operation.qubits))
        return cirq.Circuit(steps)

    def execute(plain) -> float:
        state = simulator.simulate(noisy(plain), qubit_order=qubits).final_density_matrix
        return float(numpy.real(cirq.Z(qubits[0]).expectation_from_density_matrix(state, {q: i for i, q in enumerate(qubits)})))

    start = time.perf_counter()
    pairs = {operation.qubits: operation for operation in circuit.all_operations() if operation.gate == cirq.CNOT}
    representations = [pec.represent_operation_with_global_depolarizing_noise(cirq.Circuit(operation), probability)
                       for operation in pairs.values()]
    value = pec.execute_with_pec(circuit, execute, representations=representations, num_samples=200, random_state=1)
    return time.perf_counter() - start, float(value)


def read(work):
    from mitiq import MeasurementResult, Observable, PauliString
    from mitiq.rem import generate_tensored_inverse_confusion_matrix, mitigate_measurements
    measured = MeasurementResult(sampled.shots(work).tolist())
    observable = Observable(PauliString("ZZ", support=(0, 1)))
    start = time.perf_counter()
    inverse = generate_tensored_inverse_confusion_matrix(work.qubits, [sampled.CONFUSION] * work.qubits)
    value = observable._expectation_from_measurements([mitigate_measurements(measured, inverse)])
    return time.perf_counter() - start, float(numpy.real(value))


def measure(work, _precision, _threads, _program):
    return cancelled(work) if work.name == "pec-200" else read(work)
