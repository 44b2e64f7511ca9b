#!/usr/bin/env python3
"""Qupel inside others' tools beside what is there, one run, one core, answers compared: tools.py [--quick].

Run it by the Python of an environment with the package and requirements-tools.txt. Each measurement is a process of its own, the best
of several repeats in processor time. Writes results/tools.json and results/tools.md.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

here = pathlib.Path(__file__).resolve().parent
ONE_CORE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "QUPEL_NUM_THREADS")}


def best(call, seconds=3.0, most=50):
    """The least processor time of a call, and what it returned."""
    answer = call()
    times, start = [], time.perf_counter()
    while not times or (time.perf_counter() - start < seconds and len(times) < most):
        before = time.process_time()
        answer = call()
        times.append(time.process_time() - before)
    return min(times), answer


# A step of training: AngleEmbedding and two StronglyEntanglingLayers, Z of every qubit, a batch of 32; in PyTorch.

def _layer_inputs(qubits):
    import numpy as np

    rng = np.random.default_rng(0)
    return rng.normal(size=(32, qubits)), rng.normal(size=(2, qubits, 3))


def _torch_step(layer, x):
    import torch

    torch.set_num_threads(1)
    inputs = torch.tensor(x)

    def step():
        layer.zero_grad()
        loss = (layer(inputs) ** 2).mean()
        loss.backward()
        return [loss.item(), *next(layer.parameters()).grad.ravel()[:4].tolist()]

    return best(step)


def _through_pennylane(device, qubits, **options):
    import pennylane as qml
    import torch

    x, w = _layer_inputs(qubits)

    @qml.qnode(qml.device(device, wires=qubits), interface="torch", **options)
    def circuit(inputs, w):
        qml.AngleEmbedding(inputs, wires=range(qubits), rotation="Y")
        qml.StronglyEntanglingLayers(w, wires=range(qubits))
        return [qml.expval(qml.Z(q)) for q in range(qubits)]

    layer = qml.qnn.TorchLayer(circuit, {"w": w.shape}).double()
    layer.w.data = torch.tensor(w)
    return _torch_step(layer, x)


def step_lightning(qubits):
    return _through_pennylane("lightning.qubit", qubits, diff_method="adjoint")


def step_default(qubits):
    return _through_pennylane("default.qubit", qubits, diff_method="backprop")


def step_qupel_device(qubits):
    return _through_pennylane("qupel.qubit", qubits)


def step_qupel_layer(qubits):
    import qupel as qp
    from qupel.torch import Layer

    x, w = _layer_inputs(qubits)
    features, parameters = qp.features(qubits), qp.parameters(w.size)
    circuit = qp.Circuit(qubits)
    for q in range(qubits):
        circuit.ry(features[q], q)
    for layer in range(2):
        for q in range(qubits):
            k = (layer * qubits + q) * 3
            circuit.rz(parameters[k], q).ry(parameters[k + 1], q).rz(parameters[k + 2], q)
        for q in range(qubits):
            circuit.cx(q, (q + layer + 1) % qubits)
    return _torch_step(Layer(qp.compile(circuit), theta=w.ravel()).double(), x)


# Qiskit's primitives: zz_feature_map and real_amplitudes, 200 sets of parameters.

def _primitive(kind):
    import numpy as np
    from qiskit.circuit.library import real_amplitudes, zz_feature_map

    circuit = zz_feature_map(8, reps=1).compose(real_amplitudes(8, reps=2))
    values = np.random.default_rng(0).normal(size=(200, 1, circuit.num_parameters))
    if kind == "estimator":
        return circuit, [["I" * k + "Z" + "I" * (7 - k) for k in range(8)]], values
    circuit.measure_all()
    return circuit, values[:, 0]


def _estimates(estimator, circuit=None):
    made, observables, values = _primitive("estimator")
    pub = (circuit(made) if circuit else made, observables, values)

    def run():
        return estimator.run([pub]).result()[0].data.evs.ravel()[:6].tolist()

    return best(run)


def estimator_statevector(_):
    from qiskit.primitives import StatevectorEstimator

    return _estimates(StatevectorEstimator())


def estimator_aer(_):
    from qiskit import transpile
    from qiskit_aer import AerSimulator
    from qiskit_aer.primitives import EstimatorV2

    return _estimates(EstimatorV2(options={"default_precision": 0}), lambda c: transpile(c, AerSimulator(), optimization_level=0))


def estimator_qupel(_):
    from qupel.qiskit import Estimator

    return _estimates(Estimator())


def _samples(sampler):
    pub = _primitive("sampler")

    def run():
        bits = sampler.run([pub], shots=1024).result()[0].data.meas.array
        return [float(((bits >> 0) & 1).mean())]

    return best(run)


def sampler_statevector(_):
    from qiskit.primitives import StatevectorSampler

    return _samples(StatevectorSampler(seed=1))


def sampler_qupel(_):
    from qupel.qiskit import Sampler

    return _samples(Sampler(seed=1))


# The fidelity kernel of zz_feature_map with two repeats, 100 rows, 8 qubits.

def _rows():
    import numpy as np

    return np.random.default_rng(0).uniform(0, 3, (100, 8))


def kernel_qiskit(_):
    from qiskit.circuit.library import zz_feature_map
    from qiskit_machine_learning.kernels import FidelityStatevectorKernel

    rows = _rows()
    kernel = FidelityStatevectorKernel(feature_map=zz_feature_map(8, reps=2), enforce_psd=False)
    return best(lambda: kernel.evaluate(rows).ravel()[:6].tolist())


def kernel_qupel(_):
    from qiskit.circuit.library import zz_feature_map

    import qupel as qp
    from qupel.qiskit import Converted

    rows = _rows()
    converted = Converted(zz_feature_map(8, reps=2))
    program = qp.compile(converted.circuit, ())
    return best(lambda: program.kernel(converted.features(rows)).ravel()[:6].tolist())


# EstimatorQNN: the derivatives of 32 rows by 8 weights, 4 qubits, in Qiskit Machine Learning.

def _qnn(make, qubits):
    import numpy as np
    from qiskit.circuit.library import real_amplitudes, zz_feature_map
    from qiskit.quantum_info import SparsePauliOp

    encoding, ansatz = zz_feature_map(qubits, reps=1), real_amplitudes(qubits, reps=1)
    network = make(encoding.compose(ansatz), [SparsePauliOp("Z" * qubits)], encoding.parameters, ansatz.parameters)
    rng = np.random.default_rng(0)
    rows, weights = rng.normal(size=(32, qubits)), rng.normal(size=ansatz.num_parameters)
    return best(lambda: network.backward(rows, weights)[1].ravel()[:6].tolist())


def qnn_qiskit(qubits):
    from qiskit.primitives import StatevectorEstimator
    from qiskit_machine_learning.gradients import ParamShiftEstimatorGradient
    from qiskit_machine_learning.neural_networks import EstimatorQNN

    estimator = StatevectorEstimator()
    return _qnn(lambda circuit, observables, inputs, weights: EstimatorQNN(
        circuit=circuit, observables=observables, input_params=inputs, weight_params=weights, estimator=estimator,
        gradient=ParamShiftEstimatorGradient(estimator), default_precision=0.0), qubits)


def qnn_qupel(qubits):
    from qupel.qiskit_machine_learning import EstimatorNetwork

    return _qnn(EstimatorNetwork, qubits)


# Import, in a process of its own, after NumPy.

def _import(module):
    import numpy  # noqa: F401

    before = time.process_time()
    __import__(module)
    return time.process_time() - before, [0.0]


def import_qiskit(_):
    return _import("qiskit.primitives")


def import_pennylane(_):
    return _import("pennylane")


def import_qupel(_):
    return _import("qupel")


#: What, size, the peers and ours by name, the goal, how far answers may differ.
ROWS = [*[("a step of TorchLayer, batch 32", n, ["step_lightning", "step_default"], ["step_qupel_device"], 15, 1e-9) for n in (8, 10, 12)],
        *[("a step of qupel.torch.Layer, batch 32", n, ["step_lightning", "step_default"], ["step_qupel_layer"], 200, 1e-9) for n in (8, 10, 12)],
        ("EstimatorV2, 200 sets x 8 observables", 8, ["estimator_statevector", "estimator_aer"], ["estimator_qupel"], 20, 1e-9),
        ("SamplerV2, 200 sets x 1024 shots", 8, ["sampler_statevector"], ["sampler_qupel"], 50, 0.01),
        ("fidelity kernel, 100 rows", 8, ["kernel_qiskit"], ["kernel_qupel"], 300, 1e-9),
        *[("EstimatorQNN backward, 32 rows", n, ["qnn_qiskit"], ["qnn_qupel"], 100, 1e-7) for n in (4, 10)],
        ("import after NumPy", 0, ["import_pennylane", "import_qiskit"], ["import_qupel"], 1, 0)]


def measured(name, qubits, known={}):
    if (name, qubits) not in known:
        done = subprocess.run([sys.executable, __file__, "--measure", name, str(qubits)], env={**os.environ, **ONE_CORE}, capture_output=True,
                              text=True)
        known[name, qubits] = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"error": done.stderr[-300:]}
    return known[name, qubits]


def row_of(what, qubits, peers, ours, goal, tolerance):
    found = {name: measured(name, qubits) for name in [*peers, *ours]}
    answers = [each["answer"] for each in found.values() if "answer" in each]
    agree = all(abs(a - b) <= tolerance for other in answers[1:] for a, b in zip(answers[0], other))
    return {"work": what, "qubits": qubits, "goal": goal, "agree": agree,
            "ms": {name: 1000 * each["seconds"] if "seconds" in each else None for name, each in found.items()}}


#: Distributions whose installed size is stated.
SIZES = ["qupel", "pennylane", "pennylane_lightning", "qiskit", "qiskit-aer"]


def installed(name):
    """Megabytes of a distribution's files; None if it is not installed."""
    from importlib import metadata

    try:
        files = metadata.distribution(name).files or []
    except metadata.PackageNotFoundError:
        return None
    return sum(path.stat().st_size for file in files if (path := pathlib.Path(file.locate())).is_file()) / 1e6


def table(rows):
    lines = ["| work | qubits | theirs, ms | ours, ms | against the first | goal | answers agree |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        names = list(row["ms"])
        text = {name: f"{row['ms'][name]:.3g}" if row["ms"][name] else "failed" for name in names}
        first, own = row["ms"][names[0]], row["ms"][names[-1]]
        ratio = f"{first / own:.0f}" if first and own else ""
        lines.append(f"| {row['work']} | {row['qubits']} | {', '.join(n.split('_')[1] + ' ' + text[n] for n in names[:-1])} | {text[names[-1]]} | "
                     f"{ratio} | {row['goal']} | {'yes' if row['agree'] else 'NO'} |")
    return "\n".join(lines) + "\n"


def main():
    if "--measure" in sys.argv:
        name, qubits = sys.argv[-2:]
        seconds, answer = globals()[name](int(qubits))
        print(json.dumps({"seconds": seconds, "answer": answer}))
        return
    rows = []
    for row in ROWS if "--quick" not in sys.argv else ROWS[::3]:
        rows.append(row_of(*row))
        print(table(rows[-1:]).splitlines()[-1], flush=True)
    rows.append({"installed_mb": {name: size for name in SIZES if (size := installed(name)) is not None}})
    (here / "results" / "tools.json").write_text(json.dumps(rows, indent=1) + "\n")
    sizes = ", ".join(f"{name} {size:.1f}" for name, size in rows.pop()["installed_mb"].items())
    (here / "results" / "tools.md").write_text("Processor time of one call on one core, the best of several; `bench/tools.py`.\n\n" +
                                               table(rows) + f"\nInstalled, in MB, without what they need: {sizes}.\n")


if __name__ == "__main__":
    main()
