"""Rotations of one qubit by an angle that depends on others, as commuting Pauli rotations."""

import numpy as np


def coefficients(angles):
    """Of a rotation by angles[..., j] where the controls are in basis state j: a coefficient for each set of controls, by its bits.

    sum over sets S of coefficients[S] * (-1)^(number of common bits of S and j) = angles[j] (a Walsh-Hadamard transform).
    """
    values = np.asarray(angles, float)
    size, half = values.shape[-1], 1
    while half < size:
        pairs = values.reshape(*values.shape[:-1], size // (2 * half), 2, half)
        values = np.stack([pairs[..., 0, :] + pairs[..., 1, :], pairs[..., 0, :] - pairs[..., 1, :]], axis=-2).reshape(values.shape)
        half *= 2
    return values / size


def rotations(letter, weights, controls, target):
    """(qubits, letters, weight) of each Pauli rotation; the first control is the lowest bit of a set."""
    for chosen, weight in enumerate(weights):
        on = [qubit for k, qubit in enumerate(controls) if chosen >> k & 1]
        yield [target, *on], letter + "Z" * len(on), weight
