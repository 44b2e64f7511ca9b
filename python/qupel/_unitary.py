"""Unitaries of three qubits and more as gates: quantum Shannon decomposition (Shende, Bullock and Markov, arXiv:quant-ph/0406176)."""

import numpy as np

from ._core import InputError
from ._multiplexed import coefficients, rotations

MOST_QUBITS = 8


def append(circuit, matrix, qubits):
    """Appends a unitary on qubits, the first one the low bit of its index, up to a global phase."""
    matrix = np.asarray(matrix, complex)
    size = 2 ** len(qubits)
    if len(qubits) > MOST_QUBITS:
        raise InputError(f"a unitary acts on up to {MOST_QUBITS} qubits, not {len(qubits)}")
    if len(set(qubits)) != len(qubits):
        raise InputError(f"the unitary's qubits {list(qubits)} name one twice")
    if matrix.shape != (size, size):
        raise InputError(f"a unitary on {len(qubits)} qubits is {size} x {size}, not {' x '.join(map(str, matrix.shape))}")
    if not np.allclose(matrix.conj().T @ matrix, np.eye(size), atol=1e-8):
        raise InputError("the matrix is not unitary")
    _append(circuit, matrix, list(qubits))


def _append(circuit, matrix, qubits):
    if len(qubits) <= 2:
        circuit.unitary(matrix, qubits)
        return
    left, (cosines, sines), right = _cosine_sine(matrix)
    controls, top = qubits[:-1], qubits[-1]
    _append_either(circuit, *right, controls, top)
    _append_rotations(circuit, "Y", 2 * np.arctan2(sines, cosines), controls, top)
    _append_either(circuit, *left, controls, top)


def _append_rotations(circuit, letter, angles, controls, target):
    for on, letters, angle in rotations(letter, coefficients(angles), controls, target):
        circuit.pauli_rotation(letters, float(angle), on)


def _append_either(circuit, zero, one, qubits, top):
    """One unitary where the top qubit is 0, another where it is 1: V, phases that depend on the top qubit, W."""
    values, vectors = _eigen(zero @ one.conj().T)
    halves = np.exp(0.5j * np.angle(values))
    _append(circuit, halves[:, None] * (vectors.conj().T @ one), qubits)
    _append_rotations(circuit, "Z", -np.angle(values), qubits, top)
    _append(circuit, vectors, qubits)


def _eigen(unitary):
    """Eigenvalues and orthonormal eigenvectors of a unitary, by those of a Hermitian matrix that has the same ones."""
    turned = (0.8 + 0.6j) * unitary
    _, vectors = np.linalg.eigh((turned + turned.conj().T) + 0.7310585 * 1j * (turned.conj().T - turned))
    return np.einsum("ij,ik,kj->j", vectors.conj(), unitary, vectors), vectors


def _cosine_sine(matrix):
    """matrix = (L1 + L2) ((C, -S), (S, C)) (R1 + R2), sums direct: the pairs L and R, and the diagonals of C and S."""
    half = len(matrix) // 2
    left, cosines, right = np.linalg.svd(matrix[:half, :half])
    order = np.argsort(cosines)  # large sines first: they decide their columns
    left, cosines, right = left[:, order], np.clip(cosines[order], 0, 1), right[order]
    lower, triangle = np.linalg.qr(matrix[half:, :half] @ right.conj().T)
    entries = np.diagonal(triangle)
    sines = abs(entries)
    lower = lower * np.where(sines > 1e-300, entries / np.where(sines > 1e-300, sines, 1), 1)
    other = cosines[:, None] * (lower.conj().T @ matrix[half:, half:]) - sines[:, None] * (left.conj().T @ matrix[:half, half:])
    return (left, lower), (cosines, sines), (right, other)
