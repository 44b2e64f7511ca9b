"""Random circuits, one generator a regime. A circuit is a list of steps, which become OpenQASM and a reference alike, and from
which steps can be left out when a failing circuit is made smaller."""
import dataclasses
import math
import random

from fuzz_engines import reference


@dataclasses.dataclass
class Call:
    """A gate with modifiers: `controls` (1 or 0, on the first qubits) and a whole power (-1 is the inverse)."""
    name: str
    angles: list
    qubits: list
    controls: list = dataclasses.field(default_factory=list)
    power: int = 1
    bit: int = None  # it happens where this bit has this value
    value: int = 1
    repeat: int = 1  # so many times in a row

    def text(self):
        modifiers = "".join("ctrl @ " if c else "negctrl @ " for c in self.controls)
        if self.power != 1:
            modifiers += "inv @ " if self.power == -1 else f"pow({self.power}) @ "
        angles = f"({', '.join(number(a) for a in self.angles)})" if self.angles else ""
        call = f"{modifiers}{self.name}{angles} {', '.join(f'q[{q}]' for q in self.qubits)};"
        if self.bit is not None:
            call = f"if (c[{self.bit}] == {self.value}) {{ {call} }}"
        return call if self.repeat == 1 else f"for int i in [1:{self.repeat}] {{ {call} }}"

    def unitary(self):
        count = len(self.controls)
        matrix, targets, controls = reference.unitary(self.name, self.angles, self.qubits[count:])
        return reference.power(matrix, self.power), targets, controls + list(zip(self.qubits, self.controls))

    def event(self):
        """The gate as noise meets it: one event on its qubits, called as the program calls it."""
        return self.name, self.qubits


@dataclasses.dataclass
class Measure:
    qubit: int
    bit: int

    def text(self):
        return f"c[{self.bit}] = measure q[{self.qubit}];"


@dataclasses.dataclass
class Reset:
    qubit: int

    def text(self):
        return f"reset q[{self.qubit}];"


@dataclasses.dataclass
class Rule:
    """Noise after gates: by the number of their qubits (1 or 2), or by a name."""
    channel: str
    value: float
    after: object

    def text(self):
        what = {1: "one-qubit", 2: "two-qubit"}.get(self.after, self.after)
        return f"{self.channel}({number(self.value)}) after {what}"

    def steps(self, event):
        name, qubits = event
        if self.after not in (len(qubits), name):
            return
        if self.channel == "depolarizing" and len(qubits) <= 2:
            yield reference.channel(self.channel, [self.value], len(qubits)), qubits
        else:
            for q in qubits:
                yield reference.channel(self.channel, [self.value], 1), [q]


@dataclasses.dataclass
class Circuit:
    regime: str
    qubits: int
    steps: list
    observable: list  # (weight, {qubit: letter})
    bits: int = 0
    noise: list = dataclasses.field(default_factory=list)

    def text(self):
        lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', f"qubit[{self.qubits}] q;"]
        if self.bits:
            lines.append(f"bit[{self.bits}] c;")
        return "\n".join(lines + [step.text() for step in self.steps]) + "\n"

    def noise_text(self):
        return "; ".join(rule.text() for rule in self.noise)

    def observable_text(self):
        text = ""
        for weight, letters in self.observable:
            word = " ".join(f"{letter}{q}" for q, letter in sorted(letters.items())) or "I"
            text += f"{' - ' if weight < 0 else ' + ' if text else ''}{number(abs(weight))} {word}"
        return text.strip()

    def pure(self):
        return not self.noise and all(isinstance(step, Call) and step.bit is None for step in self.steps)

    def final_measurements(self):
        """Positions of the measurements that nothing follows: neither on their qubits nor decided by their bits. Expectation values
        are those before them."""
        found, touched, read = set(), set(), set()
        for at in reversed(range(len(self.steps))):
            step = self.steps[at]
            if isinstance(step, Measure):
                if step.qubit not in touched and step.bit not in read:
                    found.add(at)
                else:
                    touched.add(step.qubit)
            elif isinstance(step, Reset):
                touched.add(step.qubit)
            else:
                touched.update(step.qubits)
                read.update(() if step.bit is None else [step.bit])
        return found

    def used(self):
        """Qubits that anything acts on or looks at."""
        found = set()
        for step in self.steps:
            found.update(step.qubits if isinstance(step, Call) else [step.qubit])
        for _, letters in self.observable:
            found.update(letters)
        return sorted(found)


def number(value):
    return repr(float(value))


ANGLED = [name for name, (angles, *_) in reference.GATES.items() if angles]
CLIFFORD = ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap", "iswap", "dcx"]
SAME = ["U", "id", "p", "u1", "phase", "cp", "cphase", "cs", "csdg"]  # rules that name one may choose another, too
COMMON = ["h", "s", "t", "sx", "x", "rx", "ry", "rz", "p", "U", "cx", "cz", "cp", "crx", "rzz", "swap"]


def width(name):
    _, targets, _, controls = reference.GATES[name]
    return targets + controls


def call(rng, name, qubits, angle):
    return Call(name, [angle(rng) for _ in range(reference.GATES[name][0])], rng.sample(range(qubits), width(name)))


def calls(rng, count, qubits, angle, names=None):
    fitting = [name for name in names or reference.GATES if width(name) <= qubits]
    return [call(rng, rng.choice(fitting), qubits, angle) for _ in range(count)]


def usual(rng):
    return rng.choice([rng.uniform(-7, 7), rng.choice([0.25, 0.5, 1, 1.5, 2]) * math.pi * rng.choice([-1, 1])])


def small(rng):
    """1e-15 to 1e-3, by itself or beside a multiple of a quarter turn."""
    tiny = rng.choice([-1, 1]) * 10 ** rng.uniform(-15, -3)
    return tiny + rng.choice([0, 0, 0.5, 1, 1.5, 2, 3]) * math.pi


def huge(rng):
    return rng.choice([-1, 1]) * 10 ** rng.uniform(0, 15)


def observable(rng, qubits, terms=3, weight=lambda rng: round(rng.uniform(-2, 2), 3)):
    result = []
    for _ in range(rng.randint(1, terms)):
        on = rng.sample(range(qubits), rng.randint(0 if result else 1, min(qubits, 3)))
        result.append((weight(rng), {q: rng.choice("XYZ") for q in on}))
    return result


def of_angles(angle, regime):
    def made(rng):
        n = rng.randint(1, 5)
        return Circuit(regime, n, calls(rng, rng.randint(1, 40), n, angle), observable(rng, n))
    return made


def long(rng):
    """Thousands of gates, among them runs of one that is repeated."""
    n = rng.randint(1, 3)
    steps = []
    for each in calls(rng, rng.randint(2, 8), n, rng.choice([usual, small]), COMMON):
        each.repeat = rng.choice([1, 100, 1000])
        steps.append(each)
    body = calls(rng, rng.randint(100, 600), n, usual, COMMON)
    return Circuit("long", n, steps + body, observable(rng, n))


def wide(rng):
    """Many qubits of which few are used."""
    n = rng.choice([9, 14, 17, 18, 19])
    few = sorted(rng.sample(range(n), rng.randint(2, 5)))
    small_one = Circuit("wide", len(few), calls(rng, rng.randint(5, 40), len(few), usual), observable(rng, len(few)))
    for step in small_one.steps:
        step.qubits = [few[q] for q in step.qubits]
    small_one.observable = [(w, {few[q]: letter for q, letter in letters.items()}) for w, letters in small_one.observable]
    small_one.qubits = n
    return small_one


def dense(rng):
    """States that fill a few more qubits, for engines that take no fewer."""
    n = rng.randint(7, 9)
    return Circuit("dense", n, calls(rng, rng.randint(20, 60), n, usual), observable(rng, n))


def clifford(rng):
    n = rng.randint(1, 7)
    return Circuit("clifford", n, calls(rng, rng.randint(5, 80), n, usual, CLIFFORD), observable(rng, n))


def modified(rng):
    """Controls, controls on 0, inverses and powers."""
    n = rng.randint(2, 6)
    steps = []
    for each in calls(rng, rng.randint(1, 8), n, usual):
        free = [q for q in range(n) if q not in each.qubits]
        rng.shuffle(free)
        taken = free[:rng.randint(0, len(free))]
        each.controls = [rng.randint(0, 1) for _ in taken]
        each.qubits = taken + each.qubits
        each.power = rng.choice([1, 1, -1, 2, 3, -2])
        steps.append(each)
    start = [call(rng, "ry", n, usual) for _ in range(n)]
    return Circuit("modified", n, start + steps, observable(rng, n))


def weights(rng):
    """Observables whose weights differ by many powers of ten, and constants beside them."""
    n = rng.randint(1, 4)
    size = 10 ** rng.uniform(-140, 140)
    sum_of = observable(rng, n, 4, lambda r: r.choice([-1, 1]) * size * 10 ** r.uniform(-9, 0))
    if rng.random() < 0.5:
        sum_of.append((size * 1e6, {}))
    return Circuit("weights", n, calls(rng, rng.randint(0, 20), n, usual), sum_of)


def noisy(rng):
    n = rng.randint(1, 3)
    steps = calls(rng, rng.randint(1, 10), n, usual)
    rules = []
    for _ in range(rng.randint(1, 3)):
        after = rng.choice([1, 2] + [step.name for step in steps if step.name not in SAME])
        rules.append(Rule(rng.choice(["depolarizing", "bit-flip", "phase-flip", "amplitude-damping"]),
                          rng.choice([0.5, 0.05, 1e-3, 1e-9]), after))
    return Circuit("noisy", n, steps, observable(rng, n), noise=rules)


def feedback(rng):
    n, bits = rng.randint(1, 3), 2
    steps = []
    for each in calls(rng, rng.randint(2, 12), n, usual, COMMON):
        steps.append(each)
        chance = rng.random()
        if chance < 0.15:
            steps.append(Measure(rng.randrange(n), rng.randrange(bits)))
        elif chance < 0.25:
            steps.append(Reset(rng.randrange(n)))
        elif chance < 0.45:
            each.bit, each.value = rng.randrange(bits), rng.randint(0, 1)
    steps.append(Measure(rng.randrange(n), 0))
    steps.append(call(rng, "h", n, usual))
    noise = [Rule("bit-flip", 0.1, 1)] if rng.random() < 0.3 else []
    return Circuit("feedback", n, steps, observable(rng, n), bits, noise)


REGIMES = [of_angles(usual, "usual"), of_angles(small, "small angles"), of_angles(huge, "huge angles"), long, wide, dense, clifford,
           modified, weights, noisy, feedback]


def made(seed, index):
    """Circuit number `index` of a seed."""
    rng = random.Random(f"{seed}/{index}")
    return REGIMES[index % len(REGIMES)](rng)


def mutated(seed, index):
    """The text of a circuit with a few characters changed, and options likewise."""
    rng = random.Random(f"{seed}/mutated/{index}")
    circuit = made(seed, rng.randrange(1000) * len(REGIMES) + rng.choice([0, 1, 7, 9, 10]))
    pieces = ["18446744073709551616", "-1", "2147483647", "1e309", "1e300", "nan", "(", "}", "q", "[0]", "ctrl @", "pow(0.5) @", "//",
              "\0", "\xff", ";", "9223372036854775808", "pi", "/0", "**", "gate g a { h a; }", "é", "−1", "\r"]

    def change(text):
        for _ in range(rng.choice([0, 1, 1, 2, 5])):
            at = rng.randrange(len(text) + 1)
            end = min(len(text), at + rng.choice([0, 0, 1, 1, 5]))
            text = text[:at] + rng.choice(pieces + [text[rng.randrange(len(text) + 1):][:8]]) + text[end:]
        return text

    return change(circuit.text()), change(circuit.observable_text()), change(circuit.noise_text()) if circuit.noise else ""
