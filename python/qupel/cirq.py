"""Cirq: a simulator whose sweeps run here, and circuits and Pauli sums of Cirq as ours.

qupel.cirq.Simulator is a cirq.Simulator: expectation values, final states and samples of sweeps run on Qupel's engine, one program for
all points, channels and noise models too (as exact mixed states on up to 8 qubits); whatever else it is asked (steps, qudits,
measurements within a circuit, one noisy state) Cirq answers.
"""

import numpy as np

from . import _core, _program
from ._core import InputError
from ._extras import needs

try:
    import cirq
    import sympy
except ModuleNotFoundError as failure:
    raise needs("cirq", failure) from failure

#: Powers of gates, up to a phase: our rotation, whose angle is pi * exponent.
_POWERS = {cirq.XPowGate: "rx", cirq.YPowGate: "ry", cirq.ZPowGate: "rz", cirq.CZPowGate: "cp", cirq.XXPowGate: "rxx", cirq.YYPowGate: "ryy",
           cirq.ZZPowGate: "rzz"}
#: Gates whose exponent is 1.
_FIXED = {cirq.HPowGate: "h", cirq.CXPowGate: "cx", cirq.SwapPowGate: "swap", cirq.ISwapPowGate: "iswap", cirq.CCXPowGate: "ccx"}


#: Circuits with channels on more qubits are left to Cirq.
MOST_NOISY_QUBITS = 8


class Converted:
    """A circuit of Cirq as ours: circuit, whose features are its exponents that have symbols, and features(resolvers).

    channels: the operators of its channels, as qupel.compile takes them beside the circuit.
    """

    def __init__(self, circuit, order):
        circuit = cirq.Circuit(circuit)
        self._places = {qubit: len(order) - 1 - i for i, qubit in enumerate(order)}
        if any(qubit.dimension != 2 for qubit in order):
            raise InputError("qudits of more than two levels are not supported")
        self.circuit = _core.Circuit(max(1, len(order)))
        self.channels = []
        self.measured = {}  #: key -> (qubits, which are inverted)
        self._expressions = []
        self._closed = set()
        for operation in circuit.all_operations():
            self._append(operation)

    def _append(self, operation):
        gate, on = operation.gate, [self._places[q] for q in operation.qubits]
        if _is_channel(operation):
            if not set(on) <= self._closed:  # what follows a measurement is not seen
                self._append_channel(operation, on)
            return
        if isinstance(operation, cirq.ClassicallyControlledOperation) or self._closed & set(on):
            raise InputError("operations after a measurement are not supported here")
        if isinstance(gate, cirq.MeasurementGate):
            if gate.confusion_map or cirq.measurement_key_name(gate) in self.measured:
                raise InputError("confusion maps and repeated keys are not supported here")
            self.measured[cirq.measurement_key_name(gate)] = (on, gate.full_invert_mask())
            self._closed |= set(on)
        elif isinstance(gate, cirq.IdentityGate):
            pass
        elif type(gate) in _FIXED and gate.exponent == 1:
            self.circuit.add(_FIXED[type(gate)], on)
        elif isinstance(gate, cirq.CSwapGate):
            self.circuit.cswap(*on)
        elif name := next((ours for theirs, ours in _POWERS.items() if isinstance(gate, theirs)), None):
            self.circuit.add(name, on, self._angle(gate.exponent))
        else:
            self._decompose(operation, on)

    def _append_channel(self, operation, on):
        if self._closed & set(on):
            raise InputError("operations after a measurement are not supported here")
        self.circuit._channel_place(len(self.channels), on[::-1])
        self.channels.append([np.asarray(each, complex) for each in cirq.kraus(operation)])

    def _decompose(self, operation, on):
        parts = cirq.decompose_once(operation, default=None)
        if parts is not None:
            for part in parts:
                self._append(part)
        elif len(on) <= 2 and cirq.has_unitary(operation):
            self.circuit.unitary(cirq.unitary(operation), on[::-1])
        else:
            raise InputError(f"{operation} has no decomposition into gates that Qupel knows")

    def _angle(self, exponent):
        if not cirq.is_parameterized(exponent):
            return float(exponent) * np.pi
        self._expressions.append(exponent)
        return np.pi * _core.features(len(self._expressions))[-1]

    def features(self, resolvers):
        """A row a point of a sweep."""
        names = sorted({symbol.name for e in self._expressions for symbol in e.free_symbols})
        try:
            columns = [np.array([float(resolver.value_of(name)) for resolver in resolvers]) for name in names]
        except TypeError:
            raise ValueError(f"some symbols were not specified as numbers by the sweep: the circuit has {', '.join(names)}") from None
        made = np.empty((len(resolvers), len(self._expressions)))
        if self._expressions:
            values = sympy.lambdify([sympy.Symbol(name) for name in names], self._expressions, "numpy")(*columns)
            for k, column in enumerate(values):
                made[:, k] = column
        return made


def _is_channel(operation):
    return not cirq.is_measurement(operation) and not cirq.has_unitary(operation) and not cirq.is_parameterized(operation) and \
        cirq.has_kraus(operation, allow_decompose=False)


def observable(pauli, order):
    """A PauliString or PauliSum as an Observable; the first qubit of the order is the highest bit."""
    places = {qubit: len(order) - 1 - i for i, qubit in enumerate(order)}
    terms = []
    for string in pauli if isinstance(pauli, cirq.PauliSum) else [cirq.PauliString(pauli)]:
        if abs(np.imag(string.coefficient)) > 1e-12:
            raise ValueError(f"{string} is not Hermitian")
        if missing := [str(qubit) for qubit in string.qubits if qubit not in places]:
            raise InputError(f"{string} acts on {', '.join(missing)}, which the circuit does not have")
        terms.append((float(np.real(string.coefficient)), [(places[q], str(letter)) for q, letter in string.items()]))
    return _core.Observable.from_terms(terms or [(0.0, [])])


class Simulator(cirq.Simulator):
    """A cirq.Simulator that runs sweeps on Qupel's engine; threads: of the engine."""

    def __init__(self, *, threads=1, **options):
        super().__init__(**options)
        self._threads = threads

    def _converted(self, program, order):
        """Ours; None for what is left to Cirq."""
        if not order:
            return None
        if self.noise != cirq.NO_NOISE:
            program = cirq.Circuit(self.noise.noisy_moments(cirq.Circuit(program), sorted(program.all_qubits())))
        try:
            found = Converted(program, order)
        except InputError:
            return None
        return None if found.channels and len(order) > MOST_NOISY_QUBITS else found

    def simulate_expectation_values_sweep_iter(self, program, observables, params, qubit_order=cirq.QubitOrder.DEFAULT, initial_state=None,
                                               permit_terminal_measurements=False):
        order = cirq.QubitOrder.as_qubit_order(qubit_order).order_for(program.all_qubits())
        wanted = observables if isinstance(observables, list) else [observables]
        simple = initial_state is None and not cirq.Circuit(program).has_measurements()
        converted = self._converted(program, order) if simple else None
        if converted is None:
            yield from super().simulate_expectation_values_sweep_iter(program, observables, params, qubit_order, initial_state,
                                                                      permit_terminal_measurements)
            return
        compiled = _program.compile(converted.circuit, [observable(each, order) for each in wanted], threads=self._threads,
                                    channels=converted.channels)
        for row in compiled.expectations(converted.features(list(cirq.to_resolvers(params)))):
            yield list(row)

    def run_sweep_iter(self, program, params, repetitions=1):
        circuit = cirq.Circuit(program)
        order = sorted(circuit.all_qubits())
        simple = repetitions > 0 and circuit.has_measurements() and circuit.are_all_measurements_terminal()
        converted = self._converted(circuit, order) if simple else None
        if converted is None:
            yield from super().run_sweep_iter(program, params, repetitions)
            return
        resolvers = list(cirq.to_resolvers(params))
        compiled = _program.compile(converted.circuit, (), threads=self._threads, channels=converted.channels)
        drawn = compiled.sample(converted.features(resolvers), None, repetitions, int(self._prng.randint(2**31)))
        for resolver, row in zip(resolvers, drawn):
            records = {key: _bits(row, on, inverted)[:, None, :] for key, (on, inverted) in converted.measured.items()}
            yield cirq.ResultDict(params=resolver, records=records)


def _bits(drawn, qubits, inverted):
    bits = (drawn[:, None] >> np.array(qubits, np.uint64)) & np.uint64(1)
    return bits.astype(np.uint8) ^ np.array(inverted, np.uint8)
