"""Our circuits as Qiskit's."""

from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.circuit.library import PauliEvolutionGate
from qiskit.quantum_info import SparsePauliOp

from .. import _core
from .._core import InputError
from ._converted import GATES


def to_qiskit(circuit):
    """Our circuit as one of Qiskit; slots become parameters x[i] and theta[i], classical bits one register c."""
    if not isinstance(circuit, _core.Circuit):
        raise InputError(f"a qupel.Circuit is expected, not {type(circuit).__name__}")
    made = QuantumCircuit(circuit.qubits, circuit.bits)
    slots = ParameterVector("x", circuit.features), ParameterVector("theta", circuit.parameters)
    for (name, qubits, angles, letters, bits), conditions in zip(circuit.operations, circuit.conditions):
        if name == "barrier":
            made.barrier(qubits)
        elif name == "measure":
            made.measure(qubits[0], bits[0])
        elif name == "reset":
            made.reset(qubits[0])
        else:
            _append_gate(made, name, qubits, [_number_or_parameter(angle, *slots) for angle in angles], letters, conditions)
    return made


def _append_gate(made, name, qubits, angles, letters, conditions):
    if letters:
        gate = PauliEvolutionGate(SparsePauliOp(letters[::-1]), angles[0] / 2)
    elif name in GATES:
        gate = getattr(QuantumCircuit(len(qubits)), name)(*angles, *range(len(qubits)))[0].operation
    else:
        raise InputError(f"{name} is no gate of Qiskit's: compile the circuit for a device whose operations Qiskit has")
    if not conditions:
        made.append(gate, qubits)
        return
    ((read, relation, value),) = conditions
    if relation != "==" or len(read) != 1:
        raise InputError(f"the condition bits {read} {relation} {value} has no counterpart here; only one bit == a value has")
    with made.if_test((made.clbits[read[0]], value)):
        made.append(gate, qubits)


def _number_or_parameter(angle, features, parameters):
    if isinstance(angle, float):
        return angle
    scale, kind, index, offset = angle.__getstate__()
    if kind == 0:
        return offset
    return scale * (features if kind == 1 else parameters)[index] + offset
