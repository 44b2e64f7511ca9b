"""Circuits of Qiskit as ours."""

import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import IfElseOp, ParameterExpression

from .. import _core
from .._core import InputError
from ._expressions import function_of, is_open

#: Gates of both, with the same names and angles.
GATES = {"rx", "ry", "rz", "p", "h", "x", "y", "z", "s", "sdg", "t", "tdg", "sx", "sxdg", "cx", "cy", "cz", "ch", "swap", "iswap", "ecr",
         "rxx", "ryy", "rzz", "rzx", "crx", "cry", "crz", "cp", "ccx", "cswap", "u"}
_PLAIN = {"barrier", "id", "delay", "measure", "reset"}


class Converted:
    """A circuit of Qiskit as ours: circuit, whose features are its angles that have parameters, and features(values)."""

    def __init__(self, circuit):
        if not isinstance(circuit, QuantumCircuit):
            raise InputError(f"a circuit of Qiskit is expected, not {type(circuit).__name__}")
        circuit = _without_namesakes(circuit)
        if not _is_plain(circuit):
            circuit = transpile(circuit, basis_gates=sorted(GATES | {"measure", "reset", "if_else"}), optimization_level=0)
        self.parameters = list(circuit.parameters)
        self.source = circuit
        self.circuit = _core.Circuit(max(1, circuit.num_qubits), circuit.num_clbits)
        self.measured = {}  #: classical bit -> qubit, of measurements at the end
        self.dynamic = False  #: whether it measures or resets before its end
        self.expressions = []  #: those angles, a feature each
        self._qubits = {qubit: i for i, qubit in enumerate(circuit.qubits)}
        self._bits = {bit: i for i, bit in enumerate(circuit.clbits)}
        self._touched, self._closed = set(), set()
        for each in circuit.data:
            self._append(each)
        self._evaluate = self.function_of(self.expressions)

    def _append(self, each):
        name, on = each.operation.name, [self._qubits[q] for q in each.qubits]
        if name in ("barrier", "id", "delay"):
            return
        if getattr(each.operation, "blocks", None):
            self.dynamic = True
            self._touched |= set(on)
            for _, _, gate, params, _ in _conditional_gates(each, self._bits):
                list(map(self._angle, params))
            return
        if name == "reset" and not self._touched & set(on):
            return  # it is |0> already
        self.dynamic |= name == "reset" or bool(self._closed & set(on))
        self._touched |= set(on)
        if name == "measure":
            bit = self._bits[each.clbits[0]]
            self.dynamic |= bit in self.measured
            self.measured[bit] = on[0]
            self._closed.add(on[0])
        elif name == "reset":
            self.circuit.reset(on[0])
            return
        else:
            self.circuit.add(name, on, *map(self._angle, each.params))
            return

    def _angle(self, value):
        if not is_open(value):
            return float(value)
        self.expressions.append(value)
        return _core.features(len(self.expressions))[-1]

    def of_gates(self):
        """The circuit, which must not measure, reset or decide before its end."""
        if self.dynamic:
            raise InputError("the circuit measures, resets or decides before its end: run it by Estimator or Sampler")
        return self.circuit

    def with_measurements(self):
        """The circuit with its measurements where they stand."""
        made = _core.Circuit(self.circuit.qubits, max(1, self.source.num_clbits))
        feature = iter(_core.features(len(self.expressions)))
        touched = set()
        for each in self.source.data:
            name, on = each.operation.name, [self._qubits[q] for q in each.qubits]
            if name == "measure":
                made.measure(on[0], self._bits[each.clbits[0]])
            elif name == "reset":
                if on[0] in touched:
                    made.reset(on[0])
            elif getattr(each.operation, "blocks", None):
                for bits, (relation, value), gate, params, places in _conditional_gates(each, self._bits):
                    angles = [next(feature) if is_open(p) else float(p) for p in params]
                    made.if_(bits, value, gate, [on[k] for k in places], *angles, relation=relation)
            elif name not in ("barrier", "id", "delay"):
                made.add(name, on, *(next(feature) if is_open(p) else float(p) for p in each.params))
            touched |= set(on)
        return made

    def function_of(self, expressions):
        """Values of expressions from the columns of the parameters."""
        return function_of(expressions, self.parameters)

    def features(self, values):
        """The features of our circuit for rows of parameters, in the order of Qiskit's circuit.parameters."""
        values = np.asarray(values, float)
        values = values.reshape(int(np.prod(values.shape[:-1])), len(self.parameters))
        made = np.empty((len(values), len(self.expressions)))
        for k, column in enumerate(self._evaluate(values.T)):
            made[:, k] = column
        return made


def _without_namesakes(circuit):
    """The circuit with users' own gates taken apart that are called as ours are: what they do is not what the name says."""
    while own := [each.operation for each in circuit.data if each.name in GATES and not each.is_standard_gate()]:
        if any(each.definition is None for each in own):
            raise InputError(f"the gate {own[0].name} is not the one of Qiskit and has no definition")
        circuit = circuit.decompose(sorted({each.name for each in own}))
    return circuit


def _is_plain(circuit):
    """Whether all its gates are ours, those of its blocks too."""
    return all(all(map(_is_plain, blocks)) if (blocks := getattr(each.operation, "blocks", None)) else each.operation.name in GATES | _PLAIN
               for each in circuit.data)


def _conditional_gates(each, bits):
    """The gates of an if with an else or without: bits, (comparison, value), name, angles, places among the operation's qubits."""
    if not isinstance(each.operation, IfElseOp) or not isinstance(each.operation.condition, tuple):
        raise InputError(f"{each.operation.name}: of control flow only if_test on a bit or a register is supported; write the circuit as "
                         "OpenQASM 3 and use Circuit.from_qasm")
    target, value = each.operation.condition
    read = [bits[bit] for bit in (target if hasattr(target, "size") else [target])]
    for block, relation in zip(each.operation.blocks, ("==", "!=")):
        places = {qubit: k for k, qubit in enumerate(block.qubits)}
        for gate in block.data:
            if gate.operation.name in ("barrier", "id", "delay"):
                continue
            if gate.operation.name not in GATES:
                raise InputError(f"{gate.operation.name} inside of if_test is not supported; write the circuit as OpenQASM 3 and use "
                                 "Circuit.from_qasm")
            yield read, (relation, int(value)), gate.operation.name, gate.params, [places[q] for q in gate.qubits]


def from_qiskit(circuit):
    """A circuit of Qiskit without its measurements as ours; its parameters in alphabetical order are our parameters.

    For expressions beyond a factor times one parameter plus a number use Converted.
    """
    converted = Converted(circuit)
    made = _core.Circuit(converted.of_gates().qubits)
    slots = dict(zip(converted.parameters, _core.parameters(len(converted.parameters))))
    angles = iter([_affine(expression, slots) for expression in converted.expressions])
    for name, qubits, given, letters, _ in converted.circuit.operations:
        made.add(name, qubits, *(next(angles) if "x[" in repr(a) else a for a in given))
    return made


def _affine(expression, slots):
    if len(expression.parameters) == 1:
        (parameter,) = expression.parameters
        factor = expression.gradient(parameter)
        if not isinstance(factor, ParameterExpression) or not factor.parameters:
            return float(np.real(complex(factor))) * slots[parameter] + float(expression.assign(parameter, 0.0))
    raise InputError(f"the angle {expression} is no factor times one parameter plus a number: use qupel.qiskit.Converted")
