"""Qiskit's primitives and backend against Qiskit's own, and conversions."""

import doctest
import pickle

import numpy as np
import pytest

qiskit = pytest.importorskip("qiskit")
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import Gate, Parameter, ParameterVector
from qiskit.circuit.library import quantum_volume, real_amplitudes, zz_feature_map
from qiskit.primitives import BackendSamplerV2, StatevectorEstimator
from qiskit.quantum_info import Operator, Pauli, SparseObservable, SparsePauliOp, Statevector

import qupel as qp
import qupel.qiskit
from qupel.qiskit import Backend, Converted, Estimator, Sampler, to_qiskit


def test_examples_are_true():
    assert doctest.testmod(qupel.qiskit).failed == 0


def composed():
    circuit = zz_feature_map(4, reps=1).compose(real_amplitudes(4, reps=1))
    return circuit, np.random.default_rng(0).normal(size=(6, 1, circuit.num_parameters))


def test_estimates_are_those_of_qiskit():
    circuit, values = composed()
    observables = ["ZZII", SparsePauliOp(["XIYI", "IIZZ"], [0.5, -2])]
    ours, theirs = (each.run([(circuit, observables, values)]).result()[0].data.evs for each in (Estimator(), StatevectorEstimator()))
    assert ours.shape == (6, 2)
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


def test_projectors_are_those_of_qiskit():
    circuit, values = composed()
    bound = circuit.assign_parameters(values[0, 0])
    for label in ("01+I", "rl-X"):
        expected = Statevector(bound).expectation_value(Operator.from_label(label))
        assert Estimator().run([(bound, label)]).result()[0].data.evs == pytest.approx(expected.real)


def test_expressions_of_parameters_with_awkward_names():
    x, i, v = Parameter("sin"), Parameter("i"), ParameterVector("x", 11)
    circuit = QuantumCircuit(1)
    for angle in (x.sin() + i / 3, v[1] * v[10], (np.pi - v[0]) * 0.1, v[2].exp() - 1):
        circuit.ry(angle, 0)
        circuit.rx(0.3, 0)
    values = np.random.default_rng(1).normal(size=(3, circuit.num_parameters))
    ours, theirs = (each.run([(circuit, "Z", values)]).result()[0].data.evs for each in (Estimator(), StatevectorEstimator()))
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


@pytest.mark.parametrize("names", [["2", "3"], ["", "z"], ["a - b", "a", "b"], ["a b", "a"], ["e", "pi"], ["θ", "$\\theta$"], ["x[0]", "x"], ["v", "p0"]])
def test_parameters_of_any_name(names):
    parameters = [Parameter(name) for name in names]
    circuit = QuantumCircuit(1)
    for each in parameters:
        circuit.ry(2 * each - 0.3, 0)
        circuit.rx(parameters[0] * each.sin() / 3, 0)
    values = np.random.default_rng(2).normal(size=(2, len(names)))
    ours, theirs = (each.run([(circuit, "Z", values)]).result()[0].data.evs for each in (Estimator(), StatevectorEstimator()))
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


def test_gates_of_any_kind_are_decomposed():
    circuit = quantum_volume(3, seed=4)
    state = qp.compile(Converted(circuit).circuit).states()[0]
    assert abs(np.vdot(state, Statevector(circuit).data)) == pytest.approx(1)


def test_samples_with_resets_and_measurements_within():
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.reset(0)
    circuit.x(0)
    circuit.measure(0, 1)
    counts = Sampler(seed=1).run([circuit], shots=1000).result()[0].data.c.get_counts()
    assert set(counts) == {"10", "11"} and abs(counts["10"] - 500) < 80


def test_circuits_convert():
    theta = Parameter("t")
    circuit = QuantumCircuit(2)
    circuit.rx(2 * theta + 0.5, 0)
    circuit.cx(0, 1)
    f = qp.compile(qupel.qiskit.from_qiskit(circuit), "Z1")
    assert f(None, [0.3])[0, 0] == pytest.approx(np.cos(1.1))
    with pytest.raises(qp.InputError, match="Converted"):
        circuit.ry(theta * theta, 0)
        qupel.qiskit.from_qiskit(circuit)
    assert qupel.qiskit.observable(SparsePauliOp(["XZ", "XZ"], [1, 2])).terms == [(3.0, [(0, "Z"), (1, "X")])]


def test_a_backend_with_a_devices_noise():
    backend = Backend("ibm-torino", seed=3)
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure_all()
    there = transpile(circuit, backend, seed_transpiler=1, optimization_level=1)
    counts = backend.run(there, shots=2000).result().get_counts()
    assert 0.7 < (counts["00"] + counts["11"]) / 2000 < 1
    sampled = BackendSamplerV2(backend=Backend(seed=1)).run([circuit], shots=500).result()[0].data.meas.get_counts()
    assert set(sampled) == {"00", "11"}


def teleportation(angle):
    circuit = QuantumCircuit(3, 3)
    circuit.ry(angle, 0)
    circuit.h(1)
    circuit.cx(1, 2)
    circuit.cx(0, 1)
    circuit.h(0)
    circuit.measure([0, 1], [0, 1])
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.x(2)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.z(2)
    with otherwise:
        circuit.barrier(2)
    circuit.measure(2, 2)
    return circuit


def test_circuits_that_decide():
    angle = Parameter("a")
    counts = Sampler(seed=1).run([(teleportation(angle), [0.9])], shots=20_000).result()[0].data.c.get_counts()
    ones = sum(n for bits, n in counts.items() if bits[0] == "1")
    assert ones / 20_000 == pytest.approx(np.sin(0.45) ** 2, abs=0.015) and len(counts) == 8
    backend = Backend(seed=2)
    counts = backend.run(transpile(teleportation(0.9), backend), shots=20_000).result().get_counts()
    assert sum(n for bits, n in counts.items() if bits[0] == "1") / 20_000 == pytest.approx(np.sin(0.45) ** 2, abs=0.015)


def test_other_control_flow_is_refused():
    circuit = QuantumCircuit(1, 1)
    with circuit.for_loop(range(2)):
        circuit.x(0)
    with pytest.raises(qp.InputError, match="OpenQASM"):
        Converted(circuit)
    measured = QuantumCircuit(1, 1)
    measured.measure(0, 0)
    with measured.if_test((0, 1)):
        measured.reset(0)
    with pytest.raises(qp.InputError, match="inside of if_test"):
        Converted(measured)
    with pytest.raises(qp.InputError, match="before its end"):
        qupel.qiskit.from_qiskit(teleportation(0.1))


def test_ours_as_qiskits():
    x, w = qp.features(1), qp.parameters(2)
    circuit = qp.Circuit(3).h(0).crx(0.5 * x[0] + 0.1, 0, 1).u(0.1, w[1], 0.3, 2).pauli_rotation("XYZ", w[0], [0, 1, 2]).rzz(0.4, 0, 2).iswap(1, 2)
    theirs = to_qiskit(circuit)
    bound = theirs.assign_parameters({p: {"x[0]": 0.7, "theta[0]": 0.2, "theta[1]": 1.1}[p.name] for p in theirs.parameters})
    ours = qp.compile(circuit).states([[0.7]], [0.2, 1.1])[0]
    assert abs(np.vdot(Statevector(bound).data, ours)) == pytest.approx(1)
    measured = to_qiskit(qp.Circuit(2, bits=2).h(0).measure(0, 0).reset(0).barrier(0, 1).if_([0], 1, "x", [1]).measure(1, 1))
    counts = Sampler(seed=3).run([measured], shots=400).result()[0].data.c.get_counts()
    assert set(counts) == {"00", "11"}


def test_observables_of_every_kind():
    zz = qp.Observable("Z0 Z1")
    assert qupel.qiskit.observable("ZZ") == qupel.qiskit.observable(Pauli("ZZ")) == qupel.qiskit.observable(SparseObservable("ZZ")) == zz
    assert qupel.qiskit.observable(Pauli("-ZZ")) == -1 * zz  # the label "-ZZ" begins with a projector instead
    for wrong, said in ((Pauli("iZZ"), "Hermitian"), (3, "not int"), ("ZQ", "no Pauli letter")):
        with pytest.raises(qp.InputError, match=said):
            qupel.qiskit.observable(wrong)


def test_own_gates_with_names_of_others():
    inner = QuantumCircuit(1, name="x")
    inner.append(QuantumCircuit(1, name="h").to_gate(), [0])
    inner.ry(0.4, 0)
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.append(inner.to_gate(), [0])
    ours, theirs = (each.run([(circuit, "Z")]).result()[0].data.evs for each in (Estimator(), StatevectorEstimator()))
    assert ours == pytest.approx(theirs)
    circuit.append(Gate("h", 1, []), [0])
    with pytest.raises(qp.InputError, match="has no definition"):
        Converted(circuit)


def test_what_is_no_circuit_is_refused():
    for wrong in (lambda: Converted(None), lambda: qupel.qiskit.from_qiskit("a"), lambda: to_qiskit("a"), lambda: Backend().run("a")):
        with pytest.raises(qp.InputError, match="not (str|NoneType)"):
            wrong()
    circuit = QuantumCircuit(1)
    circuit.measure_all()
    with pytest.warns(UserWarning, match="Option colour is not used"):
        Backend().run(circuit, colour="red")


def test_all_of_it_pickles():
    circuit, values = composed()
    converted = pickle.loads(pickle.dumps(Converted(circuit)))
    np.testing.assert_array_equal(converted.features(values), Converted(circuit).features(values))
    measured = circuit.assign_parameters(values[0, 0]).measure_all(inplace=False)
    for each in (Sampler(seed=1), BackendSamplerV2(backend=Backend(seed=1))):
        first, second = (one.run([measured]).result()[0].data.meas.get_counts() for one in (pickle.loads(pickle.dumps(each)), each))
        assert first == second
    assert pickle.loads(pickle.dumps(Estimator())).run([(measured.remove_final_measurements(inplace=False), "ZZZZ")]).result()[0].data.evs.shape == ()
