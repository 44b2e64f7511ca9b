"""A contender by scikit-learn: a random forest, or another estimator by the setting "model"."""
import json
import sys

from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor

classifiers = {"forest": RandomForestClassifier, "extra-trees": ExtraTreesClassifier}


def fitted(message):
    settings = dict(message["settings"])
    kind = settings.pop("model", "forest")
    if message["kind"] == "classification":
        weights = "balanced" if message["balanced"] else None
        model = classifiers[kind](random_state=message["seed"], class_weight=weights, **settings)
        return model.fit(message["rows"], message["labels"])
    return RandomForestRegressor(random_state=message["seed"], **settings).fit(message["rows"], message["targets"])


def answer(model, rows, classes):
    if not hasattr(model, "predict_proba"):
        return {"values": model.predict(rows).tolist()}
    probabilities = [[0.0] * classes for _ in rows]  # a class may be missing among the training rows
    for row, of_row in zip(probabilities, model.predict_proba(rows).tolist()):
        for label, p in zip(model.classes_, of_row):
            row[label] = p
    return {"labels": model.predict(rows).tolist(), "probabilities": probabilities}


for line in sys.stdin:
    message = json.loads(line)
    if message["task"] == "fit":
        model, classes = fitted(message), message.get("classes", 0)
        reply = {"ok": True}
    else:
        reply = answer(model, message["rows"], classes)
    print(json.dumps(reply), flush=True)
