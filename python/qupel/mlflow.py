"""MLflow: fitted contenders as models, and audits as runs.

    result = qp.audit(df, target="label")
    with mlflow.start_run():
        qupel.mlflow.log_audit(result)                                      # scores, verdict and report
        qupel.mlflow.log_model(result.fit("svm-rbf"), name="model")
    mlflow.pyfunc.load_model("runs:/.../model").predict(df)                 # in any process that has qupel
"""

import os

import numpy as np

from . import __version__
from ._audit import Model
from ._core import InputError
from ._extras import needs

try:
    import mlflow
    import yaml
    from mlflow import pyfunc
    from mlflow.models import Model as Description
    from mlflow.tracking.artifact_utils import _download_artifact_from_uri
except ModuleNotFoundError as failure:
    raise needs("mlflow", failure) from failure

FLAVOR_NAME = "qupel"
_FILE = "model.qupel"


def get_default_pip_requirements():
    return [f"qupel=={__version__}"]


def save_model(model, path, *, mlflow_model=None, signature=None, input_example=None, pip_requirements=None, metadata=None):
    """Saves a fitted contender (Audit.fit) as a model of MLflow into a new folder."""
    if not isinstance(model, Model):
        raise InputError(f"qupel.mlflow saves fitted contenders, as result.fit('svm-rbf') makes them, not {type(model).__name__}")
    os.makedirs(path)
    model.save(os.path.join(path, _FILE))
    described = mlflow_model or Description()
    if signature is not None:
        described.signature = signature
    if metadata is not None:
        described.metadata = metadata
    if input_example is not None:
        from mlflow.models.utils import _save_example

        _save_example(described, input_example, path)
    described.add_flavor(FLAVOR_NAME, qupel_version=__version__, data=_FILE, contender=model.contender)
    pyfunc.add_to_model(described, loader_module="qupel.mlflow", data=_FILE, python_env="python_env.yaml")
    with open(os.path.join(path, "requirements.txt"), "w") as file:
        file.write("\n".join(pip_requirements or get_default_pip_requirements()) + "\n")
    with open(os.path.join(path, "python_env.yaml"), "w") as file:
        yaml.safe_dump({"dependencies": ["-r requirements.txt"]}, file)
    described.save(os.path.join(path, "MLmodel"))


def log_model(model, name="model", *, registered_model_name=None, **options):
    """Logs a fitted contender in the active run; other arguments are those of save_model()."""
    from qupel import mlflow as flavor

    return Description.log(artifact_path=None, name=name, flavor=flavor, model=model, registered_model_name=registered_model_name, **options)


def load_model(model_uri, dst_path=None):
    """The fitted contender that was logged or saved there."""
    folder = _download_artifact_from_uri(artifact_uri=model_uri, output_path=dst_path)
    return Model.load(os.path.join(folder, _FILE))


def log_audit(result):
    """Logs what an audit found in the active run: settings, the mean scores of every contender, the report."""
    mlflow.log_params({"study": result.json["study_hash"], "seed": result.json["seed"], "metric": result.metric})
    mlflow.set_tags({"verdict": result.verdict, "headline": result.headline, "qupel": result.json["version"]})
    for contender in result.json["contenders"]:
        value = contender["metrics"].get(result.metric)
        if value is not None:
            mlflow.log_metric(f"{contender['name']}/{result.metric}", value["mean"] if isinstance(value, dict) else value)
    mlflow.log_artifact(result.report)


class _Predictor:
    """What MLflow's generic interface calls."""

    def __init__(self, model):
        self.model = model

    def predict(self, table, params=None):
        return np.array(self.model.predict(table))


def _load_pyfunc(path):
    return _Predictor(Model.load(path))
