"""The programs of native/, which stand beside the one that is measured."""
import json
import pathlib
import subprocess


def measure(name, work, precision, threads, program, *more):
    path = pathlib.Path(program).parent / "native" / f"{name}_native"
    command = [path, work.name, str(work.qubits), precision, str(threads), "2", *more]
    answer = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return answer["seconds"], answer["value"]


def version(name, program):
    sources = (pathlib.Path(program).parent / "peers" / "src").glob(f"{name}-*/")
    return next(sources).name.removeprefix(f"{name}-")
