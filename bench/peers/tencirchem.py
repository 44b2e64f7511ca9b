"""UCCSD of a hydrogen chain at 0.8 angstrom, optimised: TenCirChem, from an environment of its own beside the other peers', in seconds of
processor time from the molecule to the energy. A smaller chain before warms up what Python compiles.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

RUNS = {"uccsd-hydrogen": ("double",)}
PYTHON = pathlib.Path(sys.prefix) / "tencirchem" / "bin" / "python"
PROGRAM = """
import json, sys, time
from pyscf import M
from tencirchem import UCCSD
for atoms in (4, int(sys.argv[1])):
    molecule = M(atom=[["H", 0, 0, 0.8 * i] for i in range(atoms)], basis="sto-3g", verbose=0)
    start = time.process_time()
    energy = UCCSD(molecule).kernel()
    seconds = time.process_time() - start
print(json.dumps([seconds, energy]))
"""


def version_of(package):
    command = f"from importlib.metadata import version; print(version('{package}'))"
    return subprocess.run([PYTHON, "-c", command], capture_output=True, text=True, check=True).stdout.strip()


def version(_):
    return version_of("tencirchem")


def measure(work, precision, threads, program):
    environment = {**os.environ, "XLA_FLAGS": f"--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads={threads}"}
    done = subprocess.run([PYTHON, "-W", "ignore", "-c", PROGRAM, str(work.qubits // 2)], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True, text=True)
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def qupel(work, program):
    """The same by `qupel export`, with the circuit that it writes."""
    atoms = work.qubits // 2
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "chain.xyz").write_text(f"{atoms}\n\n" + "".join(f"H 0 0 {0.8 * i:.1f}\n" for i in range(atoms)))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [os.path.abspath(program), "export", "chain.xyz", "--active", f"{atoms},{atoms}", "--circuit", "chain.qasm"]
        done = subprocess.run(command, cwd=folder, check=True, stderr=subprocess.PIPE, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    energy = float(done.stderr.split()[-2])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, energy
