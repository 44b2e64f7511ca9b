"""Qupel's engines; use the package qupel instead of this module."""

from collections.abc import Sequence

import numpy
import numpy.typing


class InputError(ValueError):
    pass

class Angle:
    """
    An angle in radians: factor * slot + number. features() and parameters() make them; multiply them with numbers and add numbers.
    """

    def __mul__(self, factor: float) -> Angle: ...

    def __rmul__(self, factor: float) -> Angle: ...

    def __truediv__(self, divisor: float) -> Angle: ...

    def __add__(self, number: float) -> Angle: ...

    def __radd__(self, number: float) -> Angle: ...

    def __sub__(self, number: float) -> Angle: ...

    def __rsub__(self, number: float) -> Angle: ...

    def __neg__(self) -> Angle: ...

    def __eq__(self, arg: Angle, /) -> bool: ...

    def __hash__(self) -> int: ...

    def __repr__(self) -> str: ...

    def __getstate__(self) -> tuple[float, int, int, float]: ...

    def __setstate__(self, arg: tuple[float, int, int, float], /) -> None: ...

    __array_ufunc__: None = None

def features(count: int) -> list[Angle]:
    """
    A list of so many slots for what each sample brings, x[0], x[1], ...

    >>> import qupel as qp
    >>> x = qp.features(2)
    >>> 0.5 * x[1] + 3
    0.5 * x[1] + 3
    """

def parameters(count: int) -> list[Angle]:
    """
    A list of so many slots for what is trained and shared by all samples.

    >>> import qupel as qp
    >>> -qp.parameters(3)[2]
    -1 * theta[2]
    """

class Circuit:
    """
    Operations over qubits, applied in order to |0...0>, and classical bits. Qubit 0 is the lowest bit of a basis state's index and the last character of a bit string. Methods append an operation and return the circuit.

    >>> import qupel as qp
    >>> circuit = qp.Circuit(2).h(0).cx(0, 1)
    >>> circuit.cost()['two_qubit']
    1
    """

    def __init__(self, qubits: int, bits: int = 0) -> None: ...

    def i(self, qubit: int, /) -> Circuit:
        """Appends i: identity: diag(1, 1)."""

    def x(self, qubit: int, /) -> Circuit:
        """Appends x: Pauli X, a bit flip: |0> <-> |1>."""

    def y(self, qubit: int, /) -> Circuit:
        """Appends y: Pauli Y, a bit and phase flip: Y = i X Z."""

    def z(self, qubit: int, /) -> Circuit:
        """Appends z: Pauli Z, a phase flip: diag(1, -1)."""

    def h(self, qubit: int, /) -> Circuit:
        """Appends h: Hadamard: (X + Z)/sqrt(2)."""

    def s(self, qubit: int, /) -> Circuit:
        """Appends s: square root of Z: diag(1, i)."""

    def sdg(self, qubit: int, /) -> Circuit:
        """Appends sdg: inverse of s: diag(1, -i)."""

    def t(self, qubit: int, /) -> Circuit:
        """Appends t: fourth root of Z: diag(1, exp(i pi/4))."""

    def tdg(self, qubit: int, /) -> Circuit:
        """Appends tdg: inverse of t: diag(1, exp(-i pi/4))."""

    def sx(self, qubit: int, /) -> Circuit:
        """Appends sx: square root of X: ((1+i) I + (1-i) X)/2."""

    def sxdg(self, qubit: int, /) -> Circuit:
        """Appends sxdg: inverse of sx: ((1-i) I + (1+i) X)/2."""

    def rx(self, angle: Angle | float, qubit: int, /) -> Circuit:
        """Appends rx: rotation about X: exp(-i angle/2 X)."""

    def ry(self, angle: Angle | float, qubit: int, /) -> Circuit:
        """Appends ry: rotation about Y: exp(-i angle/2 Y), real entries."""

    def rz(self, angle: Angle | float, qubit: int, /) -> Circuit:
        """Appends rz: rotation about Z: exp(-i angle/2 Z)."""

    def p(self, angle: Angle | float, qubit: int, /) -> Circuit:
        """Appends p: phase: diag(1, exp(i angle)), rz up to a global phase."""

    def u(self, angle0: Angle | float, angle1: Angle | float, angle2: Angle | float, qubit: int, /) -> Circuit:
        """
        Appends u: any one-qubit gate: exp(i (theta+phi+lambda)/2) RZ(phi) RY(theta) RZ(lambda), angles theta, phi, lambda.
        """

    def prx(self, angle0: Angle | float, angle1: Angle | float, qubit: int, /) -> Circuit:
        """
        Appends prx: phased rx, angles theta, phi: exp(i theta/2) times a rotation by theta about cos(phi) X + sin(phi) Y.
        """

    def gpi(self, angle: Angle | float, qubit: int, /) -> Circuit:
        """
        Appends gpi: half turn about cos(angle) X + sin(angle) Y (trapped ions).
        """

    def gpi2(self, angle: Angle | float, qubit: int, /) -> Circuit:
        """
        Appends gpi2: quarter turn about cos(angle) X + sin(angle) Y (trapped ions).
        """

    def cx(self, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends cx: controlled X (CNOT): flips the second qubit if the first is 1.
        """

    def cy(self, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends cy: controlled Y: Y on the second qubit if the first is 1."""

    def cz(self, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends cz: controlled Z: diag(1, 1, 1, -1), symmetric."""

    def ch(self, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends ch: controlled Hadamard: (X + Z)/sqrt(2) on the second qubit if the first is 1.
        """

    def swap(self, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends swap: exchanges two qubits: |01> <-> |10>."""

    def iswap(self, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends iswap: exchanges two qubits with a phase: |01> -> i|10>, |10> -> i|01>; exp(i pi/4 (XX + YY)).
        """

    def iswapdg(self, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends iswapdg: inverse of iswap: |01> -> -i|10>, |10> -> -i|01>; exp(-i pi/4 (XX + YY)).
        """

    def sqrt_iswap(self, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends sqrt_iswap: square root of iswap: exp(i pi/8 (XX + YY))."""

    def sqrt_iswapdg(self, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends sqrt_iswapdg: inverse of sqrt_iswap: exp(-i pi/8 (XX + YY))."""

    def ecr(self, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends ecr: echoed cross-resonance: (X I - Y X)/sqrt(2) as first, second qubit; cx up to one-qubit gates.
        """

    def rxx(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends rxx: joint rotation of two qubits: exp(-i angle/2 X X)."""

    def ryy(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends ryy: joint rotation of two qubits: exp(-i angle/2 Y Y)."""

    def rzz(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends rzz: exp(-i angle/2 Z Z): a phase that depends on the parity of two qubits.
        """

    def rzx(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends rzx: cross-resonance rotation: exp(-i angle/2 Z X), Z on the first qubit, X on the second.
        """

    def crx(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends crx: controlled rx: exp(-i angle/2 X) on the second qubit if the first is 1.
        """

    def cry(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends cry: controlled ry: exp(-i angle/2 Y) on the second qubit if the first is 1.
        """

    def crz(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends crz: controlled rz: exp(-i angle/2 Z) on the second qubit if the first is 1.
        """

    def cp(self, angle: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """Appends cp: controlled phase: diag(1, 1, 1, exp(i angle)), symmetric."""

    def ms(self, angle0: Angle | float, angle1: Angle | float, qubit0: int, qubit1: int, /) -> Circuit:
        """
        Appends ms: Molmer-Sorensen gate: exp(-i pi/4 A B), where A and B are cos(angle) X + sin(angle) Y of each qubit's angle.
        """

    def ccx(self, qubit0: int, qubit1: int, qubit2: int, /) -> Circuit:
        """Appends ccx: Toffoli: flips the third qubit if the first two are 1."""

    def cswap(self, qubit0: int, qubit1: int, qubit2: int, /) -> Circuit:
        """
        Appends cswap: Fredkin: exchanges the last two qubits if the first is 1.
        """

    def add(self, name: str, qubits: Sequence[int], *angles) -> Circuit:
        """Appends a gate by its name; qubits with controls first."""

    def pauli_rotation(self, letters: str, angle: Angle | float, qubits: Sequence[int]) -> Circuit:
        """
        Appends exp(-i angle/2 P) for the letters I, X, Y, Z of P, one a qubit.
        """

    def unitary(self, matrix: numpy.typing.ArrayLike, qubits: Sequence[int]) -> Circuit:
        """
        Appends gates that make a unitary of up to 8 qubits, up to a global phase; the first qubit is the low bit of its index.
        """

    def add_bits(self, name: str, size: int) -> int:
        """Appends a register of classical bits; returns the number of its first."""

    def measure(self, qubit: int, bit: int | None = None) -> Circuit:
        """Measures a qubit into a classical bit; None: a new one."""

    def reset(self, qubit: int) -> Circuit:
        """Makes a qubit |0>."""

    def barrier(self, *qubits: int) -> Circuit:
        """Keeps the order of what is before and after it."""

    def append(self, other: Circuit, feature_shift: int = 0, parameter_shift: int = 0) -> Circuit:
        """
        Appends another circuit on the same qubits, the indices of its slots shifted.
        """

    def inverse(self) -> Circuit:
        """The circuit that undoes this one."""

    def bind(self, features: numpy.typing.ArrayLike | None = None, parameters: numpy.typing.ArrayLike | None = None) -> Circuit:
        """The circuit with every slot replaced by its value."""

    def separable(self) -> Circuit:
        """The same circuit without gates on more than one qubit."""

    def copy(self) -> Circuit:
        """A circuit of its own."""

    def __copy__(self) -> Circuit: ...

    def __deepcopy__(self, memo: object) -> Circuit: ...

    def cost(self) -> dict:
        """
        What it asks of a device: gates by name, how many act on one qubit, two or more, depth.
        """

    @property
    def operations(self) -> list:
        """
        Name, qubits, angles, Pauli letters and classical bits of each operation.
        """

    @property
    def conditions(self) -> list:
        """
        Of each operation those under which it happens: classical bits, comparison and value.
        """

    @property
    def qubits(self) -> int: ...

    @property
    def features(self) -> int:
        """1 + the highest feature that it uses."""

    @property
    def parameters(self) -> int:
        """1 + the highest parameter that it uses."""

    @property
    def bits(self) -> int: ...

    def qasm(self) -> str:
        """OpenQASM 3."""

    @staticmethod
    def from_qasm(text: str) -> Circuit:
        """
        Reads OpenQASM 2 or 3. Inputs x0, x1, ... are features, theta0, theta1, ... parameters.
        """

    def draw(self, width: int = 100) -> str:
        """A drawing as text, wrapped to so many columns."""

    def __str__(self) -> str: ...

    def __repr__(self) -> str: ...

    def __len__(self) -> int: ...

    def __eq__(self, arg: Circuit, /) -> bool: ...

    def __reduce__(self) -> tuple: ...

    __hash__: None = None

def gates() -> list[str]:
    """Names of all gates."""

class Observable:
    """
    A sum of Pauli strings with real weights.

    >>> import qupel as qp
    >>> qp.Observable('Z0 Z1 + 0.5 X2').terms
    [(1.0, [(0, 'Z'), (1, 'Z')]), (0.5, [(2, 'X')])]
    """

    def __init__(self, text: str) -> None: ...

    @staticmethod
    def from_terms(terms: Sequence[tuple[float, Sequence[tuple[int, str]]]]) -> Observable:
        """From (weight, [(qubit, letter), ...]), a pair a term."""

    @staticmethod
    def from_matrix(matrix: numpy.typing.ArrayLike, qubits: Sequence[int]) -> Observable:
        """
        A Hermitian matrix on some qubits, the first of which is the low bit of its index.
        """

    @property
    def terms(self) -> list[tuple[float, list[tuple[int, str]]]]: ...

    @property
    def qubits(self) -> int:
        """1 + the highest qubit that it acts on."""

    def __add__(self, other: Observable) -> Observable: ...

    def __sub__(self, other: Observable) -> Observable: ...

    def __mul__(self, factor: float) -> Observable: ...

    def __rmul__(self, factor: float) -> Observable: ...

    def __eq__(self, arg: Observable, /) -> bool: ...

    def __hash__(self) -> int: ...

    def __str__(self) -> str: ...

    def __repr__(self) -> str: ...

    def __reduce__(self) -> tuple: ...

class Device:
    """
    A quantum computer as data: what is coupled, which operations there are, how good they were on one date.

    >>> import qupel as qp
    >>> qp.device('ibm-torino').size
    133
    """

    @property
    def name(self) -> str: ...

    @property
    def vendor(self) -> str: ...

    @property
    def date(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def size(self) -> int:
        """How many qubits it has."""

    @property
    def edges(self) -> list[tuple[int, int]]:
        """Pairs of qubits with a gate, each once."""

    @property
    def native(self) -> list[str]:
        """Names of its operations."""

    @property
    def medians(self) -> dict:
        """Medians over its qubits and pairs; times in microseconds."""

    def json(self) -> str:
        """The text of a device file."""

    @staticmethod
    def from_json(text: str) -> Device: ...

    def __repr__(self) -> str: ...

    def __reduce__(self) -> tuple: ...

def device(name: str) -> Device:
    """
    A device by its name, by a description such as 'grid(3x4, two-qubit=0.01)', or by the path of a device file.
    """

def devices() -> list[str]:
    """Names of the devices that are built in."""

class Program:
    """A circuit with its observables, compiled; see qupel.compile()."""

    def __init__(self, circuit: Circuit, observables: Sequence[Observable], precision: str = 'double', threads: object | None = None, noise: str = '', device: Device | None = None, trajectories: object = 0, shots: object = 0, mitigation: Sequence[str] = [], engine: str = '', seed: object = 0, channels: list = []) -> None: ...

    def expectations(self, x: numpy.typing.ArrayLike | None = None, theta: numpy.typing.ArrayLike | None = None, seed: int | None = None) -> numpy.typing.NDArray[numpy.float64]:
        """samples x observables"""

    def estimate(self, x: numpy.typing.ArrayLike | None = None, theta: numpy.typing.ArrayLike | None = None, seed: int | None = None) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
        """
        Expectation values and their standard errors, which are 0 where values are exact.
        """

    def vjp(self, x: numpy.typing.ArrayLike | None, theta: numpy.typing.ArrayLike | None, cotangents: numpy.typing.ArrayLike, features: bool = True, seed: int | None = None) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
        """Values, derivatives by the parameters, derivatives by the features."""

    def jacobian(self, x: numpy.typing.ArrayLike | None = None, theta: numpy.typing.ArrayLike | None = None, seed: int | None = None) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
        """
        Values, derivatives by the parameters, derivatives by the features; the latter samples x observables x slots.
        """

    def states(self, x: numpy.typing.ArrayLike | None = None, theta: numpy.typing.ArrayLike | None = None) -> numpy.typing.NDArray[numpy.complex128]:
        """Amplitudes, samples x 2^qubits."""

    def kernel(self, a: numpy.typing.ArrayLike | None, b: numpy.typing.ArrayLike | None = None, theta: numpy.typing.ArrayLike | None = None, seed: int | None = None) -> numpy.typing.NDArray[numpy.float64]:
        """|<a_i|b_j>|^2, rows of a x rows of b; None for b: of a with itself."""

    def counts(self, x: numpy.typing.ArrayLike | None = None, theta: numpy.typing.ArrayLike | None = None, shots: int | None = None, seed: int | None = None) -> list[dict[str, int]]:
        """
        How often each bit string was measured, qubit 0 last, a dictionary a sample.
        """

    def sample(self, x: numpy.typing.ArrayLike | None = None, theta: numpy.typing.ArrayLike | None = None, shots: int | None = None, seed: int | None = None) -> numpy.typing.NDArray[numpy.uint64]:
        """
        Basis states that were measured, samples x shots; qubit 0 is the lowest bit.
        """

    @property
    def circuit(self) -> Circuit: ...

    @property
    def observables(self) -> list[Observable]: ...

    @property
    def shots(self) -> int: ...

    def __reduce__(self) -> tuple: ...

def thread_count() -> int:
    """
    Threads that work is shared out to unless a call names a number: QUPEL_NUM_THREADS, else OMP_NUM_THREADS, else all cores.
    """
