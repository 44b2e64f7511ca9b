"""What Python may get wrong ends as an exception with a sentence: no crash, no hang."""

import os
import signal
import stat
import subprocess
import sys

import numpy as np
import pytest

import qupel as qp
from qupel import _tool
from test_core import THETA, X, program, python


@pytest.mark.parametrize("kind", [lambda x: x.astype(object), lambda x: x.astype(np.longdouble), lambda x: x.astype(">f8"), lambda x: x[::-1][::-1],
                                  lambda x: np.ma.masked_array(x, mask=False)])
def test_unusual_arrays_are_read(kind):
    np.testing.assert_array_equal(program()(kind(X), THETA), program()(X, THETA))


def test_half_precision_is_read():
    np.testing.assert_array_equal(program()(X.astype(np.float16), THETA), program()(X.astype(np.float16).astype(float), THETA))


@pytest.mark.parametrize("wrong, said", [
    (lambda: program()(np.array([["a", 1, 2]], object), THETA), "no array of numbers"),
    (lambda: program()(np.array([["2020-01-01"] * 3], "M8[D]"), THETA), "no array of numbers"),
    (lambda: program()([[1, 2, 3], [1, 2]], THETA), "no array of numbers"),
    (lambda: program()({"a": 1}, THETA), "no array of numbers"),
    (lambda: program()(np.ma.masked_array(X, mask=X > 0), THETA), "masked"),
    (lambda: program()(np.full((1, 3), 1e300), THETA), "takes numbers up to"),
    (lambda: program().vjp(X, THETA, np.full((7, 2), np.nan)), "must be finite"),
    (lambda: program().sample(X, THETA, shots=10**15), "memory"),
    (lambda: program().sample(X, THETA, shots=10, seed=1.5), "whole number"),
    (lambda: program(threads=-1), "negative"),
    (lambda: program(seed=None), "whole number, not None"),
    (lambda: program(shots="many"), "whole number, not 'many'"),
    (lambda: program(precision=None), 'no precision'),
    (lambda: program(noise=0.1), "noise is a text, not 0.1"),
    (lambda: program(engine=1), "an engine is a text"),
    (lambda: program(mitigation=3), "a mitigation is a text, not 3"),
    (lambda: program(device=3), "a device is a name such as"),
    (lambda: qp.compile(qp.Circuit(1), 3), "one or a list of them, not 3"),
    (lambda: qp.run("h"), "qupel.run takes a qupel.Circuit, not str"),
    (lambda: qp.run(qp.Circuit(1), seed=None), "whole number, not None"),
    (lambda: program().vjp(X, THETA, None), "needs cotangents"),
    (lambda: qp.compile(qp.Circuit(1).h(0), qp.Observable("Z0") * np.inf), "at most 1e+150"),
    (lambda: program(engine="bacht")(X, THETA), 'did you mean "batch"'),
    (lambda: qp.compile(qp.Circuit(40).h(0))(), "up to 30 qubits"),
    (lambda: qp.compile(qp.Circuit(1).h(0), "Z5")(), "acts on qubit 5"),
    (lambda: qp.run(program().circuit), "has no value"),
    (lambda: qp.compile(qp.Circuit(1)._channel_place(0, [0]), "Z0", channels=[[2 * np.eye(2)]]), "not complete"),
    (lambda: qp.compile(qp.Circuit(1)._channel_place(3, [0]), "Z0", channels=[[np.eye(2)]])(), "a place for channel 3"),
    (lambda: qp.compile(qp.Circuit(1)._channel_place(0, [0]), "Z0", channels=[[np.eye(4)]])(), "4 x 4"),
])
def test_it_is_said_what_is_wrong(wrong, said):
    with pytest.raises(qp.InputError) as error:
        wrong()
    assert said in str(error.value)


@pytest.mark.parametrize("wrong", [lambda: qp.Circuit("a"), lambda: qp.device(3), lambda: qp.Circuit.from_qasm(3), lambda: qp.features(10**10),
                                   lambda: qp.features(1)[0] * "a", lambda: qp._core.Program.__new__(qp._core.Program).expectations()])
@pytest.mark.filterwarnings("ignore:nanobind")
def test_wrong_types_are_type_errors(wrong):
    with pytest.raises((TypeError, qp.InputError)):
        wrong()


def test_none_is_what_is_not_asked_for():
    f = program(shots=None, noise=None, mitigation=None, trajectories=None, engine=None, device=None)
    np.testing.assert_array_equal(f(X, THETA), program()(X, THETA))


def test_no_rows_are_no_rows():
    f, none = program(), np.zeros((0, 3))
    assert f(none, THETA).shape == (0, 2) and f.jacobian(none, THETA).parameters.shape == (0, 2, 2) and f.kernel(none, None, THETA).shape == (0, 0)


def test_a_thread_that_still_computes_when_python_ends():
    code = "import threading, numpy as np, qupel as qp\n" \
           "f = qp.compile(qp.Circuit(10).ry(qp.features(1)[0], 0), threads=2)\n" \
           "def work():\n    while True: f(np.zeros((500, 1)))\n" \
           "threading.Thread(target=work, daemon=True).start()\nimport time; time.sleep(0.3); print('ended')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout == "ended\n", done.stderr


LONG_WORK = {
    "batch": "qp.compile(wide(10), 'Z0', threads=2)(np.zeros((10**6, 1)))",
    "a large state": "qp.compile(wide(23), 'Z0', threads=1)(np.zeros((1, 1)))",
    "derivatives": "qp.compile(wide(18), 'Z0', threads=2).vjp(np.zeros((50, 1)), None, np.ones((50, 1)))",
    "trajectories": "qp.compile(wide(12), 'Z0', noise='depolarizing(0.01) after all', trajectories=10**6)(np.zeros((1, 1)))",
    "one run": "qp.run(wide(23).bind([0.1]), ['Z0'])",
}


def long_work(name, handler, after):
    """What a process says that begins work of minutes and gets a signal in the middle."""
    code = "import os, signal, threading, time, numpy as np, qupel as qp\n" \
           "def wide(n):\n" \
           "    c, x = qp.Circuit(n), qp.features(1)\n" \
           "    for k in range(60 * n): c.ry(x[0] * k, k % n).rz(0.1 * k, k % n).cx(k % n, (k + 1) % n)\n" \
           "    return c\n" \
           f"{handler}\n" \
           f"threading.Timer({after}, os.kill, (os.getpid(), signal.SIGINT)).start()\n" \
           f"try:\n    {LONG_WORK[name]}\n    print('ended')\n" \
           "except KeyboardInterrupt: print('interrupted')\n" \
           "print(qp.compile(qp.Circuit(1).x(0), 'Z0')())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", LONG_WORK)
def test_ctrl_c_stops_long_work(name):
    assert long_work(name, "", 1) == ["interrupted", "[[-1.]]"]


def test_what_a_handler_raises_stops_long_work_and_what_returns_does_not():
    raises = "def handler(*_): raise KeyboardInterrupt\nsignal.signal(signal.SIGALRM, handler)\nsignal.setitimer(signal.ITIMER_REAL, 2)\n" \
             "signal.signal(signal.SIGINT, lambda *_: print('handled', qp.Circuit(1).qubits))"
    assert long_work("batch", raises, 0.5) == ["handled 1", "interrupted", "[[-1.]]"]


def test_a_second_interpreter_gets_an_error():
    interpreters = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
    code = f"import {interpreters} as s\nimport qupel\ni = s.create()\n" \
           "try:\n    s.run_string(i, 'import sys; sys.path[:0] = %r; import qupel; print(qupel.Circuit(1))' % __import__('sys').path)\n" \
           "except Exception as error: print('refused')\ns.destroy(i)\nprint('alive')"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "alive", done.stderr


def test_an_exception_of_an_array_goes_through():
    class Broken:
        def __array__(self, *_, **__):
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        program()(Broken(), THETA)


@pytest.fixture
def false_program(tmp_path, monkeypatch):
    def make(text):
        path = tmp_path / "qupel"
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("QUPEL_PROGRAM", str(path))

    return make


def test_a_program_that_is_killed(false_program):
    false_program("echo almost >&2; kill -9 $$")
    with pytest.raises(RuntimeError, match="almost"):
        qp.audit("iris")


def test_a_program_that_says_nonsense(false_program):
    false_program("echo '{'")
    with pytest.raises(RuntimeError, match="no JSON"):
        qp.audit("iris")


def test_a_program_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("QUPEL_PROGRAM", str(tmp_path / "nowhere"))
    with pytest.raises(qp.InputError, match="QUPEL_PROGRAM"):
        qp.audit("iris")


def real_program():
    try:
        return _tool.program()
    except qp.InputError:
        pytest.skip("the program qupel is not there")


class Dies:
    """A contender whose process ends in the middle of a fit."""

    def fit(self, X, y):
        os.kill(os.getpid(), signal.SIGKILL)

    def predict(self, X):
        return X[:, 0]


class Fails(Dies):
    def fit(self, X, y):
        raise ValueError("not today")


@pytest.mark.slow
def test_a_dead_worker_is_a_failed_contender(tmp_path):
    real_program()
    pytest.importorskip("cloudpickle").register_pickle_by_value(sys.modules[__name__])
    rng = np.random.default_rng(0)
    table = {"a": rng.normal(size=40), "label": rng.integers(2, size=40)}
    contenders = {"dies": Dies(), "fails": Fails()}
    found = qp.audit(table, "label", contenders=contenders, budget="small", max_rows=30, shots=0, out=tmp_path, progress=False)
    assert {c["status"] for c in found.json["contenders"] if c["name"] in contenders} == {"failed"}
    assert "not today" in str(found.json["gates"]) and "dies" in str(found.json["gates"]) and found.verdict


def test_what_cannot_be_pickled_is_refused(tmp_path):
    class Locked:
        def __init__(self):
            import threading

            self.lock = threading.Lock()

        def fit(self, X, y):
            pass

        predict = fit

    with pytest.raises(qp.InputError, match="cannot be handed to another process"):
        qp.audit({"a": np.random.default_rng(0).normal(size=20), "b": [1, 2] * 10}, "b", contenders={"locked": Locked()}, out=tmp_path)
