#!/usr/bin/env python3
"""Measures what is often said of quantum machine learning on devices of today: statements.py QUPEL [NAME...]

    loading      amplitude encoding: gates and depth by the length of the vector, against the device's depth limit
    depth        how deep a circuit may be at two-qubit errors of 0.1 % to 1 %
    mitigation   repetitions that error mitigation takes, by the size of the circuit
    training     circuits to train one quantum neural network on an Eagle of 127 qubits
    wall-clock   the share of the time in which no quantum operation happens

Prints a table each, as in docs/statements.md; all but training and wall-clock (a minute together) take seconds."""
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
HEADER = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


class Qupel:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)

    def json(self, command, *options):
        done = subprocess.run([self.program, command, *map(str, options), "--json"], check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    def circuit(self, qubits, lines):
        path = self.folder / "circuit.qasm"
        path.write_text(f"{HEADER}qubit[{qubits}] q;\n" + "\n".join(lines) + "\n")
        return path


def table(header, rows):
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def amplitudes(qubits, draw):
    """Real amplitudes: a multiplexed RY on every qubit (Mottonen et al., quant-ph/0407010), 2^n - 2 CX, 2^n - 1 RY."""
    lines = []
    for target in range(qubits):
        for step in range(2**target):
            lines.append(f"ry({draw.uniform(-3, 3)!r}) q[{target}];")
            if target > 0:
                low = (step + 1 & -(step + 1)).bit_length() - 1
                lines.append(f"cx q[{min(low, target - 1)}], q[{target}];")
    return lines


def loading(qupel):
    rows = []
    for device in ("ibm-sherbrooke", "ibm-boston", "ionq-aria"):
        for qubits in range(2, 10):
            path = qupel.circuit(qubits, amplitudes(qubits, random.Random(qubits)))
            found = qupel.json("estimate", path, "--device", device)
            rows.append((device, 2**qubits, qubits, 2**qubits - 2, found["two_qubit"], found["depth"], found["depth_limit"],
                         "beyond" if found["depth"] > found["depth_limit"] else "within"))
    table(("device", "vector length", "qubits", "CX before routing", "two-qubit gates", "depth", "depth limit", ""), rows)


def layers(qubits, depth, draw):
    """One-qubit gates on all qubits, then cz on every other pair of neighbours, so many times."""
    lines = []
    for layer in range(depth):
        lines += [f"rx({draw.uniform(-3, 3)!r}) q[{q}]; rz({draw.uniform(-3, 3)!r}) q[{q}];" for q in range(qubits)]
        lines += [f"cz q[{q}], q[{q + 1}];" for q in range(layer % 2, qubits - 1, 2)]
    return lines


def mirrored(qubits, depth, draw):
    """The layers and their inverse, so that the ideal value of any product of Z is 1."""
    forward = layers(qubits, depth, draw)
    back = []
    for line in reversed(forward):
        if line.startswith("cz"):
            back.append(line)
            continue
        first, second = line[:-1].split("; ")
        back += [part.replace("(", "(-(").replace(") ", ")) ") + ";" for part in (second, first)]
    return forward + ["barrier q;"] + back


def depth(qupel):
    rows, qubits = [], 6
    for error in (0.001, 0.002, 0.005, 0.01):
        device = f"line({qubits}, two-qubit={error}, one-qubit={error / 10})"
        kept = {}
        for half in (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256):
            path = qupel.circuit(qubits, mirrored(qubits, half, random.Random(1)))
            kept[2 * half] = qupel.json("sim", path, "--device", device, "--exact", "--observable",
                                        " ".join(f"Z{q}" for q in range(qubits)))["noisy"]
            if kept[2 * half] < math.exp(-1):
                break
        last, first = max(d for d in kept if kept[d] >= math.exp(-1)), max(kept)
        # Between two depths the signal falls exponentially.
        share = math.log(kept[last] / math.exp(-1)) / math.log(kept[last] / kept[first])
        limits = []
        for size in (10, 20):
            wide = qupel.circuit(size, [f"h q[{q}];" for q in range(size)] + [f"cz q[{q}], q[{q + 1}];" for q in range(size - 1)])
            limits.append(qupel.json("estimate", wide, "--device",
                                     f"line({size}, two-qubit={error}, one-qubit={error / 10})")["depth_limit"])
        rows.append((f"{error:.1%}", f"{last + share * (first - last):.0f}", limits[0] // 2, limits[1] // 2))
    table(("two-qubit error", f"two-qubit layers, {qubits} qubits, simulated", "10 qubits, by the depth limit", "20 qubits, by the depth limit"), rows)


def mitigation(qupel):
    rows, qubits = [], 4
    for error in (0.003, 0.01):
        for count in (10, 50, 100, 200):
            pairs = layers(qubits, math.ceil(count / 1.5), random.Random(2))
            path = qupel.circuit(qubits, pairs)
            gates = sum(line.startswith("cz") for line in pairs)
            answer = qupel.json("sim", path, "--device", f"line({qubits}, two-qubit={error})", "--observable", "Z0 Z1",
                                "--mitigate", "zne(1 3 5, richardson)", "--shots", 1000)
            zne = answer["mitigated"]["zne"]
            weight = error * 4 / 3  # of the mixed state: a gate of average error e on 4 levels
            gamma = (1 + (1 - 2 / 16) * weight) / (1 - weight)
            rows.append((f"{error:.1%}", gates, f"{gamma ** (2 * gates):.3g}", f"{zne['variance_factor'] * zne['shots'] / 1000:.3g}",
                         f"{9 * gates} instead of {gates}"))
    table(("two-qubit error", "two-qubit gates", "PEC: shots times", "ZNE, Richardson 1 3 5: shots times", "ZNE: two-qubit gates run"), rows)


def study(qupel):
    runs = qupel.folder / "runs"
    answer = qupel.json("run", here / "qnn-on-eagle.toml", "--out", runs)
    folder = pathlib.Path(answer["run"])
    return json.loads(((folder if folder.exists() else runs / folder.name) / "result.json").read_text())


def training(qupel):
    result = study(qupel)
    found = next(c for c in result["contenders"] if c["name"] == "variational")
    steps, rows = len(found["learning_curve"]), result["rows"] - result["rows"] // result["outer_folds"]
    each = found["ledger"]["hardware_circuits"] // found["ledger"]["gradients"]
    on = next(d for d in found["devices"] if d["device"] == "ibm-sherbrooke")
    factor = on["mitigation_ledger"]["hardware_circuits"] / on["ledger"]["hardware_circuits"]
    seconds = on["ledger"]["device_seconds"] / on["ledger"]["hardware_circuits"]
    circuits = steps * rows * each
    table(("one quantum neural network on ibm-sherbrooke", ""),
          [("steps of one fit x training rows x circuits of a gradient (parameter shift)", f"{steps} x {rows} x {each}"),
           ("circuits", f"{circuits:,}"), ("the same with zne and readout mitigation", f"{circuits * factor:,.0f}"),
           ("of 1,000 shots: days on the device's clock", f"{circuits * factor * seconds / 86400:.1f}"),
           ("circuits of the whole study, with its tuning, folds and other seeds", f"{found['ledger']['hardware_circuits']:,}")])


def wall_clock(qupel):
    found = next(c for c in study(qupel)["contenders"] if c["name"] == "variational")
    rows = []
    for on in found["devices"]:
        ledger, shots = on["ledger"], on["ledger"]["shots"]
        quantum = 1e-6 * on["resources"]["duration"] * shots
        rows.append((on["device"], f"{on['resources']['duration']:.3g} us", f"{quantum:.3g} s", f"{ledger['device_seconds']:.4g} s",
                     f"{1 - quantum / ledger['device_seconds']:.1%}"))
    table(("device", "the circuit", "all of them", "the device's clock", "no quantum operation"), rows)


STATEMENTS = {"loading": loading, "depth": depth, "mitigation": mitigation, "training": training, "wall-clock": wall_clock}


def main():
    names = sys.argv[2:] or list(STATEMENTS)
    if len(sys.argv) < 2 or any(name not in STATEMENTS for name in names):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            print(f"### {name}\n")
            STATEMENTS[name](Qupel(sys.argv[1], folder))


if __name__ == "__main__":
    main()
