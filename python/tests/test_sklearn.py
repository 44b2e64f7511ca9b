"""The estimators pass every check of scikit-learn, and work where its estimators do."""

import doctest
import pickle

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.linear_model import RidgeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

import qupel.sklearn
from qupel.sklearn import (QuantumKernelClassifier, QuantumKernelRegressor, QuantumKernelTransformer, VariationalClassifier,
                           VariationalRegressor)

ALL = [QuantumKernelClassifier, QuantumKernelRegressor, QuantumKernelTransformer, VariationalClassifier, VariationalRegressor]


@parametrize_with_checks([estimator() for estimator in ALL])
def test_every_check_of_scikit_learn(estimator, check):
    check(estimator)


def test_examples_are_true():
    assert doctest.testmod(qupel.sklearn) == (0, 4)


@pytest.mark.parametrize("estimator", [QuantumKernelClassifier(encoding="iqp", bandwidth=0.3), VariationalClassifier(random_state=1, max_iter=30)])
def test_tables_wider_than_the_register_are_learned(estimator):
    X, y = load_breast_cancer(return_X_y=True)
    fitted = estimator.fit(X[:200], y[:200])
    assert fitted.score(X[200:], y[200:]) > 0.88
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).predict(X), fitted.predict(X))


def test_regression():
    X, y = load_diabetes(return_X_y=True)
    for estimator in (QuantumKernelRegressor(bandwidth=0.3), VariationalRegressor(random_state=1, max_iter=30)):
        assert estimator.fit(X[:300], y[:300]).score(X[300:], y[300:]) > 0.3


def test_search_with_processes():
    X, y = load_breast_cancer(return_X_y=True)
    search = GridSearchCV(QuantumKernelClassifier(qubits=4), {"bandwidth": [0.1, 0.5, 1.0]}, cv=2, n_jobs=2).fit(X[:150], y[:150])
    assert search.best_score_ > 0.88


def test_a_pipeline_with_names_of_columns():
    pandas = pytest.importorskip("pandas")
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    transformer = QuantumKernelTransformer(qubits=4).set_output(transform="pandas")
    made = transformer.fit_transform(X[:50])
    assert isinstance(made, pandas.DataFrame) and made.columns[3] == "quantumkerneltransformer3"
    assert make_pipeline(QuantumKernelTransformer(qubits=4), RidgeClassifier()).fit(X[:200], y[:200]).score(X[200:], y[200:]) > 0.85


@pytest.mark.parametrize("estimator", [QuantumKernelClassifier(), QuantumKernelRegressor(), VariationalClassifier(random_state=0, max_iter=5),
                                       VariationalRegressor(random_state=0, max_iter=5)])
def test_a_weight_counts_rows(estimator):
    X, y = load_iris(return_X_y=True)
    weights = np.arange(len(X)) % 4
    weighted = clone(estimator).fit(X, y, sample_weight=weights).predict(X)
    order = np.random.default_rng(0).permutation(weights.sum())
    np.testing.assert_array_equal(weighted, clone(estimator).fit(X.repeat(weights, axis=0)[order], y.repeat(weights)[order]).predict(X))
    for wrong, said in ((-weights, "Negative"), (0 * weights, "weight"), (weights[1:], "shape"), (weights * np.nan, "NaN")):
        with pytest.raises(ValueError, match=said):
            clone(estimator).fit(X, y, sample_weight=wrong)


def test_a_transformer_takes_no_weights():
    with pytest.raises(TypeError, match="sample_weight"):
        QuantumKernelTransformer().fit([[0.0], [1.0]], sample_weight=[1, 2])


@pytest.mark.parametrize("settings, said", [({"encoding": "angel"}, "choose one of angle, iqp"), ({"qubits": 2.5}, "qubits=2.5 must be a whole number"),
                                            ({"qubits": True}, "whole number"), ({"repetitions": 0}, "from 1 on"), ({"bandwidth": np.nan}, "finite"),
                                            ({"bandwidth": "wide"}, "finite"), ({"layers": -1}, "from 0 on"), ({"max_iter": 0}, "from 1 on"),
                                            ({"penalty": -1}, "not negative"), ({"threads": -1}, "negative")])
def test_wrong_settings_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        VariationalClassifier(**settings).fit([[0.0], [1.0]], [0, 1])
