"""What a circuit means, computed slowly and from the definitions alone: dense matrices on a list of amplitudes.

Qubit q is bit q of an index. A unitary is (matrix, targets, controls): a square list of rows whose index has the first target as
its lowest bit, and pairs (qubit, value) that decide whether it acts. Gates are those of the OpenQASM specification and of the two
standard include files, with their global phases, because a control makes a global phase a relative one."""
import cmath
import math

I, X, Y, Z = ([[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])
PAULI = {"I": I, "X": X, "Y": Y, "Z": Z}


def exp_i(angle):
    """exp(i angle), exact to the last place for angles of any size (cmath.exp would be, too, for most)."""
    return complex(math.cos(angle), math.sin(angle))


def times(a, b):
    return [[sum(a[r][k] * b[k][c] for k in range(len(b))) for c in range(len(b[0]))] for r in range(len(a))]


def dagger(a):
    return [[complex(a[c][r]).conjugate() for c in range(len(a))] for r in range(len(a[0]))]


def diagonal(*entries):
    return [[entries[r] if r == c else 0 for c in range(len(entries))] for r in range(len(entries))]


def tensor(low, high):
    """The matrix of `low` on the lower bits and `high` on the higher bits of an index."""
    n = len(low)
    return [[high[r // n][c // n] * low[r % n][c % n] for c in range(n * len(high))] for r in range(n * len(high))]


def scaled(factor, a):
    return [[factor * entry for entry in row] for row in a]


def rotation(letters, angle):
    """exp(-i angle/2 P), the first letter on the lowest bit."""
    p = [[1]]
    for letter in letters:
        p = tensor(p, PAULI[letter])
    c, s = math.cos(angle / 2), math.sin(angle / 2)
    return [[(c if r == k else 0) - 1j * s * p[r][k] for k in range(len(p))] for r in range(len(p))]


def u3_of_language(theta, phi, lam):
    """U of OpenQASM 3: exp(i theta/2) RZ RY RZ up to the phase that makes entry (0, 0) 1 + exp(i theta) over 2."""
    c, s, turn = math.cos(theta / 2), math.sin(theta / 2), exp_i(theta / 2)
    return [[turn * c, -turn * exp_i(lam) * s], [turn * exp_i(phi) * s, turn * exp_i(phi) * exp_i(lam) * c]]


def ry_like(theta, phi, lam):
    """u3 of the include files: real and positive at (0, 0) for small angles."""
    c, s = math.cos(theta / 2), math.sin(theta / 2)
    return [[c, -exp_i(lam) * s], [exp_i(phi) * s, exp_i(phi) * exp_i(lam) * c]]


H = scaled(math.sqrt(0.5), [[1, 1], [1, -1]])
S, T = diagonal(1, 1j), diagonal(1, exp_i(math.pi / 4))
SX = scaled(0.5, [[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]])
SWAP = [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
ISWAP = [[1, 0, 0, 0], [0, 0, 1j, 0], [0, 1j, 0, 0], [0, 0, 0, 1]]
CX = [[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0]]  # the control is the lowest bit
DCX = times([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], CX)
CX_BACK = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]

# name: (number of angles, number of targets, matrix of the angles, number of controls before the targets)
GATES = {
    "id": (0, 1, lambda: I, 0), "x": (0, 1, lambda: X, 0), "y": (0, 1, lambda: Y, 0), "z": (0, 1, lambda: Z, 0),
    "h": (0, 1, lambda: H, 0), "s": (0, 1, lambda: S, 0), "sdg": (0, 1, lambda: dagger(S), 0),
    "t": (0, 1, lambda: T, 0), "tdg": (0, 1, lambda: dagger(T), 0), "sx": (0, 1, lambda: SX, 0),
    "sxdg": (0, 1, lambda: dagger(SX), 0),
    "rx": (1, 1, lambda a: rotation("X", a), 0), "ry": (1, 1, lambda a: rotation("Y", a), 0),
    "rz": (1, 1, lambda a: rotation("Z", a), 0), "p": (1, 1, lambda a: diagonal(1, exp_i(a)), 0),
    "u1": (1, 1, lambda a: diagonal(1, exp_i(a)), 0), "phase": (1, 1, lambda a: diagonal(1, exp_i(a)), 0),
    "U": (3, 1, u3_of_language, 0),
    "cx": (0, 1, lambda: X, 1), "cy": (0, 1, lambda: Y, 1), "cz": (0, 1, lambda: Z, 1), "ch": (0, 1, lambda: H, 1),
    "crx": (1, 1, lambda a: rotation("X", a), 1), "cry": (1, 1, lambda a: rotation("Y", a), 1),
    "crz": (1, 1, lambda a: rotation("Z", a), 1), "cp": (1, 1, lambda a: diagonal(1, exp_i(a)), 1),
    "cphase": (1, 1, lambda a: diagonal(1, exp_i(a)), 1), "cs": (0, 1, lambda: S, 1), "csdg": (0, 1, lambda: dagger(S), 1),
    "csx": (0, 1, lambda: SX, 1),
    "swap": (0, 2, lambda: SWAP, 0), "iswap": (0, 2, lambda: ISWAP, 0), "dcx": (0, 2, lambda: DCX, 0),
    "rxx": (1, 2, lambda a: rotation("XX", a), 0), "ryy": (1, 2, lambda a: rotation("YY", a), 0),
    "rzz": (1, 2, lambda a: rotation("ZZ", a), 0),
    "cu": (4, 1, lambda a, b, c, d: scaled(exp_i(d), ry_like(a, b, c)), 1),
    "ccx": (0, 1, lambda: X, 2), "ccz": (0, 1, lambda: Z, 2), "cswap": (0, 2, lambda: SWAP, 1),
    "c3x": (0, 1, lambda: X, 3), "c4x": (0, 1, lambda: X, 4), "c3sx": (0, 1, lambda: SX, 3),
}


def unitary(name, angles, qubits):
    """A call of a gate without modifiers."""
    _, targets, matrix, controls = GATES[name]
    assert len(qubits) == targets + controls
    return matrix(*angles), list(qubits[controls:]), [(q, 1) for q in qubits[:controls]]


def power(matrix, exponent):
    """A whole power, negative ones included."""
    base = dagger(matrix) if exponent < 0 else matrix
    result = [[1 if r == c else 0 for c in range(len(matrix))] for r in range(len(matrix))]
    for _ in range(abs(exponent)):
        result = times(base, result)
    return result


def places(size, targets, controls):
    """Indices that the targets' bits are 0 in and that the controls allow."""
    mask = wanted = 0
    for q in targets:
        mask |= 1 << q
    for q, value in controls:
        mask |= 1 << q
        wanted |= value << q
    return [i for i in range(size) if i & mask == wanted]


def apply(state, matrix, targets, controls=()):
    """In place."""
    offsets = [sum(1 << q for k, q in enumerate(targets) if r >> k & 1) for r in range(len(matrix))]
    for base in places(len(state), targets, controls):
        before = [state[base + offset] for offset in offsets]
        for row, offset in zip(matrix, offsets):
            state[base + offset] = sum(m * b for m, b in zip(row, before))


def image(observable, state):
    """O |state>. An observable is a list of (weight, {qubit: letter})."""
    result = [0j] * len(state)
    for weight, letters in observable:
        term = [weight * entry for entry in state]
        for qubit, letter in letters.items():
            apply(term, PAULI[letter], [qubit])
        result = [a + b for a, b in zip(result, term)]
    return result


def without_identity(observable):
    """The weight of the identity, and the other terms."""
    return (math.fsum(w for w, letters in observable if not letters), [(w, letters) for w, letters in observable if letters])


def moments(observable, state):
    """<O> and <(O - <O>)^2>, of the state divided by its length."""
    constant, terms = without_identity(observable)
    norm = math.fsum(abs(a) ** 2 for a in state)
    after = image(terms, state)
    mean = math.fsum((a.conjugate() * b).real for a, b in zip(state, after)) / norm
    variance = math.fsum(abs(b - mean * a) ** 2 for a, b in zip(state, after)) / norm
    return constant + mean, variance


class Density:
    """Several density matrices at once, one for each value of the classical bits, each weighted with its probability. A matrix is
    a list of amplitudes on twice as many qubits: row q is bit q, column q is bit n + q."""

    def __init__(self, qubits, bits):
        self.n = qubits
        self.branches = {(0,) * bits: [1 + 0j] + [0j] * (4**qubits - 1)}

    def _columns(self, qubits):
        return [q + self.n for q in qubits]

    def _unitary(self, rho, matrix, targets, controls):
        apply(rho, matrix, targets, controls)
        apply(rho, [[complex(e).conjugate() for e in row] for row in matrix], self._columns(targets),
              [(q + self.n, v) for q, v in controls])

    def _channel(self, rho, kraus, qubits):
        total = [0j] * len(rho)
        for matrix in kraus:
            part = list(rho)
            self._unitary(part, matrix, qubits, ())
            total = [a + b for a, b in zip(total, part)]
        return total

    def unitary(self, matrix, targets, controls=(), condition=None):
        """@param condition: of the tuple of bits; None: always"""
        for bits, rho in self.branches.items():
            if condition is None or condition(bits):
                self._unitary(rho, matrix, targets, controls)

    def channel(self, kraus, qubits, condition=None):
        for bits in self.branches:
            if condition is None or condition(bits):
                self.branches[bits] = self._channel(self.branches[bits], kraus, qubits)

    def measure(self, qubit, bit):
        after = {}
        for bits, rho in self.branches.items():
            for value in (0, 1):
                part = [e if i >> qubit & 1 == value and i >> qubit + self.n & 1 == value else 0j for i, e in enumerate(rho)]
                key = bits[:bit] + (value,) + bits[bit + 1:]
                known = after.get(key)
                after[key] = part if known is None else [a + b for a, b in zip(known, part)]
        self.branches = after

    def reset(self, qubit):
        self.channel([[[1, 0], [0, 0]], [[0, 1], [0, 0]]], [qubit])

    def total(self):
        return [sum(entries) for entries in zip(*self.branches.values())]

    def moments(self, observable):
        constant, terms = without_identity(observable)
        rho = self.total()

        def trace(matrix):
            return math.fsum(matrix[i | i << self.n].real for i in range(1 << self.n))

        after = image(terms, rho)  # acts on the rows
        mean = trace(after)
        centred = terms + [(-mean, {})]
        return constant + mean, trace(image(centred, image(centred, rho)))

    def probabilities(self):
        """By (bits, basis state)."""
        return {(bits, i): rho[i | i << self.n].real for bits, rho in self.branches.items() for i in range(1 << self.n)}


def channel(name, parameters, qubits):
    """Kraus matrices of the channels that the generators use, on so many qubits."""
    root = math.sqrt
    if name == "depolarizing":
        (p,) = parameters
        letters = ["".join(w) for w in _words(qubits)]
        first, rest = letters[0], letters[1:]
        share = p / (4**qubits - 1)
        return [scaled(root(1 - p), _word(first))] + [scaled(root(share), _word(w)) for w in rest]
    (p,) = parameters
    if name == "bit-flip":
        return [scaled(root(1 - p), I), scaled(root(p), X)]
    if name == "phase-flip":
        return [scaled(root(1 - p), I), scaled(root(p), Z)]
    if name == "amplitude-damping":
        return [diagonal(1, root(1 - p)), [[0, root(p)], [0, 0]]]
    raise KeyError(name)


def _words(n):
    return [""] if n == 0 else [w + letter for w in _words(n - 1) for letter in "IXYZ"]


def _word(letters):
    result = [[1]]
    for letter in letters:
        result = tensor(result, PAULI[letter])
    return result
