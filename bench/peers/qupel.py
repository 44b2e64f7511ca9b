"""Qupel through native/, from the circuit in memory on."""
import pathlib
import subprocess
import tempfile

import guadalupe
import heuristics
import native
from circuits import qasm
from peers import lightning_uccsd, pyscf_fci, tencirchem
from peers.scikit_lightning import audit, score


def version(program):
    lines = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()
    return "+".join(line.split(" ", 1)[1] for line in lines[:-1])  # release and commit; the last line is about this computer


def measure(work, precision, threads, program):
    if work.name == "audit-breast-cancer":
        result, seconds = audit(program, threads)
        return seconds, score(result, "svm-rbf")
    if work.name == "uccsd-hydrogen":
        return tencirchem.qupel(work, program)
    if work.name == "fci-nitrogen":
        return pyscf_fci.qupel(work, precision, threads, program)
    if work.name == "uccsd-gradient":
        return lightning_uccsd.qupel(work, precision, threads, program)
    if work.name in guadalupe.WORKS:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "circuit.qasm"
            path.write_text(guadalupe.qasm(work.name))
            return native.measure("qupel", work, precision, threads, program, str(path), *map(str, guadalupe.calibration()))
    if work.name in heuristics.WORKS:
        with tempfile.TemporaryDirectory() as folder:
            instance = heuristics.instance(work.name)
            settings = heuristics.SWEEPS if work.name.startswith("annealing") else heuristics.PATIENCE
            return native.measure("qupel", work, precision, threads, program, str(heuristics.write(instance, folder)),
                                  str(-heuristics.target(instance)), *map(str, settings))
    if not work.operations:
        return native.measure("qupel", work, precision, threads, program)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "circuit.qasm"
        path.write_text(qasm(work))
        more = [str(path)]
        if work.noise:
            count = {1: "one-qubit", 2: "two-qubit"}
            rules = [f"{channel}({value}) after {count[qubits]}" for qubits, (channel, value) in work.noise.items()]
            more += ["; ".join(rules), str(work.trajectories or 0)]
        return native.measure("qupel", work, precision, threads, program, *more)
