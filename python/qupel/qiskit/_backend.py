"""This computer, or a device under its noise, as a backend of Qiskit."""

import uuid
import warnings

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import IfElseOp
from qiskit.providers import BackendV2, JobStatus, JobV1, Options
from qiskit.result import Result
from qiskit.transpiler import CouplingMap, Target

from .. import _core
from .._core import InputError
from ._converted import GATES, Converted
from ._shots import samples, seed_of


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
        for circuit in circuits:
            if not isinstance(circuit, QuantumCircuit):
                raise InputError(f"a backend runs circuits of Qiskit, not {type(circuit).__name__}")
        for name in options.keys() - dict(self.options.items()).keys():
            warnings.warn(f"Option {name} is not used by this backend", UserWarning, stacklevel=2)
        chosen = {**dict(self.options.items()), **options}
        seed = seed_of(chosen.get("seed_simulator") if chosen.get("seed_simulator") is not None else self._seed)
        made = [self._run_one(circuit, int(chosen["shots"]), seed + k, chosen.get("memory")) for k, circuit in enumerate(circuits)]
        return _Job(self, Result.from_dict({"backend_name": self.name, "backend_version": "0.1.0", "qobj_id": "", "job_id": str(uuid.uuid4()),
                                            "success": True, "results": made}))

    def _run_one(self, circuit, shots, seed, memory):
        converted, used = _on_used_qubits(circuit)
        options = self._compile if self._device is None else {**self._compile, "noise": ""}
        read = samples(converted, np.zeros((1, 0)), shots, seed, options if self._device is None else {**options, "device": self._device})
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
