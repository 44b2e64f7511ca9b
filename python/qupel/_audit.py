"""Audits of tables and of other problems: qupel.audit() and qupel.runs()."""

import hashlib
import html
import json
import os
import pathlib
import sys
import tempfile

from . import _problems, _tables, _tool
from ._core import InputError


def _frame(rows):
    """Rows as a frame of pandas if it is installed, else as they are."""
    try:
        import pandas
    except ImportError:
        return rows
    return pandas.DataFrame(rows)


class Audit:
    """A finished run: what was found, where its report is. In a notebook it shows itself."""

    def __init__(self, result, out=None):
        self.json = result  #: all that the program says about the run
        self._out = out

    run = property(lambda self: self.json["run"], doc="The run's folder.")
    report = property(lambda self: self.json["report"], doc="The path of its HTML report.")
    name = property(lambda self: self.json["name"])
    verdict = property(lambda self: self.json["verdict"], doc="quantum better, classical better, equivalent, no advantage or inconclusive.")
    headline = property(lambda self: self.json["headline"], doc="The verdict as a sentence.")
    reason = property(lambda self: self.json["reason"])
    metric = property(lambda self: self.json["metric"])
    problem = property(lambda self: self.json.get("problem", {}), doc="What was audited, if it is no table: its kind, size, reference.")

    @property
    def solutions(self):
        """The best answer of each contender, if the problem is no table: a tour as a list of nodes, bits by variable."""
        return {c["name"]: c["solution"] for c in self.json["contenders"] if c.get("solution") is not None}

    @property
    def scores(self):
        """A row a contender, the best first: its family and its mean metrics over the splits."""
        metric = self.json["metric"]
        better = next((m["higher_is_better"] for m in self.json["metrics"] if m["name"] == metric), True)
        rows = [{"contender": c["name"], "family": c["family"], "status": c["status"], **_means(c["metrics"])}
                for c in self.json["contenders"]]
        rows.sort(key=lambda row: row.get(metric, float("nan")), reverse=better)
        return _frame(rows)

    @property
    def comparisons(self):
        """A row a pair that was compared, with the probabilities of being better, equivalent and worse."""
        return _frame(self.json["comparisons"])

    @property
    def checks(self):
        """A row a check of the data and of the study."""
        return _frame(self.json["gates"])

    def replay(self, threads=None):
        """Runs the study again and compares bit for bit. Returns True, or raises RuntimeError with the first difference."""
        _tool.call(["replay", self.run, *_option("--threads", threads)])
        return True

    def fit(self, contender):
        """Fits a contender on all rows, with the settings that most of the splits chose; returns a Model."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            _tool.call(["fit", self.run, "--contender", contender, "--out", path])
            with open(path, "rb") as file:
                return Model(file.read(), contender)

    def __repr__(self):
        return f"<Audit {self.name}: {self.verdict}. {self.headline}>"

    def _repr_html_(self):
        rows = self.scores
        table = rows.head(10).to_html(index=False) if hasattr(rows, "to_html") else ""
        return (f"<h4>{html.escape(self.headline)}</h4><p>{html.escape(self.reason)}</p>{table}"
                f'<p><a href="{html.escape(pathlib.Path(self.report).as_uri())}" target="_blank">The whole report</a></p>')


def _means(metrics):
    return {name: value["mean"] if isinstance(value, dict) else value for name, value in metrics.items()}


class Model:
    """A fitted contender; predicts, pickles, saves to a file and loads from one."""

    def __init__(self, content, contender=""):
        self._content, self.contender = content, contender

    def __repr__(self):
        return f"<Model {self.contender or 'of a file'}, {len(self._content)} bytes>"

    @classmethod
    def load(cls, path):
        return cls(pathlib.Path(path).read_bytes())

    def save(self, path):
        pathlib.Path(path).write_bytes(self._content)

    def predict(self, table):
        """Answers for the rows of a table with the columns that the model was fitted on: a list of labels, or of numbers."""
        return [row.get("label", row.get("value")) for row in self._answers(table)]

    def predict_proba(self, table):
        """A row a row of the table: the probability of each class."""
        return _frame([row["probabilities"] for row in self._answers(table)])

    def _answers(self, table):
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder, "model")
            model.write_bytes(self._content)
            file = os.path.expanduser(table) if isinstance(table, (str, os.PathLike)) else \
                _tables.file_of(_tables.with_target(table, None)[0], folder, "rows")
            return _tool.call_json(["predict", model, file])["predictions"]


def _option(name, value):
    if value is None or value == "" or (isinstance(value, (list, tuple)) and not value):
        return []
    return [name, ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)]


def _root(out):
    return pathlib.Path(out or os.environ.get("QUPEL_RUNS") or "qupel-runs")


def _source(table, target, kind, out, name):
    """What the program is told about the table or the other problem."""
    is_path = isinstance(table, (str, os.PathLike))
    if is_path:
        table = os.path.expanduser(table)
    if kind is not None:
        if target is not None:
            raise InputError(f"target={target!r} is for tables; a {kind} has none")
        return [_problems.file_of(table, kind, _root(out) / ".problems", name), "--" + kind]
    if target is None and is_path:
        known = os.path.exists(table) or os.sep in table or "." in os.path.basename(table)
        if known and os.path.splitext(table)[1].lower() in _TABLES:
            raise InputError("say which column of the file is to be predicted: target='column'; or kind='portfolio' for prices")
        return [table] if known else ["--data", table]
    if is_path:
        if not isinstance(target, str):
            raise InputError("say which column of the file is to be predicted: target='column'")
        return [table, "--target", target]
    made, column = _tables.with_target(table, target)
    if column is None:
        raise InputError("say what is to be predicted: target='column', or an array of answers; or kind= for what is no table")
    return [str(_tables.file_of(made, _root(out) / ".tables", name)), "--target", column]


#: Ends of files that are tables, unless a kind is named.
_TABLES = {".csv", ".tsv", ".tab"}


def audit(table, target=None, *, kind=None, contenders=None, name=None, task=None, budget=None, seed=None, drop=(), max_rows=None,
          device=None, mitigate=(), max_cost=None, train=None, shots=None, threads=None, out=None, progress=True, **options):
    """Is a quantum model worth it for this table, or another problem? Compares all contenders on the same terms, and says a verdict.

    table: a frame of pandas or polars, a table of Arrow, a dictionary of columns, an array, the path of a CSV file, or the name of a
    data set that comes with Qupel ("iris"). target: the column to predict, or an array of answers.
    budget: "small" (a minute), "default" (five minutes) or "large" (hours). task: "classification" or "regression" where the target
    could be either. device: quantum computers to judge by, as "ibm-torino"; with mitigate ("zne", ...) and train ("ideal", "noisy").
    contenders: objects with fit(X, y) and predict(X), by name, that compete beside Qupel's own, as
    {"forest": RandomForestClassifier()}; for decisions with solve(problem), for molecules with energy(fcidump) (docs/external.md says what
    they are given and answer); or (object, family) with "classical", "quantum" or "quantum-inspired".
    kind: of what is no table: "maxcut", "qubo", "tsp", "cvrp", "portfolio", "mip"; files of molecules (.xyz, .zmat, FCIDUMP), tours
    (.tsp), routes (.vrp), programs (.lp, .mps) and costs (.qubo, .coo) say it themselves. A graph of networkx or a matrix of weights is
    a maxcut, a dictionary {(i, j): weight} or a matrix a qubo, a frame of prices a portfolio. options: those of the kind, as
    basis="6-31g", active=(2, 2), freeze_core=True, optimum=12, pick=10.
    out: folder of the runs ($QUPEL_RUNS, else qupel-runs). progress: True for a bar, or a function of trials done, all trials and a text.

    Ctrl-C keeps finished trials, and the same call goes on with the others. Returns an Audit.
    """
    if contenders is not None and not isinstance(contenders, dict):
        raise InputError(f"contenders are objects by name, as {{'forest': RandomForestClassifier()}}, not {contenders!r}")
    if not callable(progress) and progress not in (True, False, None):
        raise InputError(f"progress is True, False or a function of trials done, all trials and a text, not {progress!r}")
    source = _source(table, target, kind, out, name or kind or "table")
    given = {"task": task, "budget": budget, "seed": seed, "drop": drop, "max-rows": max_rows, "device": device, "mitigate": mitigate,
             "max-cost": max_cost, "train": train, "shots": shots}
    options = [*_problems.options(options), *(word for flag, value in given.items() for word in _option("--" + flag, value))]
    here = [*_option("--threads", threads), *_option("--out", out)]
    bar = _tool.Bar() if progress is True else None
    report = bar if bar is not None else progress or None
    try:
        if not contenders:
            return Audit(_tool.call_json(["audit", *source, *options, *here], report), out)
        # The study lies elsewhere than here, and names its data by their path.
        source = [os.path.abspath(word) if os.path.exists(word) else word for word in source]
        study = _study_with(contenders, ["audit", *source, *options], _root(out))
        return Audit(_tool.call_json(["run", study, *here], report), out)
    finally:
        if bar is not None:
            bar.close()


def _study_with(contenders, command, root):
    """The study that the command would run, and more contenders: objects of Python, each a program that answers for it."""
    from . import _contender

    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        draft = pathlib.Path(folder, "study.toml")
        _tool.call([*command, "--study", draft])
        text = draft.read_text(encoding="utf-8")
    blocks = []
    for name, given in contenders.items():
        model, family = given if isinstance(given, tuple) else (given, "classical")
        path = _contender.saved(model, root / ".contenders")
        words = json.dumps([sys.executable, "-m", "qupel._contender", str(path.resolve())])
        blocks.append(f'\n[[contender]]\nname = {json.dumps(name)}\ncommand = {words}\nfamily = {json.dumps(family)}\ninputs = "all"\n')
    text += "".join(blocks)
    study = root / ".studies" / hashlib.sha256(text.encode()).hexdigest()[:12] / "study.toml"
    study.parent.mkdir(parents=True, exist_ok=True)
    study.write_text(text, encoding="utf-8")
    return study


def runs(out=None):
    """All finished runs of a folder, the newest first, as Audit objects."""
    listed = _tool.call_json(["runs", "list", *_option("--out", out)])["runs"]
    finished = sorted((run for run in listed if run.get("finished") and run.get("verdict")), key=lambda run: run["started"], reverse=True)
    return [Audit(_tool.call_json(["runs", "show", run["run"]])["result"], out) for run in finished]
