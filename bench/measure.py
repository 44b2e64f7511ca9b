"""One measurement in a process of its own: measure.py PEER WORK QUBITS PRECISION THREADS PROGRAM REPEATS PATIENCE BEST. It is repeated
so often, but not after PATIENCE seconds, and not if it took more than a second and twice BEST, the seconds of another peer."""
import importlib
import json
import sys
import time

import circuits

peer, work, qubits, precision, threads, program, repeats, patience, best = sys.argv[1:]
module = importlib.import_module(f"peers.{peer}")
task = circuits.work(work, int(qubits))
start, runs = time.monotonic(), []


def worth_another():
    return len(runs) < int(repeats) and time.monotonic() - start < float(patience) and min(runs)[0] <= max(1, 2 * float(best))


while not runs or worth_another():
    runs.append(module.measure(task, precision, int(threads), program))
print(json.dumps({"seconds": min(runs)[0], "value": runs[0][1], "version": module.version(program)}))
