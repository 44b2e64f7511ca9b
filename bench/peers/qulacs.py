"""Qulacs with its circuit optimizer, blocks of two work.qubits; state and expectation value."""
import time

from circuits import STATES

RUNS = {work: ("double",) for work in STATES}


def version(_):
    import qulacs
    return qulacs.__version__


def measure(work, _precision, _threads, _program):
    from qulacs import Observable, QuantumCircuit, QuantumState
    from qulacs.circuit import QuantumCircuitOptimizer
    from qulacs.gate import DenseMatrix
    circuit = QuantumCircuit(work.qubits)
    # Qulacs turns by exp(+i angle/2 P).
    add = {"ry": lambda q, a: circuit.add_RY_gate(*q, -a[0]), "rz": lambda q, a: circuit.add_RZ_gate(*q, -a[0]),
           "cx": lambda q, _: circuit.add_CNOT_gate(*q), "cz": lambda q, _: circuit.add_CZ_gate(*q),
           "rzz": lambda q, a: circuit.add_multi_Pauli_rotation_gate(q, [3, 3], -a[0]),
           "unitary": lambda q, matrix: circuit.add_gate(DenseMatrix(q, matrix))}
    for name, on, angles in work.operations:
        add[name](on, angles)
    QuantumCircuitOptimizer().optimize(circuit, 2)
    observable = Observable(work.qubits)
    observable.add_operator(1.0, "Z 0")
    start = time.perf_counter()
    state = QuantumState(work.qubits)
    circuit.update_quantum_state(state)
    value = observable.get_expectation_value(state)
    return time.perf_counter() - start, value.real
