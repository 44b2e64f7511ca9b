"""The work of the benchmarks, the same for every peer."""
from typing import NamedTuple

import numpy


class Work(NamedTuple):
    name: str
    qubits: int
    operations: list = []  # of (name, qubits, angles); none: only some peers know this work, by its name
    noise: dict = {}  # channel after operations on so many qubits: {2: ("depolarizing", 0.01)}
    trajectories: int = 0  # of them instead of the mixed state
    tolerance: float = 0  # of answers that are drawn: five standard errors
    relative: float = 0  # of answers that a peer finds by finite differences


class Angles:
    """Angles between -3 and 3, those of native/work.h (SplitMix64)."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = 2**64 - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = (self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53 * 6 - 3

    def matrix(self, rows, columns):
        return numpy.array([[self.next() for _ in range(columns)] for _ in range(rows)])


def layers(qubits, entangle, depth=10):
    """`depth` layers of RY and RZ on every qubit, then entangle(qubits, angles)."""
    angles = Angles(7)
    operations = []
    for _ in range(depth):
        for q in range(qubits):
            operations.append(("ry", (q,), (angles.next(),)))
            operations.append(("rz", (q,), (angles.next(),)))
        operations += entangle(qubits, angles)
    return operations


def ring(name):
    return lambda qubits, _: [(name, (q, (q + 1) % qubits), ()) for q in range(qubits)]


def all_to_all(qubits, _):
    return [("cx", (a, b), ()) for a in range(qubits) for b in range(a + 1, qubits)]


def rzz_chain(qubits, angles):
    return [("rzz", (q, q + 1), (angles.next(),)) for q in range(qubits - 1)]


def random_unitary(draw):
    """4 x 4, by Haar's measure (Mezzadri, arXiv:math-ph/0609050); the first qubit is the lower bit of an index."""
    q, r = numpy.linalg.qr(draw.normal(size=(4, 4)) + 1j * draw.normal(size=(4, 4)))
    return q * (numpy.diagonal(r) / abs(numpy.diagonal(r)))


def random_pairs(qubits, depth=10):
    """`depth` layers of a random unitary on every pair of a random pairing."""
    draw = numpy.random.default_rng(7)
    pairings = [draw.permutation(qubits).reshape(-1, 2).tolist() for _ in range(depth)]
    return [("unitary", tuple(pair), random_unitary(draw)) for pairing in pairings for pair in pairing]


NOISE = {1: ("amplitude-damping", 0.01), 2: ("depolarizing", 0.01)}
RINGS = {"layers-cx-ring": ring("cx"), "layers-cz-ring": ring("cz"), "layers-cx-all": all_to_all,
         "layers-rzz-chain": rzz_chain}
STATES = [*RINGS, "layers-random-pairs"]


def work(name, qubits):
    if name in RINGS:
        return Work(name, qubits, layers(qubits, RINGS[name]))
    if name == "layers-random-pairs":
        return Work(name, qubits, random_pairs(qubits))
    if name == "noisy-cx-ring":
        return Work(name, qubits, layers(qubits, ring("cx"), depth=5), NOISE)
    if name == "trajectories-cx-ring":
        return Work(name, qubits, layers(qubits, ring("cx"), depth=5), NOISE, trajectories=2000, tolerance=0.12)
    return Work(name, qubits, tolerance=0.007 if name == "shots-1m" else 0, relative=1e-3 if name == "qaoa-labs-gradient" else 0)


def euler(qubit, matrix):
    from qiskit.synthesis import OneQubitEulerDecomposer
    return "u", (qubit,), OneQubitEulerDecomposer("U").angles(matrix)


def decomposition(pair, matrix):
    """A unitary on two qubits, exact up to its global phase: one-qubit unitaries around exp(i (a XX + b YY + c ZZ)), which
    cx and cz make of X, XZ and Z."""
    from qiskit.synthesis import TwoQubitWeylDecomposition
    weyl = TwoQubitWeylDecomposition(matrix)
    low, high = pair
    return [euler(low, weyl.K2r), euler(high, weyl.K2l),
            ("cx", pair, ()), ("rx", (low,), (-2 * weyl.a,)), ("rz", (high,), (-2 * weyl.c,)),
            ("cz", pair, ()), ("rx", (low,), (2 * weyl.b,)), ("cz", pair, ()), ("cx", pair, ()),
            euler(low, weyl.K1r), euler(high, weyl.K1l)]


def statements(name, on, angles):
    if name == "unitary":
        return [line for step in decomposition(on, angles) for line in statements(*step)]
    arguments = f"({', '.join(repr(float(angle)) for angle in angles)})" if len(angles) else ""
    return [f"{name}{arguments} {', '.join(f'q[{q}]' for q in on)};"]


def qasm(work):
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', f"qubit[{work.qubits}] q;"]
    if any(name == "rzz" for name, _, _ in work.operations):
        lines.append("gate rzz(angle) a, b { cx a, b; rz(angle) b; cx a, b; }")
    for operation in work.operations:
        lines += statements(*operation)
    return "\n".join(lines) + "\n"
