"""The work of the benchmarks, the same for every peer."""
import random
from typing import NamedTuple


class Work(NamedTuple):
    name: str
    qubits: int
    operations: list = []  # of (name, qubits, angles); none: only programs of native/ know this work
    noise: dict = {}  # channel after operations on so many qubits: {2: ("depolarizing", 0.01)}


def layers(qubits, entangle, depth=10, seed=7):
    """`depth` layers of RY and RZ on every qubit, then entangle(qubits)."""
    draw = random.Random(seed)
    operations = []
    for _ in range(depth):
        for q in range(qubits):
            operations.append(("ry", (q,), (draw.uniform(-3, 3),)))
            operations.append(("rz", (q,), (draw.uniform(-3, 3),)))
        operations += entangle(qubits)
    return operations


def ring(name):
    return lambda qubits: [(name, (q, (q + 1) % qubits), ()) for q in range(qubits)]


def all_to_all(qubits):
    return [("cx", (a, b), ()) for a in range(qubits) for b in range(a + 1, qubits)]


NOISE = {1: ("amplitude-damping", 0.01), 2: ("depolarizing", 0.01)}
STATES = {"layers-cx-ring": ring("cx"), "layers-cz-ring": ring("cz"), "layers-cx-all": all_to_all}


def work(name, qubits):
    if name == "noisy-cx-ring":
        return Work(name, qubits, layers(qubits, ring("cx"), depth=5), NOISE)
    return Work(name, qubits, layers(qubits, STATES[name])) if name in STATES else Work(name, qubits)


def qasm(work):
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', f"qubit[{work.qubits}] q;"]
    for name, on, angles in work.operations:
        arguments = f"({', '.join(map(repr, angles))})" if angles else ""
        lines.append(f"{name}{arguments} {', '.join(f'q[{q}]' for q in on)};")
    return "\n".join(lines) + "\n"
