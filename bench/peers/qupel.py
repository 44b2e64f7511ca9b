"""Qupel's command line: seconds of state and expectation value, without reading the file."""
import json
import pathlib
import subprocess
import tempfile

import native
from circuits import qasm


def version(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


def measure(work, precision, threads, program):
    if not work.operations:
        return native.measure("qupel", work, precision, threads, program)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "circuit.qasm"
        path.write_text(qasm(work))
        command = [program, "sim", str(path), "--observable", "Z0", "--precision", precision, "--threads", str(threads),
                   "--json"]
        if not work.noise:
            command += ["--shots", "1"]  # which needs the whole state, as peers compute it, not a light cone
        else:
            count = {1: "one-qubit", 2: "two-qubit"}
            rules = [f"{channel}({value}) after {count[qubits]}" for qubits, (channel, value) in work.noise.items()]
            command += ["--noise", "; ".join(rules)]
        if work.trajectories:
            command += ["--trajectories", str(work.trajectories), "--seed", "1"]
        answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return answer["seconds"], answer["expectation"]
