"""One measurement in a process of its own: measure.py PEER WORK QUBITS PRECISION THREADS PROGRAM REPEATS PATIENCE. It is repeated so
often, but not after PATIENCE seconds."""
import importlib
import json
import sys
import time

import circuits

peer, work, qubits, precision, threads, program, repeats, patience = sys.argv[1:]
module = importlib.import_module(f"peers.{peer}")
task = circuits.work(work, int(qubits))
start, runs = time.monotonic(), []
while not runs or len(runs) < int(repeats) and time.monotonic() - start < float(patience):
    runs.append(module.measure(task, precision, int(threads), program))
print(json.dumps({"seconds": min(seconds for seconds, _ in runs), "value": runs[0][1], "version": module.version(program)}))
