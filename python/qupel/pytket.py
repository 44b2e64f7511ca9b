"""pytket: a backend with shots, counts, states and exact expectation values, and circuits and operators of pytket as ours.

>>> from pytket import Circuit
>>> from qupel.pytket import Backend
>>> Backend().run_circuit(Circuit(2).H(0).CX(0, 1).measure_all(), n_shots=100, seed=1).get_counts().keys() <= {(0, 0), (1, 1)}
True
"""

import uuid
from numbers import Integral

import numpy as np

from . import _core, _program
from ._core import InputError
from ._extras import needs

try:
    import sympy
    from pytket.backends import Backend as BaseBackend
    from pytket.backends import CircuitStatus, ResultHandle, StatusEnum
    from pytket.backends.backend_exceptions import CircuitNotRunError
    from pytket.backends.backendinfo import BackendInfo, fully_connected_backendinfo
    from pytket.backends.backendresult import BackendResult
    from pytket.circuit import Circuit, OpType
    from pytket.pauli import QubitPauliString
    from pytket.passes import AutoRebase, DecomposeBoxes, FullPeepholeOptimise, SequencePass, SynthesiseTket
    from pytket.predicates import GateSetPredicate, NoSymbolsPredicate
    from pytket.utils import QubitPauliOperator
    from pytket.utils.outcomearray import OutcomeArray
except ModuleNotFoundError as failure:
    raise needs("pytket", failure) from failure

#: pytket's gate -> ours, with the same angles, theirs in half turns.
GATES = {OpType.H: "h", OpType.X: "x", OpType.Y: "y", OpType.Z: "z", OpType.S: "s", OpType.Sdg: "sdg", OpType.T: "t", OpType.Tdg: "tdg",
         OpType.SX: "sx", OpType.SXdg: "sxdg", OpType.Rx: "rx", OpType.Ry: "ry", OpType.Rz: "rz", OpType.U1: "p", OpType.CX: "cx",
         OpType.CY: "cy", OpType.CZ: "cz", OpType.CH: "ch", OpType.SWAP: "swap", OpType.CRx: "crx", OpType.CRy: "cry", OpType.CRz: "crz",
         OpType.CU1: "cp", OpType.XXPhase: "rxx", OpType.YYPhase: "ryy", OpType.ZZPhase: "rzz", OpType.CCX: "ccx", OpType.CSWAP: "cswap"}
_NATIVE = {*GATES, OpType.PhasedX, OpType.TK1, OpType.ZZMax, OpType.noop, OpType.Barrier, OpType.Measure, OpType.Reset, OpType.Phase}


class Converted:
    """A circuit of pytket as ours; the first of its qubits is the highest bit, as in pytket's states.

    circuit, whose parameters are the symbols in alphabetical order; phase, the angle of its global phase; measured, a qubit of ours for
    each bit that is measured at the end; dynamic, whether it measures, resets or decides before its end.
    """

    def __init__(self, circuit):
        if not isinstance(circuit, Circuit):
            raise InputError(f"a circuit of pytket is expected, not {type(circuit).__name__}")
        circuit = circuit.copy()
        circuit.replace_implicit_wire_swaps()
        if any(_inner(command.op).type not in _NATIVE for command in circuit):
            DecomposeBoxes().apply(circuit)
        if any(_inner(command.op).type not in _NATIVE for command in circuit):
            AutoRebase({OpType.CX, OpType.Rz, OpType.SX, OpType.TK1, OpType.H}).apply(circuit)
        self.symbols = sorted(circuit.free_symbols(), key=str)
        self._slots = dict(zip(self.symbols, _core.parameters(len(self.symbols))))
        self.source = circuit
        self._places = {qubit: circuit.n_qubits - 1 - k for k, qubit in enumerate(circuit.qubits)}
        self._bits = {bit: k for k, bit in enumerate(circuit.bits)}
        self.circuit = _core.Circuit(max(1, circuit.n_qubits), len(circuit.bits))
        self.phase = circuit.phase
        commands, ends = circuit.get_commands(), {}
        for k, command in enumerate(commands):
            for place in command.args:
                ends[place] = k
        self.measured = {}
        self.dynamic = any(_within(command, k, ends) for k, command in enumerate(commands))
        for command in commands:
            self._append(command)

    def _append(self, command):
        op, on = command.op, [self._places[q] for q in command.qubits]
        if op.type == OpType.Conditional:
            return self._conditional(command, on)
        for name, qubits, angles in self._parts(op, on):
            self.circuit.add(name, qubits, *angles)
        if op.type == OpType.Measure:
            bit = self._bits[command.bits[0]]
            self.measured[bit] = on[0]
            if self.dynamic:
                self.circuit.measure(on[0], bit)
        elif op.type == OpType.Reset:
            self.circuit.reset(on[0])

    def _conditional(self, command, on):
        op = command.op
        bits = [self._bits[bit] for bit in command.args[: op.width]]
        if op.op.type in (OpType.Measure, OpType.Reset):
            raise InputError(f"a conditional {op.op.type.name} is not supported")
        for name, qubits, angles in self._parts(op.op, on):
            self.circuit.if_(bits, op.value, name, qubits, *angles)

    def _parts(self, op, on):
        """Our gates: name, qubits, angles."""
        if op.type in (OpType.noop, OpType.Barrier, OpType.Measure, OpType.Reset):
            return []
        angles = [self._angle(value) for value in op.params]
        if op.type == OpType.Phase:
            self.phase += op.params[0]
            return []
        if op.type == OpType.PhasedX:
            return [("rz", on, [-1 * angles[1]]), ("rx", on, [angles[0]]), ("rz", on, [angles[1]])]
        if op.type == OpType.TK1:
            return [("rz", on, [angles[2]]), ("rx", on, [angles[1]]), ("rz", on, [angles[0]])]
        if op.type == OpType.ZZMax:
            return [("rzz", on, [np.pi / 2])]
        return [(GATES[op.type], on, angles)]

    def _angle(self, value):
        value = sympy.sympify(value)
        symbols = value.free_symbols
        if not symbols:
            return float(value) * np.pi
        if len(symbols) == 1:
            (symbol,) = symbols
            factor = sympy.diff(value, symbol)
            if not factor.free_symbols:
                return np.pi * float(factor) * self._slots[symbol] + np.pi * float(value.subs(symbol, 0))
        raise InputError(f"the angle {value} is no factor times one symbol plus a number: substitute its symbols first")


def _inner(op):
    return op.op if op.type == OpType.Conditional else op


def _within(command, k, ends):
    """Whether a command is no gate and not at the end, or depends on bits."""
    if command.op.type in (OpType.Conditional, OpType.Reset):
        return True
    return command.op.type == OpType.Measure and any(ends[place] != k for place in command.args)


def from_pytket(circuit):
    """A circuit of pytket as ours without its measurements at the end; its symbols in alphabetical order are our parameters."""
    return Converted(circuit).circuit


def observable(operator, qubits):
    """A QubitPauliOperator or QubitPauliString as an Observable, for the circuit's qubits in their order."""
    if not isinstance(operator, (QubitPauliOperator, QubitPauliString)):
        raise InputError(f"an operator of pytket is a QubitPauliOperator or a QubitPauliString, not {type(operator).__name__}")
    places = {qubit: len(qubits) - 1 - k for k, qubit in enumerate(qubits)}
    pairs = [(operator, 1)] if isinstance(operator, QubitPauliString) else operator.get_dict().items()
    terms = []
    for string, weight in pairs:
        if missing := [str(qubit) for qubit in string.map if qubit not in places]:
            raise InputError(f"{string} acts on {', '.join(missing)}, which the circuit does not have")
        try:
            weight = complex(weight)
        except TypeError as failure:
            raise InputError(f"the weight of {string} is no number but {weight}") from failure
        if abs(weight.imag) > 1e-12:
            raise InputError(f"the operator is not Hermitian: the weight of {string} is {weight}")
        terms.append((weight.real, [(places[q], letter.name) for q, letter in string.map.items() if letter.name != "I"]))
    return _core.Observable.from_terms(terms or [(0.0, [])])


class Backend(BaseBackend):
    """Qupel's engines. Other arguments are those of qupel.compile: noise=..., device="ibm-torino", threads=..."""

    _supports_shots = _supports_counts = _supports_expectation = True
    _persistent_handles = False

    def __init__(self, *, seed=None, threads=1, noise="", device=None, **options):
        super().__init__()
        self._random = np.random.default_rng(seed)
        self._options = {"threads": threads, "noise": noise, "device": device, **options}
        self._supports_state = not noise and device is None

    @property
    def backend_info(self):
        gates = {op for op in _NATIVE if op != OpType.Phase}
        return fully_connected_backendinfo("qupel", None, "0.1.0", 30, gates)

    @property
    def required_predicates(self):
        return [NoSymbolsPredicate(), GateSetPredicate({*_NATIVE, OpType.Conditional})]

    def rebase_pass(self):
        return AutoRebase({OpType.CX, OpType.TK1})

    def default_compilation_pass(self, optimisation_level=2):
        further = {0: [], 1: [SynthesiseTket()], 2: [FullPeepholeOptimise()]}
        if optimisation_level not in further:
            raise InputError(f"optimisation_level of {optimisation_level}: choose 0, 1 or 2")
        return SequencePass([DecomposeBoxes(), *further[optimisation_level], self.rebase_pass()])

    @property
    def _result_id_type(self):
        return (str,)

    def process_circuits(self, circuits, n_shots=None, valid_check=True, **kwargs):
        circuits = list(circuits)
        for circuit in circuits:
            if not isinstance(circuit, Circuit):
                raise InputError(f"a backend runs circuits of pytket, not {type(circuit).__name__}")
        shots = BaseBackend._get_n_shots_as_list(n_shots, len(circuits), optional=True)
        if valid_check:
            self._check_all_circuits(circuits)
        seed = kwargs.get("seed")
        if seed is not None and not isinstance(seed, Integral):
            raise InputError(f"a seed must be a whole number, not {seed!r}")
        handles = []
        for k, (circuit, count) in enumerate(zip(circuits, shots)):
            own = int(self._random.integers(2**63)) if seed is None else seed + k
            handle = ResultHandle(str(uuid.uuid4()))
            self._cache[handle] = {"result": self._run(circuit, count, own)}
            handles.append(handle)
        return handles

    def circuit_status(self, handle):
        if handle not in self._cache:
            raise CircuitNotRunError(handle)
        return CircuitStatus(StatusEnum.COMPLETED)

    def _run(self, circuit, shots, seed):
        converted = Converted(circuit)
        if not shots:
            if converted.dynamic or converted.measured:
                raise InputError("a circuit that measures has no one state: say n_shots, or take its measurements out")
            if not self._supports_state:
                raise InputError("with noise there is no state: say n_shots, or ask for expectation values")
            state = self._compiled(converted, ()).states()[0] * np.exp(1j * np.pi * float(converted.phase))
            return BackendResult(q_bits=circuit.qubits, state=state)
        bits = self._dynamic_bits if converted.dynamic else self._bits
        return BackendResult(c_bits=circuit.bits, shots=OutcomeArray.from_readouts(bits(converted, shots, seed)))

    def _compiled(self, converted, observables):
        return _program.compile(converted.circuit, observables, **self._options)

    def _bits(self, converted, shots, seed):
        drawn = self._compiled(converted, ()).sample(None, None, shots, seed)[0]
        bits = np.zeros((shots, len(converted.source.bits)), np.uint8)
        for bit, qubit in converted.measured.items():
            bits[:, bit] = (drawn >> np.uint64(qubit)) & np.uint64(1)
        return bits

    def _dynamic_bits(self, converted, shots, seed):
        counts = _program.run(converted.circuit, shots=shots, seed=seed, **self._options).counts
        rows = np.repeat([list(map(int, text[::-1])) for text in counts], list(counts.values()), axis=0)
        return np.random.default_rng(seed).permutation(rows).astype(np.uint8)

    def get_operator_expectation_value(self, state_circuit, operator):
        converted = Converted(state_circuit)
        return complex(self._compiled(converted, observable(operator, state_circuit.qubits))()[0, 0])

    get_pauli_expectation_value = get_operator_expectation_value
