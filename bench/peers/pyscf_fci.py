"""The exact energy of nitrogen in STO-3G, 14,400 determinants: PySCF's FCI, from TenCirChem's environment, in seconds of processor time
from the molecular orbitals on."""
import json
import os
import pathlib
import subprocess
import tempfile

import native
from peers import tencirchem

RUNS = {"fci-nitrogen": ("double",)}
XYZ = "2\n\nN 0 0 0\nN 0 0 1.0977\n"
PROGRAM = """
import json, time
from pyscf import M, fci, scf
field = scf.RHF(M(atom="N 0 0 0; N 0 0 1.0977", basis="sto-3g", verbose=0)).run(conv_tol=1e-12)
best = float("inf")
for _ in range(5):
    start = time.process_time()
    energy = fci.FCI(field).kernel()[0]
    best = min(best, time.process_time() - start)
print(json.dumps([best, energy]))
"""


def version(_):
    return tencirchem.version_of("pyscf")


def measure(work, precision, threads, program):
    done = subprocess.run([tencirchem.PYTHON, "-c", PROGRAM], env={**os.environ, "OMP_NUM_THREADS": str(threads)}, stdout=subprocess.PIPE,
                          check=True, text=True)
    return tuple(json.loads(done.stdout))


def qupel(work, precision, threads, program):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "nitrogen.xyz"
        path.write_text(XYZ)
        return native.measure("qupel", work, precision, threads, program, str(path))
