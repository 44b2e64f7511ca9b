"""Circuits that begin in given states: gates that prepare them, whose angles are features.

A qubit after the other, from the highest on, is turned by an angle that depends on the qubits before it, and at the end every basis
state gets its phase. Both are commuting Pauli rotations, which the engine applies as tables: 2 * 2^qubits - 2 numbers a state.
"""

import numpy as np

from ._core import Circuit, InputError, features
from ._multiplexed import coefficients, rotations

MOST_QUBITS = 14


def count(qubits):
    """How many numbers a state is."""
    return 2 * 2**qubits - 2


def append(circuit, qubits, angles):
    """Appends the preparation of a state on qubits that are |0>, the first one the low bit of its index, up to a global phase."""
    angles = iter(angles)
    for k in reversed(range(len(qubits))):
        controls = qubits[k + 1 :]
        for on, letters, angle in rotations("Y", [next(angles) for _ in range(2 ** len(controls))], controls, qubits[k]):
            circuit.pauli_rotation(letters, angle, on)
    for chosen in range(1, 2 ** len(qubits)):
        on = [qubit for k, qubit in enumerate(qubits) if chosen >> k & 1]
        circuit.pauli_rotation("Z" * len(on), next(angles), on)


def numbers(amplitudes):
    """The angles of append() for normalised amplitudes: states x count(qubits)."""
    weights, columns = abs(amplitudes) ** 2, []
    while weights.shape[1] > 1:
        pairs = weights.reshape(len(weights), weights.shape[1] // 2, 2)
        columns.append(coefficients(2 * np.arctan2(np.sqrt(pairs[:, :, 1]), np.sqrt(pairs[:, :, 0]))))
        weights = pairs.sum(axis=2)
    return np.hstack([*reversed(columns), -2 * coefficients(np.angle(amplitudes))[:, 1:]])


def phases(amplitudes):
    """What the prepared states must be multiplied by."""
    return np.exp(1j * np.angle(amplitudes).mean(axis=1))


def checked(amplitudes, qubits):
    """States as rows. Raises InputError for another shape, numbers that are not finite, or a norm that is not 1."""
    try:
        made = np.asarray(amplitudes)
    except (TypeError, ValueError, RuntimeError) as failure:
        raise InputError(f"initial is no array of numbers, or derivatives by it are asked for, which there are not: {failure}") from failure
    if made.dtype.kind not in "biufc":
        raise InputError(f"initial holds no numbers but {made.dtype}")
    made = np.atleast_2d(made.astype(complex))
    if made.ndim != 2 or made.shape[1] != 2**qubits:
        raise InputError(f"initial has the shape {np.shape(amplitudes)}; it must be states x 2^qubits, {2**qubits} columns")
    norms = np.linalg.norm(made, axis=1)
    if not np.all(abs(norms - 1) < 1e-6):  # also for what is not finite
        row = int(np.argmin(abs(norms - 1) < 1e-6))
        raise InputError(f"the initial state in row {row} has the norm {norms[row]:.6g}; it must be 1")
    return made / norms[:, None]


def prepared(circuit):
    """The circuit behind the preparation of a state, whose numbers come after its own features."""
    if circuit.qubits > MOST_QUBITS:
        raise InputError(f"initial states have up to {MOST_QUBITS} qubits, not {circuit.qubits}")
    made = Circuit(circuit.qubits)
    append(made, list(range(circuit.qubits)), features(circuit.features + count(circuit.qubits))[circuit.features :])
    return made.append(circuit)
