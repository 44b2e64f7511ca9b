"""An object of Python as a contender of a study: python -m qupel._contender FILE (docs/external.md).

It has fit(X, y) and predict(X) for tables, solve(problem) for decisions, energy(fcidump) for molecules.
"""

import copy
import hashlib
import json
import pathlib
import pickle
import sys

from ._core import InputError


def saved(model, folder):
    """Pickles a model into a folder, named by its content; returns the path. What was defined in a notebook needs cloudpickle."""
    has = {method: callable(getattr(model, method, None)) for method in ("fit", "predict", "solve", "energy")}
    if not has["solve"] and not has["energy"]:
        for method in ("fit", "predict"):
            if not has[method]:
                raise InputError(f"{model!r} has no method {method}: a contender is an object with fit(X, y) and predict(X), for decisions "
                                 "with solve(problem), for molecules with energy(fcidump)")
    try:
        try:
            import cloudpickle as pickler
        except ImportError:
            pickler = pickle
        content = pickler.dumps(model)
    except Exception as failure:
        raise InputError(f"{model!r} cannot be handed to another process: {failure}") from failure
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:12]}.pickle"
    path.write_bytes(content)
    return path


def _seeded(model, seed):
    """A fresh copy, whose random numbers follow the seed if it is an estimator of scikit-learn's kind."""
    model = copy.deepcopy(model)
    if hasattr(model, "get_params"):
        names = [name for name in model.get_params() if name == "random_state" or name.endswith("__random_state")]
        model.set_params(**{name: seed % 2**32 for name in names})
    return model


def _begun(model, message):
    """A copy for one fit, with its seed and settings."""
    import numpy as np

    np.random.seed(message["seed"] % 2**32)
    model = _seeded(model, message["seed"])
    if message["settings"]:
        model.set_params(**message["settings"])
    return model


def _fitted(model, message):
    import numpy as np

    model = _begun(model, message)
    answers = message["targets"] if message["kind"] == "regression" else message["labels"]
    model.fit(np.array(message["rows"], float), np.array(answers))
    return model


def _answer(model, message, fit):
    import numpy as np

    rows = np.array(message["rows"], float)
    if fit["kind"] == "regression":
        return {"values": np.asarray(model.predict(rows), float).ravel().tolist()}
    answer = {"labels": np.asarray(model.predict(rows)).ravel().astype(int).tolist()}
    if hasattr(model, "predict_proba"):
        probabilities = np.zeros((len(rows), fit["classes"]))
        classes = np.asarray(getattr(model, "classes_", range(fit["classes"]))).astype(int)
        probabilities[:, classes] = model.predict_proba(rows)
        answer["probabilities"] = probabilities.tolist()
    return answer


def _plain(value):
    """Numbers and arrays of NumPy as JSON has them."""
    return value.tolist()


def _solved(model, message):
    return {"solution": _begun(model, message).solve(message["problem"])}


def _energy(model, message):
    return {"energy": float(_begun(model, message).energy(message["fcidump"]))}


def main(path):
    with open(path, "rb") as file:
        model = pickle.load(file)
    replies, sys.stdout = sys.stdout, sys.stderr  # what a model prints is no answer
    fitted = fit = None
    for line in sys.stdin:
        message = json.loads(line)
        try:
            if message["task"] == "fit":
                fitted, fit, reply = _fitted(model, message), message, {"ok": True}
            elif message["task"] in ("solve", "energy"):
                reply = (_solved if message["task"] == "solve" else _energy)(model, message)
            else:
                reply = _answer(fitted, message, fit)
        except Exception as failure:
            reply = {"error": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(reply, default=_plain), file=replies, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
