"""Operators of Qiskit as our observables."""

import numpy as np
from qiskit.quantum_info import Pauli, SparseObservable, SparsePauliOp

from .. import _core
from .._core import InputError


def observable(operator):
    """A SparsePauliOp, SparseObservable, Pauli or label as an Observable; a label has letters of Paulis and projectors, as "ZI+0"."""
    if isinstance(operator, str):
        return pauli_terms({operator: 1.0})
    if isinstance(operator, SparseObservable):
        operator = SparsePauliOp.from_sparse_observable(operator)
    if isinstance(operator, Pauli):  # whose label may begin with a sign
        operator = SparsePauliOp(operator)
    if not isinstance(operator, SparsePauliOp):
        raise InputError(f"an observable of Qiskit is a SparsePauliOp, a SparseObservable, a Pauli or a label, not {type(operator).__name__}")
    return pauli_terms(dict(_summed(operator.to_list())))


def _summed(pairs):
    total = {}
    for label, weight in pairs:
        total[label] = total.get(label, 0) + weight
    return total.items()


_PROJECTORS = {"0": ("Z", 1), "1": ("Z", -1), "+": ("X", 1), "-": ("X", -1), "r": ("Y", 1), "l": ("Y", -1)}


def _letters(label):
    """A label of Pauli letters and projectors as weighted lists of (qubit, letter)."""
    products = [(1.0, [])]
    for k, letter in enumerate(reversed(label)):
        if letter in "XYZ":
            products = [(w, [*letters, (k, letter)]) for w, letters in products]
        elif letter in _PROJECTORS:  # (1 +- P) / 2
            pauli, sign = _PROJECTORS[letter]
            products = [p for w, letters in products for p in ((w / 2, letters), (sign * w / 2, [*letters, (k, pauli)]))]
        elif letter != "I":
            raise InputError(f"observable {label}: {letter} is no Pauli letter and no projector")
    return products


def pauli_terms(labels):
    terms = []
    for label, weight in labels.items():
        if abs(np.imag(weight)) > 1e-12:
            raise InputError(f"the observable is not Hermitian: the weight of {label} is {weight}")
        terms += [(float(np.real(weight)) * w, letters) for w, letters in _letters(label)]
    return _core.Observable.from_terms(terms or [(0.0, [])])
