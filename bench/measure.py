"""One measurement in a process of its own: measure.py PEER WORK QUBITS PRECISION THREADS PROGRAM REPEATS."""
import importlib
import json
import sys

import circuits

peer, work, qubits, precision, threads, program, repeats = sys.argv[1:]
module = importlib.import_module(f"peers.{peer}")
task = circuits.work(work, int(qubits))
runs = [module.measure(task, precision, int(threads), program) for _ in range(int(repeats))]
print(json.dumps({"seconds": min(seconds for seconds, _ in runs), "value": runs[0][1], "version": module.version(program)}))
