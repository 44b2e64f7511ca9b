"""The gradient of UCCSD's energy by PennyLane Lightning's adjoint method, from Python as its documentation has it: LiH and water in STO-3G,
the Hamiltonian by `qupel export`. The answer is the sum of squared derivatives at parameters of 0 (PennyLane's gates turn by half angles)."""
import json
import pathlib
import subprocess
import tempfile
import time

RUNS = {"uccsd-gradient": ("double",)}
MOLECULES = {12: (4, "2\n\nLi 0 0 0\nH 0 0 1.595\n"),  # by spin orbitals: electrons and geometry
             14: (10, "3\n\nO 0 0 0\nH 0 0.757160 0.586932\nH 0 -0.757160 0.586932\n")}


def version(_):
    from importlib.metadata import version as of
    return of("pennylane_lightning")


def interleaved(qubit, qubits):
    """PennyLane counts alpha and beta of an orbital one after the other, Qupel all alpha first."""
    return 2 * qubit if qubit < qubits // 2 else 2 * (qubit - qubits // 2) + 1


def hamiltonian(work, program):
    """In Qupel's order of spin orbitals."""
    import pennylane as qml
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "molecule.xyz").write_text(MOLECULES[work.qubits][1])
        subprocess.run([pathlib.Path(program).resolve(), "export", "molecule.xyz", "--hamiltonian", "h.json"], cwd=folder, check=True,
                       stderr=subprocess.DEVNULL)
        terms = json.loads((path / "h.json").read_text())["terms"]
    words = [qml.pauli.PauliWord({int(letter[1:]): letter[0] for letter in key.split()}) for key in terms]
    return qml.Hamiltonian(list(terms.values()), [word.operation(wire_order=range(work.qubits)) for word in words])


def gradient_function(work, program):
    import pennylane as qml
    energy = hamiltonian(work, program)
    electrons = MOLECULES[work.qubits][0]
    place = {interleaved(q, work.qubits): q for q in range(work.qubits)}
    excitations = [[place[wire] for wire in wires] for group in reversed(qml.qchem.excitations(electrons, work.qubits)) for wires in group]
    occupied = [place[wire] for wire in range(electrons)]

    @qml.qnode(qml.device("lightning.qubit", wires=work.qubits), diff_method="adjoint")
    def circuit(parameters):
        qml.BasisState([int(q in occupied) for q in range(work.qubits)], wires=range(work.qubits))
        for wires, parameter in zip(excitations, parameters):
            (qml.DoubleExcitation if len(wires) == 4 else qml.SingleExcitation)(parameter, wires=wires)
        return qml.expval(energy)
    return qml.grad(circuit), len(excitations)


def measure(work, precision, threads, program):
    from pennylane import numpy
    gradient, count = gradient_function(work, program)
    parameters = numpy.full(count, 0.01, requires_grad=True)
    best = float("inf")
    for _ in range(4):
        start = time.process_time()
        gradient(parameters)
        best = min(best, time.process_time() - start)
    slopes = gradient(numpy.zeros(count, requires_grad=True))
    return best, float(4 * (slopes**2).sum())


def qupel(work, precision, threads, program):
    import native
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "molecule.xyz"
        path.write_text(MOLECULES[work.qubits][1])
        return native.measure("qupel", work, precision, threads, program, str(path))
