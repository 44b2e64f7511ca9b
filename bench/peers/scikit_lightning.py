"""`qupel audit --data breast-cancer --budget small` as a user writes it: scikit-learn's classifiers and PennyLane Lightning's
circuits on the same number of rows, splits and configurations, in seconds of processor time.

One of the ten splits is searched and fitted by the classical contenders and counts ten times. Circuits are as many as Qupel's
audit says that it ran; a few hundred of them are timed, by the adjoint method where they are trained.
"""
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time

import numpy

RUNS = {"audit-breast-cancer": ("single",)}
ROWS, SPLITS, CONFIGURATIONS, QUBITS, TIMED = 400, 10, 24, 4, 200
TRAINED = {"variational": 3, "reuploading": 3}  # contenders whose circuits are gradients; their layers


def version(_):
    import pennylane
    import sklearn
    return f"{pennylane.__version__} (scikit-learn {sklearn.__version__})"


def audit(program, threads):
    """Qupel's own audit: its result, which is kept beside the program for counted(), and its processor time."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([program, "audit", "--data", "breast-cancer", "--budget", "small", "--threads", str(threads), "--out", folder,
                               "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    kept(program).write_text(done.stdout)
    return json.loads(done.stdout), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def kept(program):
    return pathlib.Path(program).parent / "bench-audit.json"


def counted(program, threads):
    """What circuits the audit ran; they are the same in every run of the program."""
    path = kept(program)
    if path.exists() and path.stat().st_mtime > pathlib.Path(program).stat().st_mtime:
        return json.loads(path.read_text())
    return audit(program, threads)[0]


def score(result, name):
    return next(c["metrics"]["accuracy"]["mean"] for c in result["contenders"] if c["name"] == name)


def contenders():
    """Classifiers with the grids that random configurations are drawn from."""
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import SVC
    powers = numpy.logspace(-3, 3, 13)
    return {"svm-rbf": (SVC(), {"C": powers, "gamma": powers / 10}),
            "logistic": (LogisticRegression(max_iter=1000), {"C": powers}),
            "random-forest": (RandomForestClassifier(), {"n_estimators": [100, 200], "max_features": [0.3, 0.6, "sqrt"], "min_samples_leaf": [1, 3, 9]}),
            "gradient-boosting": (GradientBoostingClassifier(), {"n_estimators": [100, 200], "learning_rate": [0.03, 0.1, 0.3], "max_depth": [2, 3, 4]}),
            "mlp": (MLPClassifier(max_iter=500), {"alpha": powers / 100, "hidden_layer_sizes": [(16,), (64,), (32, 32)]})}


def search(x, y, train, classifier, grid):
    """The best of random configurations by 3-fold cross-validation, fitted again on all training rows."""
    from sklearn.model_selection import RandomizedSearchCV
    most = int(numpy.prod([len(values) for values in grid.values()]))
    return RandomizedSearchCV(classifier, grid, n_iter=min(CONFIGURATIONS, most), cv=3, random_state=0).fit(x[train], y[train])


def classical():
    """Processor seconds of one split, on all columns and on a few, and the accuracy of svm-rbf on all columns."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.decomposition import PCA
    from sklearn.model_selection import StratifiedKFold, train_test_split
    from sklearn.preprocessing import StandardScaler
    x, y = load_breast_cancer(return_X_y=True)
    x, _, y, _ = train_test_split(x, y, train_size=ROWS, stratify=y, random_state=0)
    train, test = next(StratifiedKFold(5, shuffle=True, random_state=0).split(x, y))
    start = time.process_time()
    scaled = StandardScaler().fit(x[train]).transform(x)
    reduced = PCA(QUBITS).fit(scaled[train]).transform(scaled)
    fitted = {name: search(scaled, y, train, *contender) for name, contender in contenders().items()}
    for contender in contenders().values():
        search(reduced, y, train, *contender)
    return time.process_time() - start, fitted["svm-rbf"].score(scaled[test], y[test])


def circuit(layers):
    import pennylane

    @pennylane.qnode(pennylane.device("lightning.qubit", wires=QUBITS), diff_method="adjoint")
    def values(angles):
        for layer in range(layers):
            for q in range(QUBITS):
                pennylane.RY(angles[layer, q, 0], q)
                pennylane.RZ(angles[layer, q, 1], q)
            for q in range(QUBITS):
                pennylane.CZ((q, (q + 1) % QUBITS))
        return [pennylane.expval(pennylane.Z(q)) for q in range(QUBITS)] + [
            pennylane.expval(pennylane.Z(q) @ pennylane.Z((q + 1) % QUBITS)) for q in range(QUBITS)]
    return values


def seconds_a_circuit(layers, trained):
    from pennylane import numpy as differentiable
    import pennylane
    values = circuit(layers)
    run = pennylane.jacobian(lambda angles: differentiable.stack(values(angles))) if trained else values
    rows = [differentiable.array(numpy.random.default_rng(i).normal(size=(layers, QUBITS, 2)), requires_grad=trained) for i in range(TIMED)]
    run(rows[0])
    start = time.process_time()
    for row in rows:
        run(row)
    return (time.process_time() - start) / TIMED


def measure(_work, _precision, threads, program):
    os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    seconds, accuracy = classical()
    total = SPLITS * seconds
    for contender in counted(program, threads)["contenders"]:
        if contender["circuits"] > 0:
            layers = TRAINED.get(contender["name"].removesuffix("-separable"))
            total += contender["circuits"] * seconds_a_circuit(layers or 3, layers is not None)
    return total, accuracy
