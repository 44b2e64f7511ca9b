"""Fitted contenders in MLflow: logged, loaded, asked in another process."""

import os
import subprocess
import sys

import numpy as np
import pytest

mlflow = pytest.importorskip("mlflow")
pandas = pytest.importorskip("pandas")

import qupel as qp
from test_audit import audited, table  # noqa: F401: a fixture, and what it audits


def test_a_model_is_logged_loaded_and_asked_in_another_process(audited, tmp_path, monkeypatch):
    import qupel.mlflow

    found = audited[0]
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow.set_tracking_uri((tmp_path / "tracking").as_uri())
    model = found.fit("logistic")
    rows = pandas.DataFrame({name: values[:6] for name, values in table().items() if name != "label"})
    with mlflow.start_run() as run:
        qupel.mlflow.log_audit(found)
        uri = qupel.mlflow.log_model(model, name="model").model_uri
    expected = model.predict(rows)
    assert qupel.mlflow.load_model(uri).predict(rows) == expected
    logged = mlflow.get_run(run.info.run_id)
    assert logged.data.tags["verdict"] == found.verdict and f"logistic/{found.metric}" in logged.data.metrics
    rows.to_csv(tmp_path / "rows.csv", index=False)
    code = f"import mlflow, pandas; mlflow.set_tracking_uri({(tmp_path / 'tracking').as_uri()!r}); " \
           f"print(*mlflow.pyfunc.load_model({uri!r}).predict(pandas.read_csv({str(tmp_path / 'rows.csv')!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert done.stdout.split() == expected, done.stderr


def test_what_is_no_contender_is_refused(tmp_path):
    import qupel.mlflow

    with pytest.raises(qp.InputError, match="fitted contenders"):
        qupel.mlflow.save_model(np.zeros(3), tmp_path / "model")
