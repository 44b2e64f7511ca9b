"""The package's own interface: circuits, programs, what they refuse."""

import copy
import doctest
import importlib
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import qupel as qp

X = np.random.default_rng(1).uniform(-3, 3, (7, 3))
THETA = np.array([0.3, -1.2])


def ansatz():
    x, w = qp.features(3), qp.parameters(2)
    circuit = qp.Circuit(3)
    for q in range(3):
        circuit.ry(0.5 * x[q] + 0.1, q)
    return circuit.cx(0, 1).crz(w[0], 1, 2).rxx(w[1] * 2, 0, 2).u(0.1, 0.2, 0.3, 1).h(2)


def program(**options):
    return qp.compile(ansatz(), ["Z0", "X1 Z2 - 0.5 Y0 + 2"], **options)


def by_states(f, x, theta):
    """Expectation values by definition, from amplitudes and dense Pauli matrices."""
    pauli = {"I": np.eye(2), "X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]]), "Z": np.diag([1, -1])}
    states = f.states(x, theta)
    values = np.zeros((len(states), len(f.observables)))
    for k, observable in enumerate(f.observables):
        for weight, letters in observable.terms:
            matrix = np.eye(1)
            for q in range(f.circuit.qubits):
                matrix = np.kron(pauli[dict(letters).get(q, "I")], matrix)
            values[:, k] += weight * np.einsum("si,ij,sj->s", states.conj(), matrix, states).real
    return values


def differences(f, x, theta, step=1e-5):
    """Derivatives of f by central differences: samples x observables x parameters, and x features."""
    parameters = [(f(x, theta + d) - f(x, theta - d)) / (2 * step) for d in step * np.eye(len(theta))]
    features = [(f(x + d, theta) - f(x - d, theta)) / (2 * step) for d in step * np.eye(x.shape[1])]
    return np.stack(parameters, axis=-1), np.stack(features, axis=-1)


@pytest.mark.parametrize("module", ["qupel", "qupel._core", "qupel._program"])
def test_examples_of_the_documentation_are_true(module):
    found = importlib.import_module(module)
    failures, tried = doctest.testmod(found)
    assert tried > 0 and failures == 0


def test_values_are_those_of_the_states():
    f = program()
    np.testing.assert_allclose(f(X, THETA), by_states(f, X, THETA), atol=1e-12)


def test_derivatives_are_those_of_differences():
    f = program()
    parameters, features = differences(f, X, THETA)
    jacobian = f.jacobian(X, THETA)
    np.testing.assert_allclose(jacobian.values, f(X, THETA), atol=1e-12)
    np.testing.assert_allclose(jacobian.parameters, parameters, atol=1e-8)
    np.testing.assert_allclose(jacobian.features, features, atol=1e-8)
    cotangents = np.random.default_rng(2).normal(size=(7, 2))
    vjp = f.vjp(X, THETA, cotangents)
    np.testing.assert_allclose(vjp.parameters, np.einsum("sk,skp->p", cotangents, parameters), atol=1e-7)
    np.testing.assert_allclose(vjp.features, np.einsum("sk,skf->sf", cotangents, features), atol=1e-8)
    assert f.vjp(X, THETA, cotangents, features=False).features.size == 0


@pytest.mark.parametrize("kind", [np.asfortranarray, lambda x: x.astype(np.float32).astype(float)[::1], lambda x: x[::-1][::-1], list,
                                  lambda x: np.repeat(x, 2, axis=1)[:, ::2], lambda x: np.frombuffer(x.tobytes()).reshape(x.shape)])
def test_arrays_of_any_order_give_the_same(kind):
    x = kind(X)
    np.testing.assert_array_equal(program()(x, THETA), program()(np.array(x), THETA))


@pytest.mark.parametrize("type", [np.float32, np.int64, np.int8, np.uint16, bool])
def test_numbers_of_any_type_are_converted(type):
    x = X.astype(type)
    np.testing.assert_array_equal(program()(x, THETA), program()(x.astype(float), THETA))


def test_no_slots_of_a_kind_are_none():
    by_features, by_parameters = qp.compile(qp.Circuit(1).ry(qp.features(1)[0], 0), "Z0"), qp.compile(qp.Circuit(1).ry(qp.parameters(1)[0], 0), "Z0")
    np.testing.assert_allclose(by_features.vjp([[0.3]], None, [[2.0]]).features, [[-2 * np.sin(0.3)]], atol=1e-12)
    np.testing.assert_allclose(by_parameters.vjp(None, [0.3], [[2.0]]).parameters, [-2 * np.sin(0.3)], atol=1e-12)
    np.testing.assert_allclose(by_parameters.kernel(None, theta=[0.3]), [[1]], atol=1e-12)


def test_results_outlive_the_program():
    f = program()
    row = f(X, THETA)[2]
    expected = row.copy()
    del f
    np.testing.assert_array_equal(row, expected)


def test_kernels_are_squared_overlaps():
    f = program()
    states = f.states(X, THETA)
    np.testing.assert_allclose(f.kernel(X, None, THETA), abs(states.conj() @ states.T) ** 2, atol=1e-12)
    np.testing.assert_allclose(f.kernel(X[:2], X, THETA), (abs(states.conj() @ states.T) ** 2)[:2], atol=1e-12)


def test_shots_follow_the_states_probabilities():
    f = program()
    shots = f.sample(X[:1], THETA, shots=200_000, seed=3)[0]
    frequencies = np.bincount(shots.astype(int), minlength=8) / len(shots)
    np.testing.assert_allclose(frequencies, abs(f.states(X[:1], THETA)[0]) ** 2, atol=0.01)
    assert abs(np.corrcoef(shots[1:].astype(float), shots[:-1].astype(float))[0, 1]) < 0.02
    counts = f.counts(X[:1], THETA, shots=200_000, seed=3)[0]
    assert counts == {f"{s:03b}": n for s, n in enumerate(np.bincount(shots.astype(int))) if n}


def test_calls_draw_anew_unless_they_name_a_seed():
    f = program(shots=100, seed=7)
    first, second = f(X, THETA), f(X, THETA)
    assert (first != second).any()
    np.testing.assert_array_equal(program(shots=100, seed=7)(X, THETA), first)
    np.testing.assert_array_equal(f(X, THETA, seed=5), f(X, THETA, seed=5))
    values, errors = f.estimate(X, THETA)
    assert (errors > 0).all() and (abs(values - program()(X, THETA)) < 6 * errors).all()


def test_noise_and_devices():
    bell = qp.Circuit(2).h(0).cx(0, 1)
    assert qp.compile(bell, "Z0 Z1", noise="depolarizing(0.15) after two-qubit")()[0, 0] == pytest.approx(1 - 0.15 * 16 / 15)
    on_device = qp.compile(bell, "Z0 Z1", device="ibm-torino")()[0, 0]
    assert 0.8 < on_device < 1
    assert qp.compile(bell, "Z0 Z1", device=qp.device("ibm-torino"))()[0, 0] == on_device
    mitigated = qp.compile(bell, "Z0 Z1", device="ibm-torino", mitigation="readout")()[0, 0]
    assert abs(mitigated - 1) < abs(on_device - 1)
    assert "ibm-torino" in qp.devices() and qp.device("line(5)").edges == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_measurements_within_a_circuit():
    flipped_back = qp.Circuit(1, bits=2).h(0).measure(0, 0).if_([0], 1, "x", [0]).measure(0, 1)
    counts = qp.run(flipped_back, shots=400, seed=2).counts
    assert set(counts) == {"00", "01"} and sum(counts.values()) == 400 and abs(counts["00"] - 200) < 60
    np.testing.assert_allclose(qp.run(qp.Circuit(1).h(0).reset(0), ["Z0"]).expectations, [1])


def test_unitaries_and_hermitian_observables():
    rng = np.random.default_rng(5)
    unitary = np.linalg.qr(rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4)))[0]
    hermitian = unitary + unitary.conj().T
    observable = qp.Observable.from_matrix(hermitian, [0, 1])
    f = qp.compile(qp.Circuit(2).unitary(unitary, [0, 1]), observable)
    state = f.states()[0]
    assert abs(np.vdot(unitary[:, 0], state)) == pytest.approx(1)
    assert f()[0, 0] == pytest.approx(np.vdot(state, hermitian @ state).real)
    assert (2 * qp.Observable("Z0") - qp.Observable("Z0")).terms == [(1.0, [(0, "Z")])]


def test_pickles_and_copies_are_equal():
    circuit = qp.Circuit(2, bits=1).rx(0.1 + 2 * qp.features(1)[0], 0).pauli_rotation("XY", 0.3, [0, 1]).measure(0, 0)
    circuit.if_([0], 1, "p", [1], 0.7)
    assert pickle.loads(pickle.dumps(circuit)) == circuit == copy.deepcopy(circuit)
    f = program(noise="depolarizing(0.01) after all", precision="single")
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(f))(X, THETA), f(X, THETA))
    on_device = qp.compile(qp.Circuit(2).h(0).cx(0, 1), device="line(3)", shots=10)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(on_device))(seed=1), on_device(seed=1))


def test_circuits_read_and_write_openqasm():
    circuit = ansatz()
    again = qp.Circuit.from_qasm(circuit.qasm())
    np.testing.assert_allclose(qp.compile(again, "Z0")(X, THETA), qp.compile(circuit, "Z0")(X, THETA), atol=1e-12)
    assert str(circuit).startswith("q0:") and len(circuit.inverse()) == len(circuit)
    assert circuit.bind(X[0], THETA).features == 0


def test_a_missing_package_is_named():
    code = "import sys; sys.modules['{0}'] = None\ntry: import qupel.{1}\nexcept ImportError as error: print(error)"
    for package, module in [("sklearn", "sklearn"), ("pennylane", "pennylane"), ("qiskit", "qiskit"), ("cirq", "cirq"), ("torch", "torch"),
                            ("jax", "jax"), ("mitiq", "mitiq"), ("braket", "braket"), ("openfermion", "openfermion"), ("pytket", "pytket"),
                            ("mlflow", "mlflow"), ("tensorflow", "tensorflow")]:
        said = python(code.format(package, module))
        assert f"pip install 'qupel[{module}]'" in said, said


def test_the_names_of_the_package_are_listed():
    assert set(qp.__all__) <= set(dir(qp))


def test_every_gate_is_a_method():
    for name in qp.gates():
        assert name == "pauli_rotation" or getattr(qp.Circuit, name).__doc__, name


@pytest.mark.parametrize("wrong, said", [
    (lambda: program()(X, [1.0]), "theta has 1 numbers; the circuit has 2 parameters"),
    (lambda: program()(X[:, :2], THETA), "X has 2 columns; the circuit has 3 features"),
    (lambda: program()(None, THETA), "the circuit has 3 features, and none were given"),
    (lambda: program()(np.full((2, 3), np.nan), THETA), "X is nan in row 0, column 0"),
    (lambda: program()(X, [np.inf, 0]), "theta is inf"),
    (lambda: program()(X.astype(complex), THETA), "complex"),
    (lambda: program()("a", THETA), "no array of numbers"),
    (lambda: program(threads=2**32 + 1), "at most 1000000"),
    (lambda: qp.features(1)[0] / 0, "it must be finite"),
    (lambda: np.nan * qp.features(1)[0], "it must be finite"),
    (lambda: 1e300 * (1e300 * qp.features(1)[0]), "it must be finite"),
    (lambda: qp.features(1)[0] + np.inf, "it must be finite"),
    (lambda: program()(np.zeros((1, 2, 3)), THETA), "3 dimensions"),
    (lambda: program()(X, THETA, seed=-1), "must not be negative"),
    (lambda: program().vjp(X, THETA, np.zeros((7, 3))), "samples x observables, 7 x 2"),
    (lambda: program().sample(X, THETA), "shots=1000"),
    (lambda: program(shots=-1), "shots of -1"),
    (lambda: program(shots=1.5), "whole number"),
    (lambda: program(precision="half"), "choose one of double, single"),
    (lambda: program(noise="depolarising(0.1) after all"), "depolarizing"),
    (lambda: program(device="ibm-torina"), 'did you mean "ibm-torino"'),
    (lambda: program(mitigation="zen"), "zne"),
    (lambda: qp.compile(ansatz(), "Q0"), "column 1"),
    (lambda: qp.compile(ansatz(), [3]), "an observable is a text"),
    (lambda: qp.compile("circuit"), "takes a qupel.Circuit"),
    (lambda: qp.Circuit(0), "qubit"),
    (lambda: qp.Circuit(2).rx("a", 0), "an angle is a number"),
    (lambda: qp.Circuit(2).rx(np.nan, 0), "finite"),
    (lambda: qp.Circuit(2).rx(0.1), "takes 1 angles, then 1 qubits"),
    (lambda: qp.Circuit(2).cx(0, 2), "the circuit has qubits 0 to 1"),
    (lambda: qp.Circuit(2).cx(0, 0), "twice"),
    (lambda: qp.Circuit(2).add("cnott", [0, 1]), "is not"),
    (lambda: qp.Circuit(2).measure(0, 3), "bit"),
    (lambda: qp.Circuit(2).unitary(np.ones((2, 2)), [0]), "not unitary"),
    (lambda: qp.Observable.from_matrix(np.triu(np.ones((2, 2))), [0]), "not Hermitian"),
    (lambda: qp.Circuit.from_qasm("OPENQASM 3.0;\nqubit q;\nfoo q;"), ":3:"),
    (lambda: qp.features(-1), "negative"),
])
def test_wrong_input_is_refused_with_a_sentence(wrong, said):
    with pytest.raises(qp.InputError) as error:
        wrong()
    assert isinstance(error.value, ValueError)
    assert said in str(error.value)


def test_threads_share_a_program_and_the_lock_is_free():
    f = program()
    expected = f(X, THETA)
    wrong = []

    def work():
        for _ in range(50):
            if not np.array_equal(f(X, THETA), expected):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not wrong


def test_a_forked_child_computes():
    f = program(threads=2)
    x = np.random.default_rng(0).normal(size=(500, 3))
    expected = f(x, THETA)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(f(x, THETA), expected) else 1)
    assert os.waitpid(child, 0)[1] == 0


def python(code, **environment):
    return subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=True).stdout


def test_the_environment_names_the_number_of_threads():
    code = "import qupel; print(qupel.thread_count())"
    assert python(code, QUPEL_NUM_THREADS="3", OMP_NUM_THREADS="5").strip() == "3"
    assert python(code, QUPEL_NUM_THREADS="", OMP_NUM_THREADS="5").strip() == "5"


def test_importing_loads_no_one_elses_tools():
    loaded = python("import sys, qupel; print(*sorted(m for m in sys.modules if '.' not in m))").split()
    assert not {"sklearn", "scipy", "pandas", "torch", "jax", "pennylane", "qiskit", "cirq"} & set(loaded)


def test_the_stub_is_that_of_the_module():
    stubgen = pytest.importorskip("nanobind.stubgen")
    made = stubgen.StubGen(importlib.import_module("qupel._core"))
    made.put(importlib.import_module("qupel._core"))
    with open(os.path.join(os.path.dirname(qp.__file__), "_core.pyi")) as stub:
        assert stub.read() == made.get(), "python -m nanobind.stubgen -m qupel._core -o python/qupel/_core.pyi"
