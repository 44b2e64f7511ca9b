#!/usr/bin/env python3
"""Circuits compiled by Qupel and by Qiskit at level 1, for the same devices: compiled.py PROGRAM [DEVICE ...].

Prints the ratio, Qupel's by Qiskit's, of two-qubit gates, of depth and of depth in two-qubit gates: medians over seeds
(three of Qupel, five of Qiskit). Rotations about Z, which take no time on these devices, count on neither side.
With --large instead: circuits of 16 to 100 qubits for ibm-torino, with Qiskit's levels 1 and 3, and the seconds of each.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from qiskit import QuantumCircuit, qasm3, transpile
from qiskit.circuit.library import CDKMRippleCarryAdder, QuantumVolume, efficient_su2
from qiskit.circuit.random import random_circuit
from qiskit.synthesis.qft import synth_qft_full
from qiskit.transpiler import CouplingMap

DEVICES = ["ibm-washington", "ibm-kyiv", "ibm-torino"]
LIMIT = 1.15
devices = pathlib.Path(__file__).resolve().parent.parent / "src/qupel/device/data"


def ising(qubits):
    circuit = QuantumCircuit(qubits)
    for _ in range(3):
        for q in range(qubits - 1):
            circuit.rzz(0.3, q, q + 1)
        circuit.rx(0.4, range(qubits))
    return circuit


def qaoa(qubits):
    random = numpy.random.default_rng(qubits + 20)
    circuit = QuantumCircuit(qubits)
    circuit.h(range(qubits))
    for a in range(qubits):
        for b in range(a):
            if random.random() < 0.5:
                circuit.rzz(0.7, a, b)
    circuit.rx(0.4, range(qubits))
    return circuit


def toffoli_chain(qubits):
    circuit = QuantumCircuit(qubits)
    for q in range(qubits - 2):
        circuit.h(q)
        circuit.ccx(q, q + 1, q + 2)
    return circuit


def ring(qubits):
    circuit = efficient_su2(qubits, entanglement="circular", reps=2)
    return circuit.assign_parameters(numpy.linspace(0.1, 3, circuit.num_parameters))


def circuits():
    for n in (5, 7, 9):
        yield f"random-{n}a", random_circuit(n, 7, max_operands=3, seed=1)
        yield f"random-{n}b", random_circuit(n, 7, max_operands=3, seed=2)
        yield f"volume-{n}", QuantumVolume(n, depth=3, seed=n).decompose(reps=2)
        yield f"toffoli-{n}", toffoli_chain(n)
        yield f"qaoa-{n}", qaoa(n)
        yield f"ring-{n}", ring(n)
        yield f"ising-{n}", ising(n)
    for bits in (2, 3):
        yield f"adder-{bits}", CDKMRippleCarryAdder(bits).decompose(reps=3)


def random_cx(qubits, gates):
    random = numpy.random.default_rng(1)
    circuit = QuantumCircuit(qubits)
    for _ in range(gates):
        circuit.cx(*random.choice(qubits, 2, replace=False).tolist())
    return circuit


def cubic_qaoa(qubits):
    """Two layers on a random graph, each of whose nodes has three edges or fewer."""
    random = numpy.random.default_rng(qubits)
    edges = {tuple(sorted(pair)) for _ in range(3) for pair in random.permutation(qubits).reshape(-1, 2).tolist()}
    circuit = QuantumCircuit(qubits)
    circuit.h(range(qubits))
    for _ in range(2):
        for a, b in sorted(edges):
            circuit.rzz(0.7, a, b)
        circuit.rx(0.4, range(qubits))
    return circuit


def large_circuits():
    yield "qft-16", synth_qft_full(16)
    yield "random-20", random_cx(20, 200)
    yield "random-40", random_cx(40, 400)
    yield "qaoa-30", cubic_qaoa(30)
    yield "qaoa-60", cubic_qaoa(60)
    yield "random-100", random_cx(100, 2000)


def of_qupel(program, circuit, device, seeds=3):
    """Two-qubit gates, depth, depth in two-qubit gates, seconds."""
    gates = ["u", "cx", "h", "rz", "rx", "ry", "rzz", "cp", "p", "x", "sx", "ccx", "swap", "cz"]
    with tempfile.NamedTemporaryFile("w", suffix=".qasm") as file:
        file.write(qasm3.dumps(transpile(circuit, basis_gates=gates, optimization_level=0)))
        file.flush()
        for seed in range(seeds):
            made = subprocess.run([program, "compile", file.name, "--device", device, "--seed", str(seed), "--json"],
                                  capture_output=True, text=True, check=True)
            found = json.loads(made.stdout)
            yield found["two_qubit"], found["depth"], found["two_qubit_depth"], found["seconds"]


def of_qiskit(circuit, device, level=1, seeds=5):
    operations = {each["operation"]: each for each in json.loads((devices / f"{device}.json").read_text())["operations"]}
    name = next(name for name in ("cx", "ecr", "cz") if name in operations)
    pairs = operations[name]["on"]
    if name == "cz":
        pairs = pairs + [pair[::-1] for pair in pairs]
    for seed in range(seeds):
        start = time.monotonic()
        made = transpile(circuit, coupling_map=CouplingMap(pairs), basis_gates=["rz", "sx", "x", name],
                         optimization_level=level, seed_transpiler=seed)
        seconds = time.monotonic() - start
        yield (made.num_nonlocal_gates(), made.depth(lambda each: each.operation.name not in ("rz", "barrier")),
               made.depth(lambda each: len(each.qubits) == 2), seconds)


def medians(rows):
    return [statistics.median(column) for column in zip(*rows)]


def large(program):
    device = "ibm-torino"
    print(f"{'circuit':<12} {'compiled by':<16} {'two-qubit gates':>16} {'depth':>7} {'two-qubit depth':>16} {'s':>7}")
    for name, circuit in large_circuits():
        for by, rows in (("Qupel", of_qupel(program, circuit, device)), ("Qiskit, level 1", of_qiskit(circuit, device, 1, 3)),
                         ("Qiskit, level 3", of_qiskit(circuit, device, 3, 3))):
            gates, depth, two_qubit_depth, seconds = medians(rows)
            print(f"{name:<12} {by:<16} {gates:>16g} {depth:>7g} {two_qubit_depth:>16g} {seconds:>7.2f}", flush=True)


def main(program, names):
    print(f"{'device':<16} {'circuit':<12} {'two-qubit gates':>18} {'depth':>18} {'two-qubit depth':>18}")
    for device in names or DEVICES:
        for name, circuit in circuits():
            pairs = list(zip(medians(of_qupel(program, circuit, device)), medians(of_qiskit(circuit, device))))[:3]
            cells = [f"{ours / theirs:.2f} ({ours:g}/{theirs:g})" for ours, theirs in pairs]
            behind = any(ours > LIMIT * theirs for ours, theirs in pairs)
            print(f"{device:<16} {name:<12}", *(f"{cell:>18}" for cell in cells), "<<<" if behind else "", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    large(sys.argv[1]) if "--large" in sys.argv else main(sys.argv[1], sys.argv[2:])
