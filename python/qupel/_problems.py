"""Problems that are no tables, as files for the program: graphs, quadratic costs, prices."""

import hashlib
import json
import os
import pathlib
import re

import numpy as np

from . import _tables
from ._core import InputError


def file_of(problem, kind, folder, name):
    """The path of a problem's file: as it is given, or written into a folder from an object of Python."""
    if isinstance(problem, (str, os.PathLike)):
        return os.fspath(problem)
    if kind == "portfolio":
        return str(_tables.file_of(_with_dates(problem), folder, name))
    text, suffix = _text(problem, kind)
    path = pathlib.Path(folder, hashlib.sha256(text.encode()).hexdigest()[:12], name + suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def _text(problem, kind):
    if kind == "maxcut" and hasattr(problem, "edges"):  # networkx, rustworkx's is converted by the user
        edges = [(a, b, data.get("weight", 1)) for a, b, data in problem.edges(data=True)]
        words = _names((node for a, b, _ in edges for node in (a, b)), _word)
        return "".join(f'"{words[a]}" "{words[b]}" {float(weight)!r}\n' for a, b, weight in edges), ".txt"
    if kind == "maxcut":
        matrix = _one_triangle(_square(problem, "the weights of a graph are"))
        return "".join(f"{i} {j} {float(matrix[i, j])!r}\n" for i, j in zip(*np.nonzero(matrix))), ".txt"
    if kind == "qubo" and isinstance(problem, dict):  # {(i, j): weight}, as dimod has it
        names = _names((variable for pair in problem for variable in pair), str)
        quadratic = [[names[a], names[b], float(w)] for (a, b), w in problem.items() if a != b]
        linear = {names[a]: float(w) for (a, b), w in problem.items() if a == b}
        return json.dumps({"linear": linear, "quadratic": quadratic}), ".json"
    if kind == "qubo":
        return json.dumps({"Q": _square(problem, "Q is").tolist()}), ".json"
    raise InputError(f"a problem of the kind {kind!r} is given by the path of its file, not by {type(problem).__name__}")


def _names(keys, text):
    """The text that stands for each key in a file; no two have the same."""
    names, keys_of = {}, {}
    for key in keys:
        names[key] = text(key)
        other = keys_of.setdefault(names[key], key)
        if other != key:
            raise InputError(f"{other!r} and {key!r} would both be called {names[key]!r}; give one of them another name")
    return names


def _word(node):
    """A node without what parts words in a file of edges: (0, 1) is (0_1)."""
    return re.sub(r"[\s,;\"]+", "_", str(node))


def _one_triangle(matrix):
    """The weights above the diagonal of a matrix that is symmetric or has one triangle alone."""
    upper, lower = np.triu(matrix, 1), np.tril(matrix, -1).T
    if not lower.any() or np.array_equal(upper, lower):
        return upper
    if not upper.any():
        return lower
    raise InputError("the weights of a graph are a symmetric matrix, or one with nothing below its diagonal")


def _square(values, what):
    matrix = np.asarray(values, float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise InputError(f"{what} a square matrix, not of the shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise InputError(f"{what} a matrix of finite numbers")
    return matrix


def _with_dates(prices):
    """Dates as a column: frames of pandas have them as their index."""
    if hasattr(prices, "reset_index") and not any(str(c).lower() == "date" for c in prices.columns):
        prices = prices.reset_index(names="Date")
        prices["Date"] = prices["Date"].astype(str).str.slice(0, 10)
    return prices


def options(given):
    """Options of a kind as the program takes them: freeze_core=True, active=(2, 2), basis="6-31g"."""
    words = []
    for name, value in given.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is True:
            words.append(flag)
        elif value is not None and value is not False:
            words += [flag, ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)]
    return words
