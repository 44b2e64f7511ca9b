"""Audits of tables of every kind, contenders of Python, interruption, models. Two contenders are enough to see that all of it works."""

import json
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import qupel as qp
from qupel import _contender, _problems, _tables, _tool

try:
    _tool.program()
except qp.InputError:
    pytest.skip("the program qupel is not there", allow_module_level=True)

QUICK = {"budget": "small", "max_rows": 30, "shots": 0}


def table():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 3)).round(3)
    return {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "label": np.where(x[:, 0] + x[:, 1] > 0, "yes", "no")}


@pytest.mark.parametrize("kind", ["dictionary", "pandas", "polars", "pyarrow", "array"])
def test_tables_of_every_kind_are_the_same_file(kind, tmp_path):
    columns = table()
    target = "label"
    if kind == "dictionary":
        given = columns
    elif kind == "array":
        given, target = np.stack([columns[c] for c in "abc"], axis=1), columns["label"]
    else:
        module = pytest.importorskip(kind)
        given = module.table(columns) if kind == "pyarrow" else module.DataFrame(columns)
    made, name = _tables.with_target(given, target)
    path = _tables.file_of(made, tmp_path, "table")
    rows = path.read_text().replace('"', "").splitlines()
    assert rows[0].split(",")[-1] == name and len(rows) == 61
    assert [float(v) for v in rows[7].split(",")[:3]] == [columns[c][6] for c in "abc"] and rows[7].endswith(columns["label"][6])
    assert _tables.file_of(made, tmp_path, "table") == path


@pytest.mark.parametrize("kind", ["dictionary", "pandas", "polars", "lazy", "pyarrow"])
def test_answers_beside_a_table_keep_its_names(kind, tmp_path):
    columns = {name: values for name, values in table().items() if name != "label"}
    module = None if kind == "dictionary" else pytest.importorskip("polars" if kind == "lazy" else kind)
    given = columns if module is None else module.table(columns) if kind == "pyarrow" else module.DataFrame(columns)
    made, name = _tables.with_target(given.lazy() if kind == "lazy" else given, table()["label"])
    assert name == "target" and _tables.file_of(made, tmp_path, "t").read_text().replace('"', "").splitlines()[0] == "a,b,c,target"


def test_answers_that_the_table_holds_too():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1.0, None], 1: ["x", "y"]})
    assert _tables.with_target(frame, frame["a"])[1] == "a" and list(_tables.with_target(frame, frame["a"])[0].columns) == ["a", 1]
    assert _tables.with_target(frame, 1)[1] == "1" and _tables.with_target({0: [1, 2], 1: [3, 4]}, 1)[1] == "1"
    assert _tables.with_target(frame[["a"]], frame[[1]])[1] == "1"


def wrong_pandas(make):
    pandas = pytest.importorskip("pandas")
    return make(pandas, pandas.DataFrame({"a": [1, 2], "b": [3, 4]}))


@pytest.mark.parametrize("wrong, said", [
    (lambda: wrong_pandas(lambda pd, frame: _tables.with_target(frame, pd.Series([5, 6], name="a"))), "as a column of the table is that holds others"),
    (lambda: wrong_pandas(lambda pd, frame: _tables.with_target(frame, [1, 2, 3])), "3 answers for a table of 2 rows"),
    (lambda: wrong_pandas(lambda pd, frame: _tables.with_target(frame.set_axis(pd.MultiIndex.from_product([["a"], ["x", "y"]]), axis=1), [1, 2])), "2 levels"),
    (lambda: wrong_pandas(lambda pd, frame: _tables.with_target(frame, frame)), "an array of answers, not"),
    (lambda: _tables.with_target({"a": 1, "b": [1, 2]}, "b"), "the column 'a' is no list of values but int"),
    (lambda: _tables.with_target(None, "a"), "not NoneType"),
    (lambda: _tables.with_target(np.zeros((2, 2, 2)), [0, 1]), "not ndarray of 3 dimensions"),
])
def test_wrong_tables_are_refused(wrong, said):
    with pytest.raises(qp.InputError, match=said):
        wrong()


def test_a_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(qp.InputError, match=str(tmp_path)):
        qp.audit("~/nowhere.csv", "label")


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    steps = []
    return qp.audit(table(), "label", out=out, progress=lambda done, all, text: steps.append((done, all)), **QUICK), out, steps


def test_an_audit(audited):
    found, out, steps = audited
    assert found.verdict in ("quantum better", "classical better", "equivalent", "no advantage", "inconclusive")
    assert os.path.exists(found.report) and found.headline in found._repr_html_()
    assert steps and steps[-1][1] > 0
    names = list(found.scores["contender"] if hasattr(found.scores, "columns") else [row["contender"] for row in found.scores])
    assert "logistic" in names and "variational" in names
    assert [run.name for run in qp.runs(out)] == [found.name]


def test_a_model_predicts_and_pickles(audited):
    found, _, _ = audited
    columns = {name: values[:5] for name, values in table().items()}
    model = found.fit("logistic")
    answers = model.predict(columns)
    assert len(answers) == 5 and set(answers) <= {"yes", "no"}
    assert pickle.loads(pickle.dumps(model)).predict(columns) == answers


class Nearest:
    """A contender as people write them."""

    def fit(self, X, y):
        self.X, self.y = X, y

    def predict(self, X):
        return self.y[((X[:, None] - self.X) ** 2).sum(axis=2).argmin(axis=1)]


@pytest.mark.slow
def test_an_object_of_python_is_a_contender(tmp_path):
    pytest.importorskip("cloudpickle").register_pickle_by_value(sys.modules[__name__])
    found = qp.audit(table(), "label", contenders={"nearest": Nearest()}, out=tmp_path, progress=False, **QUICK)
    mine = next(c for c in found.json["contenders"] if c["name"] == "nearest")
    assert mine["status"] == "ok" and max(mine["scores"]) > 0.5
    assert found.replay() and pickle.loads(pickle.dumps(found)).verdict == found.verdict


class Chooser:
    """Answers what programs are asked about decisions and molecules."""

    def solve(self, problem):
        return {name: np.int64(k % 2) for k, name in enumerate(problem["nodes"])}

    def energy(self, fcidump):
        if not fcidump:
            raise ValueError("nothing to read")
        return np.float64(-1.5)


def test_objects_answer_for_decisions_and_molecules(tmp_path):
    pytest.importorskip("cloudpickle").register_pickle_by_value(sys.modules[__name__])
    path = _contender.saved(Chooser(), tmp_path)
    common = {"protocol": 1, "name": "mine", "seed": 3, "settings": {}, "effort": 1.0, "search": False}
    asked = [{"task": "solve", "kind": "maxcut", "problem": {"nodes": ["a", "b", "c"], "edges": []}, **common},
             {"task": "energy", "kind": "molecule", "fcidump": "&FCI", **common}, {"task": "energy", "kind": "molecule", "fcidump": "", **common}]
    done = subprocess.run([sys.executable, "-m", "qupel._contender", str(path)], input="\n".join(map(json.dumps, asked)), capture_output=True, text=True)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"solution": {"a": 0, "b": 1, "c": 0}}, {"energy": -1.5},
                                                                      {"error": "ValueError: nothing to read"}], done.stderr


def test_what_cannot_predict_is_no_contender(tmp_path):
    class Half:
        def fit(self, X, y):
            pass

    with pytest.raises(qp.InputError, match="no method predict"):
        qp.audit(table(), "label", contenders={"half": Half()}, out=tmp_path, progress=False, **QUICK)


@pytest.mark.slow
def test_an_interrupted_audit_goes_on(tmp_path):
    code = f"import qupel as qp, sys; sys.path.insert(0, {os.path.dirname(__file__)!r}); from test_audit import *; " \
           f"qp.audit(table(), 'label', out={str(tmp_path)!r}, progress=lambda done, all, text: print(done, flush=True), **QUICK)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watch = threading.Timer(120, child.kill)
    watch.start()
    for line in child.stdout:
        if int(line) > 5:
            child.send_signal(signal.SIGINT)
            break
    said = child.communicate()[1]
    watch.cancel()
    assert child.returncode != 0 and "KeyboardInterrupt" in said and "goes on" in said
    first = []
    qp.audit(table(), "label", out=tmp_path, progress=lambda done, all, text: first.append(done), **QUICK)
    assert first[0] > 5


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="processes are looked up in /proc")
def test_an_audit_ends_with_the_process_that_waits_for_it(tmp_path):
    code = f"import qupel as qp, sys; sys.path.insert(0, {os.path.dirname(__file__)!r}); from test_audit import *; " \
           f"qp.audit(table(), 'label', out={str(tmp_path)!r}, progress=lambda done, all, text: print(done, flush=True), **QUICK)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    with open(f"/proc/{child.pid}/task/{child.pid}/children") as file:
        (program,) = file.read().split()
    child.kill()
    child.wait()
    for _ in range(600):
        if not os.path.exists(f"/proc/{program}"):
            return
        time.sleep(0.1)
    os.kill(int(program), signal.SIGKILL)
    pytest.fail("the program goes on though nobody waits for it")


def test_what_fails_in_a_callback_stops_the_audit(tmp_path):
    def stop(done, all, text):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        qp.audit(table(), "label", out=tmp_path, progress=stop, **QUICK)


@pytest.mark.parametrize("wrong, said", [
    (lambda out: qp.audit("nowhere.csv", "label", out=out), "nowhere.csv"),
    (lambda out: qp.audit(table(), "lable", out=out), "label"),
    (lambda out: qp.audit(table(), out=out), "what is to be predicted"),
    (lambda out: qp.audit("irsi", out=out), "iris"),
    (lambda out: qp.audit(table(), "label", budget="tiny", out=out), "small"),
    (lambda out: qp.audit({"a": [1], "b": [1, 2]}, "a", out=out), "different lengths"),
    (lambda out: qp.audit(table(), 3, out=out), "name of a column or an array of answers, not 3"),
    (lambda out: qp.audit(table(), "label", contenders=[Nearest()], out=out), "objects by name"),
    (lambda out: qp.audit(table(), "label", progress=3, out=out), "progress is True, False or a function"),
])
def test_wrong_input_is_refused_with_a_sentence(wrong, said, tmp_path):
    with pytest.raises(qp.InputError, match=said):
        wrong(tmp_path)


HYDROGEN = "2\nhydrogen\nH 0 0 0\nH 0 0 0.74\n"


def test_a_molecule(tmp_path):
    file = tmp_path / "hydrogen.xyz"
    file.write_text(HYDROGEN)
    found = qp.audit(file, budget="small", shots=0, out=tmp_path, progress=False, active=(2, 2))
    assert found.problem["kind"] == "molecule" and found.problem["reference"]["energy"] == pytest.approx(-1.13728, abs=1e-4)
    assert found.headline in found._repr_html_()


@pytest.mark.parametrize("kind, given", [("maxcut", lambda: np.array([[0, 1, 0, 2], [1, 0, 1, 0], [0, 1, 0, 1], [2, 0, 1, 0]])),
                                         ("maxcut", lambda: pytest.importorskip("networkx").cycle_graph(4)),
                                         ("qubo", lambda: {("a", "a"): -1, ("b", "b"): -1, ("a", "b"): 2}),
                                         ("qubo", lambda: np.array([[-1, 2], [0, -1]]))])
def test_decisions_by_objects_of_python(kind, given, tmp_path):
    path = _problems.file_of(given(), kind, tmp_path, kind)
    assert _problems.file_of(given(), kind, tmp_path, kind) == path
    study = tmp_path / "study.toml"
    _tool.call(["audit", path, "--" + kind, "--study", study])  # the program reads the file
    assert f'kind = "{kind}"' in study.read_text()


class Edges:
    """What of a graph of networkx is looked at."""

    def __init__(self, *edges):
        self.edges = lambda data: [(a, b, {"weight": weight}) for a, b, weight in edges]


def test_nodes_and_variables_keep_apart(tmp_path):
    def text(problem, kind="maxcut"):
        return pathlib.Path(_problems.file_of(problem, kind, tmp_path, kind)).read_text()
    assert text(Edges(((0, 0), (0, 1), 1), ("#1", "p", 2.5))) == '"(0_0)" "(0_1)" 1.0\n"#1" "p" 2.5\n'
    assert text(np.tril([[0, 0], [3, 0]])) == text(np.array([[0, 3], [3, 0]])) == "0 1 3.0\n"
    for problem, kind in ((Edges(("a b", "x", 1), ("a_b", "x", 1)), "maxcut"), ({(1, 1): 2, ("1", "1"): 3}, "qubo")):
        with pytest.raises(qp.InputError, match="would both be called"):
            text(problem, kind)
    with pytest.raises(qp.InputError, match="symmetric"):
        text(np.array([[0, 1], [2, 0]]))


@pytest.mark.slow
def test_a_cut(tmp_path):
    found = qp.audit(np.triu(np.ones((5, 5)), 1), kind="maxcut", budget="small", shots=0, out=tmp_path, progress=False)
    assert found.problem["optimum"] == 6 and sum(found.solutions["goemans-williamson"].values()) in (2, 3)


def test_prices_have_their_dates_as_index(tmp_path):
    pandas = pytest.importorskip("pandas")
    prices = pandas.DataFrame({"A": [1.0, 2], "B": [3.0, 4]}, index=pandas.to_datetime(["2026-01-05", "2026-01-06"]))
    path = _problems.file_of(prices, "portfolio", tmp_path, "prices")
    with open(path) as file:
        assert file.read().splitlines() == ["Date,A,B", "2026-01-05,1.0,3.0", "2026-01-06,2.0,4.0"]


@pytest.mark.parametrize("wrong, said", [
    (lambda out: qp.audit("g.txt", kind="maxcutt", out=out), 'did you mean "--maxcut"'),
    (lambda out: qp.audit("hydrogen.xyz", baisis="sto-3g", out=out), 'did you mean "--basis"'),
    (lambda out: qp.audit("table.csv", out=out), "target='column'"),
    (lambda out: qp.audit("hydrogen.xyz", "y", out=out), "no file|for tables"),
    (lambda out: qp.audit("g.txt", "y", kind="maxcut", out=out), "for tables"),
    (lambda out: qp.audit(np.ones((2, 3)), kind="qubo", out=out), "square matrix"),
    (lambda out: qp.audit(3, kind="tsp", out=out), "by the path of its file"),
])
def test_wrong_problems_are_refused(wrong, said, tmp_path):
    with pytest.raises(qp.InputError, match=said):
        wrong(tmp_path)
