"""Amazon Braket: LocalSimulator("qupel"). Everything of Braket's own local simulator, but the evolution of the state runs here."""

from . import _core, _program
from ._extras import needs

try:
    from braket.default_simulator.state_vector_simulation import StateVectorSimulation
    from braket.default_simulator.state_vector_simulator import StateVectorSimulator
except ModuleNotFoundError as failure:
    raise needs("braket", failure) from failure

#: The class of an operation of Braket's simulator -> our gate.
GATES = {"Hadamard": "h", "PauliX": "x", "PauliY": "y", "PauliZ": "z", "S": "s", "Si": "sdg", "T": "t", "Ti": "tdg", "V": "sx", "Vi": "sxdg",
         "CX": "cx", "CY": "cy", "CZ": "cz", "Swap": "swap", "ISwap": "iswap", "CCNot": "ccx", "CSwap": "cswap", "ECR": "ecr", "RotX": "rx",
         "RotY": "ry", "RotZ": "rz", "PhaseShift": "p", "CPhaseShift": "cp", "XX": "rxx", "YY": "ryy", "ZZ": "rzz"}


class _Simulation(StateVectorSimulation):
    _evolved = False

    def evolve(self, operations):
        circuit = None if self._evolved else self._circuit(operations)
        self._evolved = True
        if circuit is None:
            super().evolve(operations)
        else:
            self._state_vector = _program.compile(circuit, (), threads=1).states()[0].copy()

    def _circuit(self, operations):
        """Ours; None if there is a gate that it does not have."""
        circuit = _core.Circuit(self._qubit_count)
        for each in operations:
            name = GATES.get(type(each).__name__)
            if name is None or getattr(each, "_ctrl_modifiers", ()) or getattr(each, "_power", 1) not in (1, None):
                return None
            angles = [each._angle] if hasattr(each, "_angle") else []
            circuit.add(name, [self._qubit_count - 1 - qubit for qubit in each.targets], *angles)
        return circuit


class Simulator(StateVectorSimulator):
    DEVICE_ID = "qupel"

    def initialize_simulation(self, **options):
        return _Simulation(options["qubit_count"], options["shots"], options.get("batch_size", 1))

    def run_multiple(self, programs, max_parallel=None, *args, **options):
        return [self.run(program, *args, **options) for program in programs]
