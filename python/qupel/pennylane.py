"""PennyLane devices: qml.device("qupel.qubit") and qml.device("qupel.mixed").

A batch of inputs runs as one program, derivatives come from one backward pass on the device, also for batches. Arguments beside wires:
seed, threads and precision ("double" or "single"); of qupel.mixed also noise (rules, as qupel.compile takes them). Channels of
PennyLane may stand in a circuit of qupel.mixed.
"""

import os
from dataclasses import replace

import numpy as np

from . import _core, _program, _states
from ._extras import needs

try:
    import pennylane as qml
    from pennylane.devices import Device, ExecutionConfig
    from pennylane.devices import qubit as pure
    from pennylane.devices import qubit_mixed as mixed
    from pennylane.devices.modifiers import simulator_tracking, single_tape_support
    from pennylane.devices.preprocess import (decompose, device_resolve_dynamic_wires, no_sampling, validate_device_wires,
                                              validate_measurements)
    from pennylane.exceptions import DecompositionUndefinedError, DeviceError
    from pennylane.measurements import ClassicalShadowMP, ExpectationMP, SampleMeasurement, ShadowExpvalMP
except ModuleNotFoundError as failure:
    raise needs("pennylane", failure) from failure

#: PennyLane's name of a gate -> ours, with the same angles.
GATES = {"RX": "rx", "RY": "ry", "RZ": "rz", "PhaseShift": "p", "Hadamard": "h", "PauliX": "x", "PauliY": "y", "PauliZ": "z", "S": "s",
         "T": "t", "SX": "sx", "CNOT": "cx", "CY": "cy", "CZ": "cz", "CH": "ch", "SWAP": "swap", "ISWAP": "iswap", "IsingXX": "rxx",
         "IsingYY": "ryy", "IsingZZ": "rzz", "CRX": "crx", "CRY": "cry", "CRZ": "crz", "ControlledPhaseShift": "cp", "Toffoli": "ccx",
         "CSWAP": "cswap", "Adjoint(S)": "sdg", "Adjoint(T)": "tdg", "Adjoint(SX)": "sxdg", "Adjoint(ISWAP)": "iswapdg", "ECR": "ecr"}
NATIVE = {*GATES, "Identity", "Rot", "MultiRZ", "PauliRot", "GlobalPhase"}
#: By their operators.
CHANNELS = {"AmplitudeDamping", "GeneralizedAmplitudeDamping", "PhaseDamping", "DepolarizingChannel", "BitFlip", "PhaseFlip", "PauliError",
            "ResetError", "QubitChannel", "ThermalRelaxationError"}

#: Matrices on more wires are not taken apart into Pauli strings.
MOST_MATRIX_WIRES = 8
#: Programs that a device keeps, by the structure of what it ran.
MOST_PROGRAMS = 128


def _is_given_state(operation):
    """Whether it prepares a state whose amplitudes are numbers: those that are trained are prepared by gates."""
    return operation.name == "StatePrep" and len(operation.wires) <= _states.MOST_QUBITS and not qml.math.requires_grad(operation.data[0])


def _operators(channel):
    """The Kraus operators of a channel."""
    found = [np.asarray(each, complex) for each in channel.kraus_matrices()]
    if any(each.ndim != 2 for each in found):
        raise DeviceError(f"{channel.name} with a batch of strengths: call the circuit once a strength, or use qml.transforms.broadcast_expand")
    return found


def _has_paulis(observable):
    """Whether an expectation value is one of a Pauli sum here."""
    if observable is None:
        return False
    return observable.pauli_rep is not None or (observable.has_matrix and len(observable.wires) <= MOST_MATRIX_WIRES)


def _sparse(observable):
    return observable is not None and type(observable).__name__ == "SparseHamiltonian"


def _pauli_sum(observable, qubits):
    if observable.pauli_rep is not None:
        terms = []
        for word, weight in observable.pauli_rep.items():
            if abs(np.imag(weight)) > 1e-12:
                raise DeviceError(f"{observable} is not Hermitian: the weight of {word} is {weight}")
            terms.append((float(np.real(weight)), [(qubits[wire], letter) for wire, letter in word.items()]))
        return _core.Observable.from_terms(terms or [(0.0, [])])
    matrix = observable.sparse_matrix().toarray() if _sparse(observable) else qml.matrix(observable)
    return _core.Observable.from_matrix(np.asarray(matrix, complex), [qubits[wire] for wire in reversed(observable.wires)])


class _Ragged(tuple):
    """Derivatives of one tape, some with and some without a batch axis: PennyLane's interface to PyTorch asks for their shape."""

    shape = (1,)

    def squeeze(self, axis=None):
        return self


class _Compiled:
    """The structure of a tape as a program. Every angle is a slot: one a sample where it is batched, else one for all."""

    def __init__(self, tape, wires, observables, options):
        self.qubits = {wire: len(wires) - 1 - i for i, wire in enumerate(wires)}
        self.circuit = _core.Circuit(len(wires))
        self.slots = []  # of each number of the tape: "feature" or "parameter", and which; None: it is none of an angle
        self.places = []  # of each number of the tape, or of each state: the kind, the first slot and how many
        self.counts = {"feature": 0, "parameter": 0}
        self.channels = []
        for operation in tape.operations:
            self._append(operation, tape.batch_size)
        made = [_pauli_sum(each, self.qubits) for each in observables]
        self.program = _program.compile(self.circuit, made, channels=self.channels, **options)

    def _take(self, kind, count):
        first = self.counts[kind]
        self.counts[kind] += count
        self.places.append((kind, first, count))
        return (_core.features if kind == "feature" else _core.parameters)(first + count)[first:]

    def _append(self, operation, batch):
        on = [self.qubits[wire] for wire in operation.wires]
        if operation.name in CHANNELS:
            self.circuit._channel_place(len(self.channels), on[::-1])
            self.channels.append(_operators(operation))
            self.slots += [None] * len(operation.data)
        elif operation.name == "StatePrep":
            kind = "feature" if operation.batch_size else "parameter"
            _states.append(self.circuit, on[::-1], self._take(kind, _states.count(len(on))))
            self.slots += [None]
        else:
            angles = []
            for value in operation.data:
                angles += self._take("feature" if batch and np.ndim(value) else "parameter", 1)
                self.slots.append(self.places[-1][:2])
            self._append_gate(operation, on, angles)

    def _append_gate(self, operation, on, angles):
        if operation.name in GATES:
            self.circuit.add(GATES[operation.name], on, *angles)
        elif operation.name == "Rot":
            self.circuit.rz(angles[0], *on).ry(angles[1], *on).rz(angles[2], *on)
        elif operation.name == "MultiRZ":
            self.circuit.pauli_rotation("Z" * len(on), angles[0], on)
        elif operation.name == "PauliRot" and set(operation.hyperparameters["pauli_word"]) != {"I"}:
            self.circuit.pauli_rotation(operation.hyperparameters["pauli_word"], angles[0], on)

    def values(self, tape):
        """Features and parameters; those that no gate uses, as of a global phase at the end, are not the circuit's."""
        if tape.batch_size == 0:
            raise DeviceError("a batch without samples")
        features, parameters = np.zeros((tape.batch_size or 1, self.counts["feature"])), np.zeros(self.counts["parameter"])
        for (kind, first, count), number in zip(self.places, _numbers(tape)):
            if kind == "feature":
                features[:, first : first + count] = number.reshape(-1, count)
            else:
                parameters[first : first + count] = number.reshape(count)
        return features[:, : self.circuit.features], parameters[: self.circuit.parameters]

    def derivative(self, slot, features, parameters):
        """The derivative by a slot; 0 for one that no gate uses."""
        if slot is None:
            raise DeviceError("derivatives by the strength of a channel or by amplitudes are not supported: use diff_method='finite-diff'")
        kind, index = slot
        table = features if kind == "feature" else parameters
        return table[..., index] if index < table.shape[-1] else np.zeros(table.shape[:-1])


def _numbers(tape):
    """The numbers of each slot or group of slots."""
    for operation in tape.operations:
        if operation.name == "StatePrep":
            yield _states.numbers(_amplitudes(operation))
        elif operation.name not in CHANNELS:
            for value in operation.data:
                number = np.asarray(qml.math.unwrap([value])[0])
                if np.iscomplexobj(number) and np.any(number.imag):
                    raise DeviceError(f"{operation.name} with the angle {value}: angles are real numbers")
                yield number.real


def _amplitudes(operation):
    """States as rows."""
    found = operation.state_vector()
    found = found.toarray() if hasattr(found, "toarray") else qml.math.unwrap([found])[0]
    states = np.asarray(found, complex).reshape(-1, 2 ** len(operation.wires))
    norms = np.linalg.norm(states, axis=1)
    if not np.all(abs(norms - 1) < 1e-5):  # also for what is not finite
        raise DeviceError(f"StatePrep of a state with the norm {norms[int(np.argmax(abs(norms - 1)))]:.6g}; it must be 1")
    return states


def _require_unitary(operation):
    """PennyLane takes any matrix apart as if it were unitary."""
    if operation.name == "QubitUnitary" and not qml.math.is_abstract(operation.data[0]):
        matrix = np.asarray(qml.math.unwrap(operation.data)[0], complex)
        if not np.allclose(matrix @ matrix.conj().swapaxes(-1, -2), np.eye(matrix.shape[-1]), atol=1e-5):
            raise DeviceError("QubitUnitary of a matrix that is not unitary")


def _parts(operation):
    """What an operation is made of; one that does not say so is known by its matrix, as a fractional power of a gate is."""
    if operation.has_decomposition:
        return operation.decomposition()
    if operation.has_matrix and 0 < len(operation.wires) <= MOST_MATRIX_WIRES:
        return [qml.QubitUnitary(qml.matrix(operation), operation.wires)]
    raise DecompositionUndefinedError


def _state_phase(tape):
    """What preparations of states leave out, one a sample."""
    phase = np.ones(1, complex)
    for operation in tape.operations:
        if operation.name == "StatePrep":
            phase = phase * _states.phases(_amplitudes(operation))
    return phase.reshape(-1, 1)


def _phase(tape):
    angles = [np.asarray(qml.math.unwrap(each.data)[0], float) for each in tape.operations if each.name == "GlobalPhase"]
    return np.exp(-1j * np.asarray(sum(angles, np.float64(0)))).reshape(-1, 1)


def _structure(tape, wires, observables):
    """What tapes have in common that one program runs."""
    operations = tuple((each.name, each.wires, tuple(map(np.ndim, each.data)), each.hyperparameters.get("pauli_word"))
                       if each.name not in CHANNELS else (each.name, each.wires, tuple(one.tobytes() for one in _operators(each)))
                       for each in tape.operations)
    return tuple(wires), tape.batch_size, operations, tuple(each.hash for each in observables)


#: Derivatives of what the device computes are numbers: who differentiates them again would get zeros, without a word.
_SECOND = "{} has first derivatives; for second ones use diff_method='parameter-shift' with max_diff=2"


@qml.transform
def _first_derivatives_only(tape, name):
    """Refuses numbers of which Autograd wants second derivatives: boxes in boxes."""
    for value in tape.get_parameters(trainable_only=False):
        if hasattr(getattr(value, "_value", None), "_value"):
            raise DeviceError(_SECOND.format(name))
    return [tape], lambda results: results[0]


def _is_differentiated(value):
    """Whether somebody follows a number for its derivative: a tensor that Autograd could follow is not yet followed."""
    if qml.math.get_interface(value) == "autograd":
        return hasattr(value, "_value")
    return qml.math.requires_grad(value)


@qml.transform
def _weights_outside(tape, name):
    """Takes observables apart whose weights are differentiated: a sum of numbers has their derivatives, the device has not."""
    followed = [m.obs for m in tape.measurements if m.obs is not None and any(map(_is_differentiated, m.obs.data))]
    if not followed:
        return [tape], lambda results: results[0]
    if any(each.pauli_rep is None for each in followed):
        raise DeviceError(f"{name} has no derivatives by the matrix of an observable: use diff_method='finite-diff'")
    return qml.transforms.split_to_single_terms(tape)


def _differentiated_again(config):
    """Whether PyTorch builds a graph of the derivatives that are being computed."""
    if config is None or "torch" not in str(config.interface).lower():
        return False
    import torch

    return torch.is_grad_enabled()


class _Device(Device):
    """What both devices have in common."""

    config_filepath = os.path.join(os.path.dirname(__file__), "pennylane.toml")  # for Catalyst

    def __init__(self, wires, shots, seed, threads, precision, **options):
        super().__init__(wires=wires, shots=shots)
        self._random = np.random.default_rng(seed)
        self._options = {"threads": threads, "precision": precision, **options}
        self._programs = {}

    def __getstate__(self):
        return {**self.__dict__, "_programs": {}}

    # What PennyLane is told.

    def _is_native(self, operation):
        _require_unitary(operation)
        return operation.name in NATIVE or _is_given_state(operation)

    def _is_sampled(self, measurement):
        return isinstance(measurement, SampleMeasurement)

    def setup_execution_config(self, config=None, circuit=None):
        config = config or ExecutionConfig()
        changes = {}
        if config.gradient_method in ("best", None) and not (circuit is not None and circuit.shots):
            changes["gradient_method"] = "adjoint"
        on_device = changes.get("gradient_method", config.gradient_method) in ("adjoint", "device")
        if config.use_device_gradient is None:
            changes["use_device_gradient"] = on_device
        # Derivatives of a batch are contracted here, not entry by entry in Python.
        changes["use_device_jacobian_product"] = on_device
        changes["grad_on_execution"] = False
        if config.mcm_config.mcm_method not in (None, "deferred"):
            raise DeviceError(f'mcm_method "{config.mcm_config.mcm_method}" is not supported by {self.name}; choose "deferred"')
        changes["mcm_config"] = replace(config.mcm_config, mcm_method="deferred")
        return replace(config, **changes)

    def preprocess_transforms(self, execution_config=None):
        config = execution_config or ExecutionConfig()
        program = qml.CompilePipeline()
        if config.gradient_method in ("adjoint", "device"):
            program.add_transform(_first_derivatives_only, name=self.name)
            program.add_transform(_weights_outside, name=self.name)
        program.add_transform(qml.defer_measurements, allow_postselect=False)
        program.add_transform(decompose, stopping_condition=self._is_native, target_gates=NATIVE, name=self.name, device_wires=self.wires,
                              skip_initial_state_prep=False, decomposer=_parts)
        program.add_transform(device_resolve_dynamic_wires, wires=self.wires, allow_resets=False)
        program.add_transform(validate_device_wires, self.wires, name=self.name)
        program.add_transform(validate_measurements, sample_measurements=self._is_sampled, name=self.name)
        if config.gradient_method == "adjoint":
            program.add_transform(no_sampling, name=f"adjoint + {self.name}")
        return program

    def supports_derivatives(self, execution_config=None, circuit=None):
        if execution_config is None:
            return True
        if execution_config.gradient_method not in ("adjoint", "device", "best"):
            return False
        return circuit is None or (not circuit.shots and all(type(m) is ExpectationMP and _has_paulis(m.obs) for m in circuit.measurements))

    supports_vjp = supports_derivatives

    # Running.

    def _order(self, tape):
        return self.wires if self.wires is not None else tape.wires

    def _compiled(self, tape, observables=()):
        wires = self._order(tape)
        if len(wires) == 0:
            raise DeviceError("the circuit has no wires")
        key = _structure(tape, wires, observables)
        found = self._programs.get(key)
        if found is None:
            if len(self._programs) >= MOST_PROGRAMS:
                self._programs.clear()
            found = self._programs[key] = _Compiled(tape, wires, observables, self._options)
        return found

    def execute(self, circuits, execution_config=None):
        return tuple(self._sampled(tape) if tape.shots else self._exact(tape) for tape in circuits)

    def _exact(self, tape):
        results = [None] * len(tape.measurements)
        fast = [i for i, m in enumerate(tape.measurements) if type(m) is ExpectationMP and _has_paulis(m.obs)]
        if fast:
            compiled = self._compiled(tape, [tape.measurements[i].obs for i in fast])
            values = compiled.program.expectations(*compiled.values(tape))
            for k, i in enumerate(fast):
                results[i] = values[:, k] if tape.batch_size else values[0, k]
        if len(fast) < len(results):
            state = self._state(tape)
            for i, measurement in enumerate(self._placed(tape)):
                if results[i] is None:
                    results[i] = self._tools.measure(measurement, state, is_state_batched=bool(tape.batch_size))
        return results[0] if len(results) == 1 else tuple(results)

    def _sampled(self, tape):
        found = self._tools.measure_with_samples(self._placed(tape), self._state(tape), tape.shots, is_state_batched=bool(tape.batch_size),
                                                 rng=self._random)
        if len(tape.measurements) > 1:
            return found
        return tuple(each[0] for each in found) if tape.shots.has_partitioned_shots else found[0]

    def _placed(self, tape):
        """Measurements on wires 0, 1, ... in the device's order."""
        places = {wire: i for i, wire in enumerate(self._order(tape))}
        return [qml.map_wires(measurement, places) for measurement in tape.measurements]

    # Derivatives.

    def compute_vjp(self, circuits, cotangents, execution_config=None):
        if _differentiated_again(execution_config):
            raise DeviceError(_SECOND.format(self.name))
        return tuple(self._vjp(tape, each) for tape, each in zip(circuits, cotangents))

    def execute_and_compute_vjp(self, circuits, cotangents, execution_config=None):
        return self.execute(circuits, execution_config), self.compute_vjp(circuits, cotangents, execution_config)

    def _vjp(self, tape, cotangents):
        observables = [m.obs for m in tape.measurements]
        compiled = self._compiled(tape, observables)
        features, parameters = compiled.values(tape)
        given = cotangents if len(observables) > 1 else (cotangents,)
        columns = [np.broadcast_to(np.asarray(qml.math.unwrap([each])[0], float), (len(features),)) for each in given]
        found = compiled.program.vjp(features, parameters, np.stack(columns, axis=1), features.shape[1] > 0)
        by_features = found.features if features.shape[1] else np.zeros((len(features), 0))
        return _Ragged(np.array(compiled.derivative(compiled.slots[k], by_features, found.parameters)) if k < len(compiled.slots)
                       else np.float64(0) for k in tape.trainable_params)

    def compute_derivatives(self, circuits, execution_config=None):
        return tuple(self._jacobian(tape) for tape in circuits)

    def execute_and_compute_derivatives(self, circuits, execution_config=None):
        return self.execute(circuits, execution_config), self.compute_derivatives(circuits, execution_config)

    def _jacobian(self, tape):
        observables = [m.obs for m in tape.measurements]
        compiled = self._compiled(tape, observables)
        found = compiled.program.jacobian(*compiled.values(tape))
        rows = []
        for k in range(len(observables)):
            row = []
            for j in tape.trainable_params:
                slot = compiled.slots[j] if j < len(compiled.slots) else ("parameter", found.parameters.shape[-1])
                derivative = np.array(compiled.derivative(slot, found.features[:, k], found.parameters[:, k]))
                # By numbers of which each sample has its own: samples x those.
                row.append(np.diag(derivative) if slot[0] == "feature" else derivative if tape.batch_size else derivative[0])
            rows.append(tuple(row) if len(row) != 1 else row[0])
        return tuple(rows) if len(rows) > 1 else rows[0]


@simulator_tracking
@single_tape_support
class Qubit(_Device):
    """State vectors without noise: qml.device("qupel.qubit")."""

    name = "qupel.qubit"
    _tools = pure

    def __init__(self, wires=None, shots=None, seed=None, threads=1, precision="double"):
        super().__init__(wires, shots, seed, threads, precision)

    def _is_sampled(self, measurement):
        return isinstance(measurement, (SampleMeasurement, ClassicalShadowMP, ShadowExpvalMP))

    def _state(self, tape):
        compiled = self._compiled(tape)
        state = compiled.program.states(*compiled.values(tape)) * _phase(tape) * _state_phase(tape)
        shape = [2] * len(self._order(tape))
        return state.reshape(-1, *shape) if tape.batch_size else state.reshape(shape)


@simulator_tracking
@single_tape_support
class Mixed(_Device):
    """Density matrices under a noise model: qml.device("qupel.mixed", wires=2, noise="depolarizing(0.01) after two-qubit").

    Expectation values have derivatives as without noise. Whatever else is measured comes from the whole density matrix, on up to 6 wires.
    """

    name = "qupel.mixed"
    config_filepath = None  # Catalyst knows no density matrices
    _tools = mixed
    _most_wires = 6

    def _is_native(self, operation):
        _require_unitary(operation)
        # Rules are for the gates that prepare a state, too.
        return operation.name in NATIVE or operation.name in CHANNELS or (not self._options["noise"] and _is_given_state(operation))

    def __init__(self, wires=None, shots=None, seed=None, threads=1, precision="double", noise="", trajectories=0):
        super().__init__(wires, shots, seed, threads, precision, noise=noise, trajectories=trajectories)

    def _state(self, tape):
        wires = len(self._order(tape))
        if wires > self._most_wires:
            raise DeviceError(f"{self.name} gives expectation values on any number of wires, other measurements and shots on up to "
                              f"{self._most_wires}, not {wires}")
        compiled = self._compiled(tape, [_word(wires, index, self._order(tape)) for index in range(4**wires)])
        values = compiled.program.expectations(*compiled.values(tape))
        matrix = _density(values, wires)
        shape = [2] * (2 * wires)
        return matrix.reshape(-1, *shape) if tape.batch_size else matrix.reshape(shape)


def _word(wires, index, order):
    """The Pauli word of an index in base 4, the first wire's letter as the highest digit."""
    letters = ["IXYZ"[(index >> (2 * (wires - 1 - k))) & 3] for k in range(wires)]
    return qml.pauli.PauliWord({order[k]: letter for k, letter in enumerate(letters) if letter != "I"}).operation(wire_order=order)


def _density(values, wires):
    """Density matrices from the expectation values of all Pauli words: samples x 2^wires x 2^wires."""
    pauli = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]]) / 2
    made = values.reshape(-1, *[4] * wires).astype(complex)
    for _ in range(wires):  # the next letter becomes a row and a column at the end
        made = np.tensordot(made, pauli, axes=(1, 0))
    order = [0, *range(1, 2 * wires, 2), *range(2, 2 * wires + 1, 2)]
    return made.transpose(order).reshape(-1, 2**wires, 2**wires)
