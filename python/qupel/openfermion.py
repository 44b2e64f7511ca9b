"""OpenFermion: its qubit operators as observables."""

from . import _core
from ._core import InputError
from ._extras import needs

try:
    from openfermion import FermionOperator, QubitOperator, jordan_wigner
except ModuleNotFoundError as failure:
    raise needs("openfermion", failure) from failure


def observable(operator):
    """A QubitOperator, or a FermionOperator by the Jordan-Wigner transform, as an Observable; qubit k stays qubit k.

    >>> from openfermion import QubitOperator
    >>> observable(QubitOperator("X0 Z2", 0.5) - QubitOperator(""))
    Observable('0.5 X0 Z2 - I')
    """
    if not isinstance(operator, (QubitOperator, FermionOperator)):
        raise InputError(f"{type(operator).__name__} is no QubitOperator and no FermionOperator")
    if isinstance(operator, FermionOperator):
        operator = jordan_wigner(operator)
    terms = []
    for letters, weight in operator.terms.items():
        try:
            weight = complex(weight)
        except TypeError as failure:
            raise InputError(f"the weight of {letters} is no number but {weight}") from failure
        if abs(weight.imag) > 1e-12:
            raise InputError(f"the operator is not Hermitian: the weight of {letters} is {weight}")
        terms.append((weight.real, list(letters)))
    return _core.Observable.from_terms(terms or [(0.0, [])])
