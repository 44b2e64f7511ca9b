"""A 4-qubit classifier on IBM's Guadalupe, in its own operations on its qubits 0 to 3, so that every program disturbs the same gates
at the same places: the circuit as QASM for Qupel and as operations for Qiskit, and where the calibration lies."""
import importlib.util
import pathlib

QUBITS, LAYERS, POINTS, KERNEL_ROWS, SHOTS, STEPS = 4, 2, 30, 40, 1024, 10
WORKS = ("guadalupe-spsa", "guadalupe-gradient", "guadalupe-kernel")


def ry(qubit, slot):
    """Of an input, up to a phase: RZ(pi) SX RZ(input + pi) SX, as operations (name, qubits, input or angle)."""
    return [("sx", (qubit,), None), ("rz+pi", (qubit,), slot), ("sx", (qubit,), None), ("rz", (qubit,), 3.141592653589793)]


def chain():
    return [("cx", (q, q + 1), None) for q in range(QUBITS - 1)]


def classifier():
    """Features as angles, then layers of RY and a chain of CX; Z of the last qubit is read."""
    operations = [step for q in range(QUBITS) for step in ry(q, f"x{q}")] + chain()
    for layer in range(LAYERS + 1):
        operations += [step for q in range(QUBITS) for step in ry(q, f"theta{layer * QUBITS + q}")]
        operations += chain() if layer < LAYERS else []
    return operations


def feature_map():
    turns = [step for q in range(QUBITS) for step in ry(q, f"x{q}")]
    return turns + chain() + turns


def operations(name):
    return feature_map() if name == "guadalupe-kernel" else classifier()


def inputs(name):
    """In the order of features and parameters."""
    found = {slot for _, _, slot in operations(name) if isinstance(slot, str)}
    return sorted(found, key=lambda slot: (not slot.startswith("x"), int(slot.strip("xtheta"))))


def qasm(name):
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";'] + [f"input float[64] {slot};" for slot in inputs(name)]
    lines.append(f"qubit[{QUBITS}] q;")
    for gate, on, slot in operations(name):
        angle = "" if slot is None else f"({slot} + pi)" if gate == "rz+pi" else f"({slot})"
        lines.append(f"{gate.removesuffix('+pi')}{angle} {', '.join(f'q[{q}]' for q in on)};")
    return "\n".join(lines) + "\n"


def calibration():
    """Its configuration and properties, as qiskit-ibm-runtime has them."""
    package = pathlib.Path(importlib.util.find_spec("qiskit_ibm_runtime").origin).parent
    folder = package / "fake_provider" / "backends" / "guadalupe"
    return folder / "conf_guadalupe.json", folder / "props_guadalupe.json"
