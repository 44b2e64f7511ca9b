"""Angles of Qiskit's circuits: expressions of parameters, evaluated by NumPy on all rows at once."""

import re
from functools import lru_cache

import numpy as np
from qiskit.circuit import Parameter, ParameterExpression

_FUNCTIONS = {name: getattr(np, name) for name in ("sin", "cos", "tan", "exp", "log", "abs", "sign", "conj")}
_FUNCTIONS |= {"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "pi": np.pi}


@lru_cache(maxsize=1024)
def _code(text):
    return compile(text, "angles of a circuit", "eval")


def is_open(value):
    """Whether an angle has parameters without values."""
    return isinstance(value, ParameterExpression) and bool(value.parameters)


#: What is told from numbers and functions in the text of an expression: x, theta[3].
_WORD = re.compile(r"[^\W\d]\w*(\[\d+\])?")


class Evaluation:
    """A function of columns by the text of its values, which pickles."""

    def __init__(self, text):
        self._text = text

    def __call__(self, columns):
        return eval(_code(self._text), {"__builtins__": {}}, {**_FUNCTIONS, "v": columns})


def function_of(expressions, parameters):
    """Values of expressions from the columns of the parameters, as one expression of NumPy."""
    if not parameters:
        return Evaluation("()")
    if not all(_WORD.fullmatch(parameter.name) for parameter in parameters):
        expressions, parameters = _renamed(expressions, parameters)
    names = {parameter.name: f"v[{k}]" for k, parameter in enumerate(parameters)}
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)({either})(?![\w\[(])")
    return Evaluation("(" + "".join(pattern.sub(lambda m: names[m[0]], str(e)) + "," for e in expressions) + ")")


def _renamed(expressions, parameters):
    """The same with names that are words; Qiskit takes any, also numbers."""
    words = {parameter: Parameter(f"p{k}") for k, parameter in enumerate(parameters)}
    return [each.subs({p: words[p] for p in each.parameters}) for each in expressions], list(words.values())
