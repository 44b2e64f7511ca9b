"""Qiskit: Estimator and Sampler (primitives V2), Backend (BackendV2), and circuits and operators of Qiskit as ours.

>>> from qiskit.circuit.library import real_amplitudes
>>> from qupel.qiskit import Estimator
>>> circuit = real_amplitudes(2, reps=1)
>>> round(float(Estimator().run([(circuit, "ZZ", [0.1, 0.2, 0.3, 0.4])]).result()[0].data.evs), 4)
0.8003
"""

import re
import uuid
import warnings
from functools import lru_cache

import numpy as np

from . import _core, _program
from ._core import InputError
from ._extras import needs

try:
    from qiskit import QuantumCircuit, transpile
    from qiskit.circuit import IfElseOp, ParameterExpression, ParameterVector
    from qiskit.circuit.library import PauliEvolutionGate
    from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
    from qiskit.primitives.containers import BitArray, DataBin, PrimitiveResult, PubResult, SamplerPubResult
    from qiskit.primitives.containers.estimator_pub import EstimatorPub
    from qiskit.primitives.containers.sampler_pub import SamplerPub
    from qiskit.primitives.primitive_job import PrimitiveJob
    from qiskit.quantum_info import SparsePauliOp
    from qiskit.providers import BackendV2, JobStatus, JobV1, Options
    from qiskit.result import Result
    from qiskit.transpiler import CouplingMap, Target
except ModuleNotFoundError as failure:
    raise needs("qiskit", failure) from failure

#: Gates of both, with the same names and angles.
GATES = {"rx", "ry", "rz", "p", "h", "x", "y", "z", "s", "sdg", "t", "tdg", "sx", "sxdg", "cx", "cy", "cz", "ch", "swap", "iswap", "ecr",
         "rxx", "ryy", "rzz", "rzx", "crx", "cry", "crz", "cp", "ccx", "cswap", "u"}
_PLAIN = {"barrier", "id", "delay", "measure", "reset"}
_FUNCTIONS = {name: getattr(np, name) for name in ("sin", "cos", "tan", "exp", "log", "abs", "sign", "conj")}
_FUNCTIONS |= {"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "pi": np.pi}


@lru_cache(maxsize=1024)
def _code(text):
    return compile(text, "angles of a circuit", "eval")


class Converted:
    """A circuit of Qiskit as ours: circuit, whose features are its angles that have parameters, and features(values)."""

    def __init__(self, circuit):
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
        if not _is_open(value):
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
                    angles = [next(feature) if _is_open(p) else float(p) for p in params]
                    made.if_(bits, value, gate, [on[k] for k in places], *angles, relation=relation)
            elif name not in ("barrier", "id", "delay"):
                made.add(name, on, *(next(feature) if _is_open(p) else float(p) for p in each.params))
            touched |= set(on)
        return made

    def function_of(self, expressions):
        """Values of expressions from the columns of the parameters, as one expression of numpy."""
        names = {parameter.name: f"v[{k}]" for k, parameter in enumerate(self.parameters)}
        if not names:
            return lambda columns: ()
        either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        pattern = re.compile(rf"(?<![\w\[$])({either})(?![\w\[(])")
        code = _code("(" + "".join(pattern.sub(lambda m: names[m[0]], str(e)) + "," for e in expressions) + ")")
        return lambda columns: eval(code, {"__builtins__": {}}, {**_FUNCTIONS, "v": columns})

    def features(self, values):
        """The features of our circuit for rows of parameters, in the order of Qiskit's circuit.parameters."""
        values = np.asarray(values, float)
        values = values.reshape(int(np.prod(values.shape[:-1])), len(self.parameters))
        made = np.empty((len(values), len(self.expressions)))
        for k, column in enumerate(self._evaluate(values.T)):
            made[:, k] = column
        return made


def _is_open(value):
    return isinstance(value, ParameterExpression) and bool(value.parameters)


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


def to_qiskit(circuit):
    """Our circuit as one of Qiskit; slots become parameters x[i] and theta[i], classical bits one register c."""
    made = QuantumCircuit(circuit.qubits, circuit.bits)
    slots = ParameterVector("x", circuit.features), ParameterVector("theta", circuit.parameters)
    for (name, qubits, angles, letters, bits), conditions in zip(circuit.operations, circuit.conditions):
        if name == "barrier":
            made.barrier(qubits)
        elif name == "measure":
            made.measure(qubits[0], bits[0])
        elif name == "reset":
            made.reset(qubits[0])
        else:
            _append_gate(made, name, qubits, [_number_or_parameter(angle, *slots) for angle in angles], letters, conditions)
    return made


def _append_gate(made, name, qubits, angles, letters, conditions):
    if letters:
        gate = PauliEvolutionGate(SparsePauliOp(letters[::-1]), angles[0] / 2)
    elif name in GATES:
        gate = getattr(QuantumCircuit(len(qubits)), name)(*angles, *range(len(qubits)))[0].operation
    else:
        raise InputError(f"{name} is no gate of Qiskit's: compile the circuit for a device whose operations Qiskit has")
    if not conditions:
        made.append(gate, qubits)
        return
    ((read, relation, value),) = conditions
    if relation != "==" or len(read) != 1:
        raise InputError(f"the condition bits {read} {relation} {value} has no counterpart here; only one bit == a value has")
    with made.if_test((made.clbits[read[0]], value)):
        made.append(gate, qubits)


def _number_or_parameter(angle, features, parameters):
    if isinstance(angle, float):
        return angle
    scale, kind, index, offset = angle.__getstate__()
    if kind == 0:
        return offset
    return scale * (features if kind == 1 else parameters)[index] + offset


def observable(operator):
    """A SparsePauliOp, Pauli or label as an Observable."""
    if isinstance(operator, str):
        return _pauli_terms({operator: 1.0})
    if hasattr(operator, "to_list"):
        return _pauli_terms(dict(_summed(operator.to_list())))
    return _pauli_terms({operator.to_label(): 1.0})


def _summed(pairs):
    total = {}
    for label, weight in pairs:
        total[label] = total.get(label, 0) + weight
    return total.items()


_PROJECTORS = {"0": ("Z", 1), "1": ("Z", -1), "+": ("X", 1), "-": ("X", -1), "r": ("Y", 1), "l": ("Y", -1)}


def _letters(label):
    """A label of Pauli letters and projectors as weighted lists of (qubit, letter)."""
    products = [(1.0, [])]
    for k, letter in enumerate(reversed(label)):
        if letter in "XYZ":
            products = [(w, [*letters, (k, letter)]) for w, letters in products]
        elif letter in _PROJECTORS:  # (1 +- P) / 2
            pauli, sign = _PROJECTORS[letter]
            products = [p for w, letters in products for p in ((w / 2, letters), (sign * w / 2, [*letters, (k, pauli)]))]
        elif letter != "I":
            raise InputError(f"observable {label}: {letter} is no Pauli letter and no projector")
    return products


def _pauli_terms(labels):
    terms = []
    for label, weight in labels.items():
        if abs(np.imag(weight)) > 1e-12:
            raise InputError(f"the observable is not Hermitian: the weight of {label} is {weight}")
        terms += [(float(np.real(weight)) * w, letters) for w, letters in _letters(label)]
    return _core.Observable.from_terms(terms or [(0.0, [])])


def _values(pub, converted):
    """Rows of parameter values, and the shape that they fill."""
    values = pub.parameter_values.as_array(pub.circuit.parameters) if converted.parameters else np.zeros((*pub.parameter_values.shape, 0))
    return converted.features(values), values.shape[:-1]


def _seed(seed):
    return seed if isinstance(seed, int) else int(np.random.default_rng(seed).integers(2**63))


class Estimator(BaseEstimatorV2):
    """Expectation values: exact ones, to which normal noise is added where a precision is asked for.

    Other arguments are those of qupel.compile: device="ibm-torino", noise=..., threads=...
    """

    def __init__(self, *, default_precision=0.0, seed=None, threads=1, **options):
        self._default_precision, self._seed, self._options = default_precision, seed, {"threads": threads, **options}

    default_precision = property(lambda self: self._default_precision)
    seed = property(lambda self: self._seed)

    def run(self, pubs, *, precision=None):
        precision = self._default_precision if precision is None else precision
        job = PrimitiveJob(self._run, [EstimatorPub.coerce(pub, precision) for pub in pubs])
        job._submit()
        return job

    def _run(self, pubs):
        return PrimitiveResult([self._pub(pub) for pub in pubs], metadata={"version": 2})

    def _pub(self, pub):
        distinct, index = {}, np.empty(pub.observables.shape, int)
        for at in np.ndindex(*index.shape):
            index[at] = distinct.setdefault(tuple(sorted(pub.observables[at].items())), len(distinct))
        converted = Converted(pub.circuit)
        features, shape = _values(pub, converted)
        observables = [_pauli_terms(dict(terms)) for terms in distinct]
        if converted.dynamic:
            circuit = converted.with_measurements()
            values = np.array([_program.run(circuit.bind(row), observables, **self._options).expectations for row in features])
        else:
            values = _program.compile(converted.circuit, observables, **self._options).expectations(features)
        rows = np.broadcast_to(np.arange(len(features)).reshape(shape), pub.shape)
        evs = np.asarray(values[rows, np.broadcast_to(index, pub.shape)], float)
        if pub.precision:
            evs = np.asarray(np.random.default_rng(self._seed).normal(evs, pub.precision))
        return PubResult(DataBin(evs=evs, stds=np.zeros(pub.shape), shape=pub.shape),
                         metadata={"target_precision": pub.precision, "circuit_metadata": pub.circuit.metadata})


class Sampler(BaseSamplerV2):
    """Measured bits. Other arguments are those of qupel.compile: device="ibm-torino", noise=..., threads=..."""

    def __init__(self, *, default_shots=1024, seed=None, threads=1, **options):
        self._default_shots, self._seed, self._options = default_shots, seed, {"threads": threads, **options}

    default_shots = property(lambda self: self._default_shots)
    seed = property(lambda self: self._seed)

    def run(self, pubs, *, shots=None):
        pubs = [SamplerPub.coerce(pub, self._default_shots if shots is None else shots) for pub in pubs]
        if any(len(pub.circuit.cregs) == 0 for pub in pubs):
            warnings.warn("One of your circuits has no output classical registers and so the result will be empty. Did you mean to add "
                          "measurement instructions?", UserWarning)
        job = PrimitiveJob(self._run, pubs)
        job._submit()
        return job

    def _run(self, pubs):
        return PrimitiveResult([self._pub(pub) for pub in pubs], metadata={"version": 2})

    def _pub(self, pub):
        converted = Converted(pub.circuit)
        features, shape = _values(pub, converted)
        read = _samples(converted, features, pub.shots, _seed(self._seed), self._options)
        position = {bit: k for k, bit in enumerate(pub.circuit.clbits)}
        fields = {}
        for register in pub.circuit.cregs:
            packed = read.packed([position[bit] for bit in register])
            fields[register.name] = BitArray(packed.reshape(*shape, pub.shots, packed.shape[-1]), len(register))
        return SamplerPubResult(DataBin(**fields, shape=shape), metadata={"shots": pub.shots, "circuit_metadata": pub.circuit.metadata})


class _Drawn:
    """Shots as numbers, and which bit of a number each classical bit is: rows x shots."""

    def __init__(self, numbers, places):
        self.numbers, self.places = numbers, places

    def packed(self, bits):
        """The bits of a register, the first one lowest, as Qiskit packs them: the highest byte first."""
        count = (len(bits) + 7) // 8
        packed = np.zeros((*self.numbers.shape, count), np.uint8)
        for byte in range(count):
            own = [self.places.get(bit) for bit in bits[8 * byte : 8 * byte + 8]]
            first = own[0]
            if first is not None and first % 8 == 0 and own == list(range(first, first + len(own))):
                whole = self.numbers.astype("<u8", copy=False).view(np.uint8).reshape(*self.numbers.shape, 8)[..., first // 8]
                value = whole if len(own) == 8 else whole & np.uint8(2 ** len(own) - 1)
            else:
                value = sum((((self.numbers >> np.uint64(place)) & np.uint64(1)) << np.uint64(k) for k, place in enumerate(own) if place is not None),
                            np.uint64(0))
            packed[..., count - 1 - byte] = value
        return packed


class _Bits:
    """Shots as bits: rows x shots x bits."""

    def __init__(self, bits):
        self.bits = bits

    def packed(self, bits):
        own = self.bits[:, :, bits[::-1]]
        padded = np.concatenate([np.zeros((*own.shape[:2], -len(bits) % 8), np.uint8), own], axis=2)
        return np.packbits(padded, axis=2)


def _samples(converted, features, shots, seed, options):
    if not converted.dynamic and converted.measured and len(features):
        return _Drawn(_program.compile(converted.circuit, (), **options).sample(features, None, shots, seed), converted.measured)
    bits = np.zeros((len(features), shots, converted.source.num_clbits), np.uint8)
    if converted.dynamic:
        circuit = converted.with_measurements()
        for r, row in enumerate(features):
            counts = _program.run(circuit.bind(row), shots=shots, seed=(seed + r) % 2**63, **options).counts
            texts = np.repeat(np.array([list(map(int, text[::-1])) for text in counts], np.uint8), list(counts.values()), axis=0)
            bits[r] = np.random.default_rng(seed + r).permutation(texts)[:, : bits.shape[2]]
    return _Bits(bits)


class _Job(JobV1):
    def __init__(self, backend, result):
        super().__init__(backend, str(uuid.uuid4()))
        self._result = result

    def submit(self):
        pass

    def result(self, timeout=None):
        return self._result

    def status(self):
        return JobStatus.DONE


#: Native operations that Qiskit knows by the same name.
_NATIVE_IN_QISKIT = GATES | {"id"}


class Backend(BackendV2):
    """This computer as a backend of Qiskit; with a device of Qupel's, under its noise and with its couplings as target.

    Backend("ibm-torino"); without a device any circuit runs without noise.
    """

    def __init__(self, device=None, *, qubits=30, seed=None, threads=1, **options):
        self._device = _core.device(device) if isinstance(device, str) else device
        super().__init__(name=self._device.name if self._device else "qupel", description="Qupel's engines on this computer")
        self._seed, self._compile = seed, {"threads": threads, **options}
        if self._device is None:
            self._target = Target.from_configuration([*sorted(GATES), "measure", "reset"], num_qubits=qubits)
        else:
            names = [name for name in self._device.native if name in _NATIVE_IN_QISKIT]
            edges = [list(pair) for a, b in self._device.edges for pair in ((a, b), (b, a))]
            self._target = Target.from_configuration([*names, "measure", "reset"], num_qubits=self._device.size,
                                                     coupling_map=CouplingMap(edges))
        self._target.add_instruction(IfElseOp, name="if_else")

    target = property(lambda self: self._target)
    max_circuits = property(lambda self: None)

    @classmethod
    def _default_options(cls):
        return Options(shots=1024, seed_simulator=None, memory=False)

    def run(self, run_input, **options):
        circuits = [run_input] if isinstance(run_input, QuantumCircuit) else list(run_input)
        chosen = {**dict(self.options.items()), **options}
        seed = _seed(chosen.get("seed_simulator") if chosen.get("seed_simulator") is not None else self._seed)
        made = [self._run_one(circuit, int(chosen["shots"]), seed + k, chosen.get("memory")) for k, circuit in enumerate(circuits)]
        return _Job(self, Result.from_dict({"backend_name": self.name, "backend_version": "0.1.0", "qobj_id": "", "job_id": str(uuid.uuid4()),
                                            "success": True, "results": made}))

    def _run_one(self, circuit, shots, seed, memory):
        converted, used = _on_used_qubits(circuit)
        options = self._compile if self._device is None else {**self._compile, "noise": ""}
        read = _samples(converted, np.zeros((1, 0)), shots, seed, options if self._device is None else {**options, "device": self._device})
        values = [int.from_bytes(row.tobytes(), "big") for row in read.packed(list(range(circuit.num_clbits)))[0]]
        counts = {}
        for value in values:
            counts[hex(value)] = counts.get(hex(value), 0) + 1
        registers = [[register.name, register.size] for register in circuit.cregs]
        data = {"counts": counts, **({"memory": [hex(value) for value in values]} if memory else {})}
        return {"shots": shots, "success": True, "status": "DONE", "seed": seed, "data": data,
                "header": {"name": circuit.name, "creg_sizes": registers, "memory_slots": circuit.num_clbits,
                           "metadata": circuit.metadata, "n_qubits": len(used)}}


def _on_used_qubits(circuit):
    """The circuit on the qubits that it uses alone: those of a device's layout may be many more."""
    used = [q for q in circuit.qubits if any(q in each.qubits for each in circuit.data if each.operation.name not in ("barrier", "delay"))]
    smaller = QuantumCircuit(used or circuit.qubits[:1], circuit.clbits)
    for each in circuit.data:
        if each.operation.name not in ("barrier", "delay"):
            smaller._append(each)
    return Converted(smaller), used
