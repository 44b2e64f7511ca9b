#!/usr/bin/env python3
"""Qupel beside its peers, one run, the same work, answers compared: run.py [--quick] [--only=WORK] PROGRAM.

Each measurement is a process of its own. Peers in peers/ are called from Python, without what their bindings take to
translate a circuit, or from C++ by a program of native/; each says for which work and precisions it stands. Writes
results/latest.json, latest.md and latest.svg beside this file, after each row; with --quick to results/quick.*,
so that the whole table stays.
"""
import datetime
import functools
import importlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import time
from typing import NamedTuple

import chart
import circuits
import heuristics

here = pathlib.Path(__file__).resolve().parent
TOLERANCE = {"single": 2e-4, "double": 1e-9}


class Row(NamedTuple):
    work: str
    qubits: int
    threads: int
    goal: float | dict  # times faster than the best peer; if they differ, by precision
    quick: bool = True


SLOW = False
ROWS = [Row("encode-and-layers", 4, 1, {"single": 50, "double": 120}),
        Row("encode-and-layers", 8, 1, {"single": 25, "double": 30}),
        Row("encode-and-layers", 10, 1, {"single": 15, "double": 12}),
        Row("encode-and-layers", 12, 1, {"single": 12, "double": 8}),
        Row("fit-iqp-full", 4, 1, 10), Row("fit-iqp-full", 8, 1, 10, SLOW),
        Row("fit-reuploading", 4, 1, 10, SLOW), Row("fit-reuploading", 8, 1, 10, SLOW),
        Row("audit-breast-cancer", 4, 1, 100, SLOW),
        Row("gradient-z0", 12, 1, 3), Row("gradient-50-terms", 12, 1, 3), Row("gradient-batch-256", 12, 1, 10),
        Row("gradient-z0", 20, 2, 5, SLOW), Row("gradient-50-terms", 20, 2, 5, SLOW),
        Row("training-step", 4, 2, 100), Row("training-step", 8, 2, 100, SLOW), Row("training-step", 10, 2, 100, SLOW),
        Row("training-step", 12, 2, 100, SLOW), Row("fidelity-kernel", 10, 2, 110, SLOW),
        Row("layers-cx-ring", 16, 2, 1), Row("layers-cx-ring", 20, 2, 1), Row("layers-cx-ring", 22, 2, 1),
        Row("shots-1m", 20, 2, 2),
        Row("pec-200", 6, 1, 50, SLOW), Row("readout-1m", 10, 1, 50, SLOW),
        Row("noisy-cx-ring", 8, 2, 1), Row("noisy-cx-ring", 10, 2, 5), Row("noisy-cx-ring", 12, 2, 10, SLOW),
        Row("trajectories-cx-ring", 12, 2, {"single": 3, "double": 50}, SLOW),
        Row("qaoa-labs", 16, 2, 2), Row("qaoa-labs", 20, 2, 2), Row("qaoa-labs", 24, 2, 2, SLOW),
        Row("qaoa-labs-gradient", 16, 2, 5.2), Row("qaoa-labs-gradient", 20, 2, 5.2),
        Row("qaoa-labs-gradient", 24, 2, 5.2, SLOW),
        *[Row(work, 1000 if work.endswith("beasley") else 800, 1, 1, work == "annealing-g1") for work in heuristics.WORKS],
        Row("guadalupe-spsa", 4, 1, 50), Row("guadalupe-gradient", 4, 1, 50), Row("guadalupe-kernel", 4, 1, 50),
        Row("uccsd-hydrogen", 16, 1, 3), Row("uccsd-hydrogen", 20, 1, 3, SLOW),
        Row("uccsd-gradient", 12, 1, 10, SLOW), Row("uccsd-gradient", 14, 1, 10), Row("fci-nitrogen", 20, 1, 1),
        Row("layers-cx-ring", 24, 2, 4, SLOW), Row("layers-cz-ring", 24, 2, 2, SLOW), Row("layers-cx-all", 24, 2, 2, SLOW),
        Row("layers-rzz-chain", 24, 2, 2, SLOW), Row("layers-random-pairs", 24, 2, 1.8, SLOW),
        Row("layers-cx-ring", 26, 2, 4, SLOW)]
ONCE = {"training-step", "fidelity-kernel", "trajectories-cx-ring", "fit-iqp-full", "fit-reuploading",
        "audit-breast-cancer", "uccsd-hydrogen", *heuristics.WORKS}  # repeat by themselves, or take long
PATIENCE = {False: 5, True: 3}  # seconds after which a measurement is not repeated; of all rows and of the quick ones


def peers_of(work, precision):
    names = sorted(path.stem for path in (here / "peers").glob("*.py") if path.stem != "qupel")
    return [name for name in names if precision in importlib.import_module(f"peers.{name}").RUNS.get(work, ())]


@functools.cache
def last_table():
    """As it was before this run."""
    path = here / "results" / "latest.json"
    return json.loads(path.read_text()) if path.exists() else {"rows": [], "versions": {}}


def fastest_first(row, precision):
    """The peers, first the one that was fastest last time: a slower one need not be repeated then."""
    won = {last["peer"] for last in last_table()["rows"]
           if (last["work"], last["qubits"], last["precision"]) == (row.work, row.qubits, precision)}
    return sorted(peers_of(row.work, precision), key=lambda name: name not in won)


def repeats_of(work, qubits):
    if work in ONCE:
        return 1
    size = 2 * qubits if circuits.work(work, qubits).noise else qubits
    return 5 if size < 26 else 3


def measure(peer, work, qubits, threads, precision, program, quick, best=float("inf")):
    command = [sys.executable, "-W", "ignore", "measure.py", peer, work, str(qubits), precision, str(threads), program,
               str(repeats_of(work, qubits)), str(PATIENCE[quick]), str(best)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    if folder := getattr(importlib.import_module(f"peers.{peer}"), "FOLDER", None):
        environment["PYTHONPATH"] = str(pathlib.Path(sys.prefix) / folder)
    done = subprocess.run(command, cwd=here, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{peer} failed on {work} at {qubits} qubits")
    return json.loads(done.stdout)


def agree(work, qubits, precision, ours, theirs):
    allowed = circuits.work(work, qubits)
    return abs(ours - theirs) <= (allowed.tolerance or (allowed.relative or TOLERANCE[precision]) * max(1, abs(ours)))


def compare(row, precision, program, versions, quick):
    work, qubits, threads = row[:3]
    ours = measure("qupel", work, qubits, threads, precision, program, quick)
    versions["qupel"] = ours["version"]
    best = ("", float("inf"))
    for peer in fastest_first(row, precision):
        theirs = measure(peer, work, qubits, threads, precision, program, quick, best[1])
        versions[peer] = theirs["version"]
        if not agree(work, qubits, precision, ours["value"], theirs["value"]):
            sys.exit(f"{work} at {qubits} qubits: {peer} answers {theirs['value']}, qupel {ours['value']}")
        if theirs["seconds"] < best[1]:
            best = (peer, theirs["seconds"])
    return {"work": work, "qubits": qubits, "precision": precision, "threads": threads, "peer": best[0],
            "peer_seconds": best[1], "qupel_seconds": ours["seconds"], "ratio": best[1] / ours["seconds"],
            "goal": goal_of(row, precision), "date": today(), "processor": machine()["processor"]}


def today():
    return datetime.date.today().isoformat()


def in_order(rows):
    """As in ROWS, whenever each was measured."""
    order = {(row.work, row.qubits): place for place, row in enumerate(ROWS)}
    return sorted(rows, key=lambda row: (order[row["work"], row["qubits"]], row["precision"] != "single"))


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    return {"processor": model, "cores": os.cpu_count(), "system": platform.platform()}


def table(result):
    lines = ["| work | qubits | precision | threads | peer | peer, s | Qupel, s | ratio | goal | date | processor |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for row in result["rows"]:
        lines.append("| {work} | {qubits} | {precision} | {threads} | {peer} | {peer_seconds:.3g} | {qupel_seconds:.3g} | {ratio:.1f} | "
                     "{goal} | {date} | {processor} |".format(**row))
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result["versions"].items()))
    return "\n".join(lines) + f"\n\n{versions}\n"


def goal_of(row, precision):
    return row.goal[precision] if isinstance(row.goal, dict) else row.goal


def earlier(only):
    """The rows and versions of the last table where only some works are measured again, with today's goals."""
    last, goals = last_table(), {(row.work, row.qubits): row for row in ROWS}
    if not only or not last["rows"]:
        return [], {}
    kept = [row for row in last["rows"] if row["work"] not in only and (row["work"], row["qubits"]) in goals]
    for row in kept:
        row["goal"] = goal_of(goals[row["work"], row["qubits"]], row["precision"])
        row.setdefault("date", last["date"])
        row.setdefault("processor", last["machine"]["processor"])
    return kept, last["versions"]


def write(result, name):
    (here / "results").mkdir(exist_ok=True)
    (here / "results" / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
    (here / "results" / f"{name}.md").write_text(table(result))
    (here / "results" / f"{name}.svg").write_text(chart.chart(result))


def main():
    quick, program = "--quick" in sys.argv, str(pathlib.Path(sys.argv[-1]).resolve())
    only = [word.removeprefix("--only=") for word in sys.argv if word.startswith("--only=")]
    start = time.monotonic()
    rows, versions = earlier(only)
    result = {"rows": rows, "versions": versions, "machine": machine(), "date": today()}
    for row in ROWS:
        for precision in TOLERANCE:
            if quick and not row.quick or only and row.work not in only or not peers_of(row.work, precision):
                continue
            began = time.monotonic()
            compared = compare(row, precision, program, result["versions"], quick)
            result["rows"] = in_order(result["rows"] + [compared])
            write(result, "quick" if quick else "latest")
            print("{work:20} {qubits:2} {precision:6} {peer:11} {peer_seconds:8.4f} s  qupel {qupel_seconds:8.4f} s  "
                  "x{ratio:.1f} (goal {goal}); {row_seconds:.0f} s".format(**compared, row_seconds=time.monotonic() - began),
                  file=sys.stderr)
    print(table(result))
    print(f"measured for {(time.monotonic() - start) / 60:.1f} minutes", file=sys.stderr)


if __name__ == "__main__":
    main()
