#!/usr/bin/env python3
"""Qupel beside its peers, one run, the same work, answers compared: run.py [--quick] PROGRAM.

Each measurement is a process of its own. Peers in peers/ are called from Python, without what their bindings take to
translate a circuit, or from C++ by a program of native/; each says for which work and precisions it stands. Writes
results/latest.json and results/latest.md beside this file, after each row.
"""
import datetime
import importlib
import json
import os
import pathlib
import platform
import subprocess
import sys

import circuits

here = pathlib.Path(__file__).resolve().parent
TOLERANCE = {"single": 2e-4, "double": 1e-9}
# Work, qubits, threads, goal: times faster than the best peer.
ROWS = [("encode-and-layers", 4, 1, 50), ("encode-and-layers", 8, 1, 25), ("encode-and-layers", 10, 1, 20),
        ("encode-and-layers", 12, 1, 12), ("layers-cx-ring", 16, 2, 1), ("layers-cx-ring", 20, 2, 1),
        ("layers-cx-ring", 22, 2, 1), ("noisy-cx-ring", 8, 2, 1), ("noisy-cx-ring", 10, 2, 5), ("noisy-cx-ring", 12, 2, 10),
        ("qaoa-labs", 16, 2, 2), ("qaoa-labs", 20, 2, 2), ("qaoa-labs", 24, 2, 2), ("layers-cx-ring", 24, 2, 4),
        ("layers-cz-ring", 24, 2, 2), ("layers-cx-all", 24, 2, 2), ("layers-cx-ring", 26, 2, 4)]


def peers_of(work, precision):
    names = sorted(path.stem for path in (here / "peers").glob("*.py") if path.stem != "qupel")
    return [name for name in names if precision in importlib.import_module(f"peers.{name}").RUNS.get(work, ())]


def repeats_of(work, qubits):
    size = 2 * qubits if circuits.work(work, qubits).noise else qubits
    return 5 if size < 22 else 3 if size < 24 else 2 if size < 26 else 1


def measure(peer, work, qubits, threads, precision, program):
    command = [sys.executable, "measure.py", peer, work, str(qubits), precision, str(threads), program,
               str(repeats_of(work, qubits))]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{peer} failed on {work} at {qubits} qubits:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def compare(work, qubits, threads, goal, precision, program, versions):
    ours = measure("qupel", work, qubits, threads, precision, program)
    versions["qupel"] = ours["version"]
    best = None
    for peer in peers_of(work, precision):
        theirs = measure(peer, work, qubits, threads, precision, program)
        versions[peer] = theirs["version"]
        if abs(theirs["value"] - ours["value"]) > TOLERANCE[precision] * max(1, abs(ours["value"])):
            sys.exit(f"{work} at {qubits} qubits: {peer} answers {theirs['value']}, qupel {ours['value']}")
        if best is None or theirs["seconds"] < best[1]:
            best = (peer, theirs["seconds"])
    return {"work": work, "qubits": qubits, "precision": precision, "threads": threads, "peer": best[0],
            "peer_seconds": best[1], "qupel_seconds": ours["seconds"], "ratio": best[1] / ours["seconds"], "goal": goal}


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    return {"processor": model, "cores": os.cpu_count(), "system": platform.platform()}


def table(result):
    lines = ["| work | qubits | precision | threads | peer | peer, s | Qupel, s | ratio | goal |", "|---|---|---|---|---|---|---|---|---|"]
    for row in result["rows"]:
        lines.append("| {work} | {qubits} | {precision} | {threads} | {peer} | {peer_seconds:.3g} | {qupel_seconds:.3g} | {ratio:.1f} | "
                     "{goal} |".format(**row))
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result["versions"].items()))
    return "\n".join(lines) + f"\n\n{result['date']}, {result['machine']['processor']}; {versions}\n"


def write(result):
    (here / "results").mkdir(exist_ok=True)
    (here / "results" / "latest.json").write_text(json.dumps(result, indent=1) + "\n")
    (here / "results" / "latest.md").write_text(table(result))


def main():
    quick, program = "--quick" in sys.argv, str(pathlib.Path(sys.argv[-1]).resolve())
    result = {"rows": [], "versions": {}, "machine": machine(), "date": datetime.date.today().isoformat()}
    for work, qubits, threads, goal in ROWS:
        if quick and qubits > 22:
            continue
        for precision in TOLERANCE:
            if not peers_of(work, precision):
                continue
            row = compare(work, qubits, threads, goal, precision, program, result["versions"])
            result["rows"].append(row)
            write(result)
            print("{work:16} {qubits:2} {precision:6} {peer:11} {peer_seconds:8.4f} s  qupel {qupel_seconds:8.4f} s  "
                  "x{ratio:.1f} (goal {goal})".format(**row), file=sys.stderr)
    print(table(result))


if __name__ == "__main__":
    main()
