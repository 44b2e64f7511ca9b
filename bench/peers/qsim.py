"""qsim, at the better of fusing three and four qubits; what Cirq does before, such as to translate the circuit, is not counted."""
import math
import time

from circuits import STATES

RUNS = {work: ("single",) for work in STATES}


def version(_):
    import qsimcirq
    return qsimcirq.__version__


def swapped(matrix):
    """Cirq's first qubit is the higher bit of an index."""
    import cirq
    order = [0, 2, 1, 3]
    return cirq.MatrixGate(matrix[order][:, order])


class Timed:
    """qsim's library; `seconds` is what its last simulation took."""

    def __init__(self, library):
        self.library = library
        self.seconds = 0.0

    def qsim_simulate_expectation_values(self, *arguments):
        start = time.perf_counter()
        values = self.library.qsim_simulate_expectation_values(*arguments)
        self.seconds = time.perf_counter() - start
        return values


def measure(work, _precision, threads, _program):
    import cirq
    import qsimcirq
    q = cirq.LineQubit.range(work.qubits)
    gate = {"ry": lambda a: cirq.ry(a[0]), "rz": lambda a: cirq.rz(a[0]), "cx": lambda _: cirq.CNOT, "cz": lambda _: cirq.CZ,
            "rzz": lambda a: cirq.ZZPowGate(exponent=a[0] / math.pi, global_shift=-0.5), "unitary": swapped}
    circuit = cirq.Circuit(gate[name](angles)(*(q[k] for k in on)) for name, on, angles in work.operations)
    best, value = float("inf"), 0.0
    for fused in (3, 4):
        simulator = qsimcirq.QSimSimulator(qsimcirq.QSimOptions(cpu_threads=threads, max_fused_gate_size=fused))
        library = simulator._sim_module = Timed(simulator._sim_module)
        simulator.simulate_expectation_values(cirq.Circuit(cirq.I.on_each(*q)), [cirq.Z(q[0])])  # loads the library
        value = simulator.simulate_expectation_values(circuit, [cirq.Z(q[0])], qubit_order=q)[0].real
        best = min(best, library.seconds)
    return best, value
