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


class Fit(NamedTuple):
    """A circuit of the audit in training, as native/fit.cc builds it."""
    qubits: int
    operations: list  # of (name, qubits, "slot" or "angle" or "", its place)
    angles: int  # trainable ones of the circuit; then come the slots' weights, their shifts, the readout's weights and biases
    shifts: bool
    rows: numpy.ndarray  # a column a slot
    labels: list
    ring: list  # neighbours that are read
    start: numpy.ndarray
    steps: int = 100


FIT_ROWS = 128


def ring_pairs(qubits):
    """Qupel's order (encode/pairs.cc): even neighbours, odd ones, the one that closes the ring."""
    return [(q, q + 1) for first in (0, 1) for q in range(first, qubits - 1, 2)] + [(qubits - 1, 0)]


def all_pairs(qubits):
    """Every pair, in rounds of a tournament by the circle method, for an even number of qubits."""
    turning = qubits - 1
    rounds = [(r, k) for r in range(turning) for k in range(qubits // 2)]
    pairs = [((r + k) % turning, turning if k == 0 else (r - k) % turning) for r, k in rounds]
    return [(min(pair), max(pair)) for pair in pairs]


def iqp_full(qubits):
    pairs = all_pairs(qubits)
    operations = [step for q in range(qubits) for step in (("h", (q,), "", 0), ("rz", (q,), "slot", q))]
    operations += [("rzz", pair, "slot", qubits + place) for place, pair in enumerate(pairs)]
    for layer in range(2):
        for q in range(qubits):
            at = 2 * (layer * qubits + q)  # all RY and RZ of a qubit, then the next qubit
            operations += [("ry", (q,), "angle", at), ("rz", (q,), "angle", at + 1)]
        operations += [("cx", (q, (q + 1) % qubits), "", 0) for q in range(qubits)]
    return operations, 4 * qubits, lambda x: numpy.hstack([x, *(x[:, [a]] * x[:, [b]] for a, b in pairs)]), False


def reuploading(qubits):
    operations = []
    for layer in range(3):
        for q in range(qubits):
            at = 2 * (layer * qubits + q)
            operations += [("ry", (q,), "slot", at), ("rz", (q,), "slot", at + 1)]
        operations += [("cz", pair, "", 0) for pair in ring_pairs(qubits)]
    operations += [("ry", (q,), "angle", q) for q in range(qubits)]
    return operations, qubits, lambda x: x[:, [q for _ in range(3) for q in range(qubits) for _ in range(2)]], True


def fits(name, qubits):
    operations, angles, encode, shifts = {"fit-iqp-full": iqp_full, "fit-reuploading": reuploading}[name](qubits)
    x = Angles(8).matrix(FIT_ROWS, qubits) / 3
    rows, slots = encode(x), encode(x).shape[1]
    start = 0.1 * Angles(7).matrix(1, angles + (2 if shifts else 1) * slots + 2 * (2 * qubits + 1))[0]
    start[angles:angles + slots] += 1
    return Fit(qubits, operations, angles, shifts, rows, (x[:, 0] * x[:, 1] > 0).astype(int).tolist(), ring_pairs(qubits), start)


def work(name, qubits):
    if name.startswith("fit-"):
        return Work(name, qubits, relative=1e-6)  # a hundred steps of training enlarge what rounding does
    if name == "guadalupe-kernel":
        return Work(name, qubits, tolerance=3)  # 780 entries of 1024 shots each, from two programs
    if name == "audit-breast-cancer":
        return Work(name, qubits, tolerance=0.06)  # the accuracy on one fold of 80 rows, and on all
    if name == "uccsd-hydrogen":
        return Work(name, qubits, tolerance=1e-4)  # hartree: orders of gates and shared parameters differ
    if name == "fci-nitrogen":
        return Work(name, qubits, tolerance=1e-6)  # hartree: integrals of two programs
    if name == "uccsd-gradient":
        return Work(name, qubits, tolerance=1e-6)  # at 0 neither the order of gates nor signs matter
    if name in RINGS:
        return Work(name, qubits, layers(qubits, RINGS[name]))
    if name == "layers-random-pairs":
        return Work(name, qubits, random_pairs(qubits))
    if name == "noisy-cx-ring":
        return Work(name, qubits, layers(qubits, ring("cx"), depth=5), NOISE)
    if name == "trajectories-cx-ring":
        return Work(name, qubits, layers(qubits, ring("cx"), depth=5), NOISE, trajectories=2000, tolerance=0.12)
    if name == "pec-200":
        return Work(name, qubits, layers(qubits, ring("cx"), depth=3), {2: ("depolarizing", 0.01)}, tolerance=0.15)
    if name == "readout-1m":
        return Work(name, qubits, layers(qubits, ring("cx"), depth=3), tolerance=0.01)
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
