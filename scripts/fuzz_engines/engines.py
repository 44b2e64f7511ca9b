"""Runs circuits with every engine of `qupel sim` and compares what they say with the reference.

The bounds are those that docs/sim.md states."""
import json
import math
import pathlib
import re
import subprocess
import tempfile

from fuzz_engines import reference
from fuzz_engines.circuits import Measure, Reset

# What an operation may add to the error of a value, in units of the sum of the weights' sizes.
ERROR = {"double": 1e-15, "single": 1e-7}
BEFORE = 16  # operations' worth of error that a circuit without operations may have
SIGMAS = 7  # for what is drawn by chance: fewer than one in 10^11 goes beyond
SECONDS = 300  # after which a run counts as hanging


class Failure(Exception):
    """What is wrong, in one line."""


class Runner:
    """Runs a program in a folder of its own."""

    def __init__(self, program):
        self.program = str(pathlib.Path(program).resolve())
        self.folder = tempfile.TemporaryDirectory(prefix="fuzz-engines-")
        self.file = pathlib.Path(self.folder.name) / "circuit.qasm"

    def run(self, command, *options):
        """@return the exit code, standard output and standard error @raise Failure for a crash, a hang or another exit code"""
        line = [self.program, command, str(self.file), *map(str, options)]
        try:
            done = subprocess.run(line, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise Failure(f"{' '.join(line[1:])}: no end after {SECONDS} s") from None
        if done.returncode not in (0, 2):
            raise Failure(f"{' '.join(line[1:])}: exit code {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
        return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")

    def answer(self, command, *options):
        """The JSON object of a run that must succeed."""
        code, out, err = self.run(command, *options, "--json")
        if code != 0:
            raise Failure(f"{command} {' '.join(map(str, options))}: refused: {err.strip()}")
        found = json.loads(out, parse_constant=lambda text: float(text))
        require_finite(found, f"{command} {' '.join(map(str, options))}")
        return found


def require_finite(found, what):
    if isinstance(found, float) and not math.isfinite(found):
        raise Failure(f"{what}: an answer that is not finite")
    for each in found.values() if isinstance(found, dict) else found if isinstance(found, list) else []:
        require_finite(each, what)
    if isinstance(found, dict):
        for key in ("expectation", "variance", "standard_error"):
            if key in found and found[key] is None:
                raise Failure(f"{what}: no number for the {key}")


def pure_state(circuit, places):
    """The state of the qubits that are used, which `places` numbers."""
    state = [1 + 0j] + [0j] * (2 ** len(places) - 1)
    for step in circuit.steps:
        matrix, targets, controls = step.unitary()
        for _ in range(step.repeat):
            reference.apply(state, matrix, [places[q] for q in targets], [(places[q], v) for q, v in controls])
    return state


def mixed_state(circuit, leave_out=()):
    """@param leave_out: positions of steps that do not happen"""
    density = reference.Density(circuit.qubits, circuit.bits)
    for at, step in enumerate(circuit.steps):
        if at in leave_out:
            continue
        if isinstance(step, Measure):
            density.measure(step.qubit, step.bit)
        elif isinstance(step, Reset):
            density.reset(step.qubit)
        else:
            happens = None if step.bit is None else lambda bits, s=step: bits[s.bit] == s.value
            density.unitary(*step.unitary(), condition=happens)
            for rule in circuit.noise:
                for kraus, qubits in rule.steps(step.event()):
                    density.channel(kraus, qubits, happens)
    return density


class Expected:
    """What is right for a circuit."""

    def __init__(self, circuit):
        self.circuit = circuit
        places = {q: k for k, q in enumerate(circuit.used())}
        if circuit.pure():
            self.state = pure_state(circuit, places)
            observable = [(w, {places[q]: letter for q, letter in letters.items()}) for w, letters in circuit.observable]
            self.mean, self.variance = reference.moments(observable, self.state)
            spread = [sum(1 << q for q, k in places.items() if i >> k & 1) for i in range(len(self.state))]
            self.amplitudes = dict(zip(spread, self.state))
            self.chances = {((), i): abs(a) ** 2 for i, a in self.amplitudes.items()}
        else:
            self.mean, self.variance = mixed_state(circuit, circuit.final_measurements()).moments(circuit.observable)
            self.amplitudes = None
            self.chances = mixed_state(circuit).probabilities()
        self.size = math.fsum(abs(w) for w, _ in circuit.observable)
        self.spread = math.fsum(abs(w) for w, letters in circuit.observable if letters)

    def chances_of_counts(self):
        """Of the keys of `counts`."""
        n = self.circuit.qubits
        result = {}
        for (bits, basis), chance in self.chances.items():
            key = "".join(map(str, reversed(bits))) if bits else f"{basis:0{n}b}"
            result[key] = result.get(key, 0) + chance
        return result


def compare(what, found, right, bound):
    if not abs(found - right) <= bound:
        raise Failure(f"{what} is {found!r}, {right!r} is right: off by {abs(found - right):.3g}, beyond {bound:.3g}")


def check_state(what, amplitudes, expected, bound):
    """Up to a global phase."""
    found = [complex(*pair) for pair in amplitudes]
    overlap = sum(a.conjugate() * found[i] for i, a in expected.amplitudes.items())
    turn = overlap / abs(overlap) if overlap else 1
    for i, amplitude in enumerate(found):
        right = turn * expected.amplitudes.get(i, 0)
        if not abs(amplitude - right) <= bound:
            raise Failure(f"{what}: amplitude {i} is {amplitude}, {right} is right: off by {abs(amplitude - right):.3g}, beyond {bound:.3g}")


def check_counts(what, counts, expected, shots):
    chances = expected.chances_of_counts()
    if sum(counts.values()) != shots:
        raise Failure(f"{what}: {sum(counts.values())} counts of {shots} shots")
    for key in set(chances) | set(counts):
        p, seen = chances.get(key, 0), counts.get(key, 0)
        if seen and p < 1e-13:
            raise Failure(f"{what}: {key} was counted {seen} times, and has a probability of {p:.3g}")
        p = min(max(p, 0.0), 1.0)
        if abs(seen - shots * p) > SIGMAS * math.sqrt(shots * p * (1 - p)) + SIGMAS:
            raise Failure(f"{what}: {key} was counted {seen} times of {shots}, and has a probability of {p:.6g}")


def engines_for(runner, circuit, options):
    """Those that take a circuit, and how many operations it has."""
    found = runner.answer("explain", *options)
    return ([each["engine"] for each in found["considered"] if "refusal" not in each], sum(found["circuit"]["gates"].values()))


def check(runner, circuit, number=0):
    """@param number: of the circuit, by which checks that need not be made each time are chosen @raise Failure"""
    runner.file.write_text(circuit.text())
    expected = Expected(circuit)
    asked = ["--observable", circuit.observable_text()]
    noise = ["--noise", circuit.noise_text()] if circuit.noise else []
    engines, operations = engines_for(runner, circuit, asked + noise)
    if not engines:
        raise Failure("no engine takes the circuit")
    seen = circuit.pure() and circuit.qubits <= 10
    with_amplitudes = engines_for(runner, circuit, asked + ["--state"])[0] if seen else []
    for engine in engines:
        with_state = ["--state"] if engine in with_amplitudes else []
        for precision in ("double", "single"):
            options = [*asked, *noise, "--engine", engine, "--precision", precision]
            what = f"{engine}, {precision}"
            found = runner.answer("sim", *options, *with_state, "--threads", 1)
            error = ERROR[precision] * (operations + BEFORE)
            compare(f"{what}: the expectation", found["expectation"], expected.mean, error * expected.size)
            compare(f"{what}: the variance", found["variance"], expected.variance, error * expected.spread**2)
            if with_state:
                check_state(what, found["state"], expected, error)
        if number % 3 == 0:
            again = runner.answer("sim", *options, *with_state, "--threads", 3)
            if {**again, "seconds": 0} != {**found, "seconds": 0}:
                raise Failure(f"{what}: another answer with 3 threads than with 1")
    check_chance(runner, circuit, expected, noise, number)


def check_chance(runner, circuit, expected, noise, number):
    """Shots and trajectories."""
    shots = 500
    for engine in engines_for(runner, circuit, [*noise, "--shots", shots])[0]:
        found = runner.answer("sim", *noise, "--shots", shots, "--seed", number, "--engine", engine)
        check_counts(f"{engine}: shots", found["counts"], expected, shots)
    if circuit.pure():
        return
    estimated = ["--observable", circuit.observable_text(), *noise, "--trajectories", 400]
    code, _, words = runner.run("explain", *estimated, "--json")
    if code != 0 and "--trajectories needs --noise" in words:
        return  # no measurement decides anything: there is one pure state
    for engine in engines_for(runner, circuit, estimated)[0]:
        found = runner.answer("sim", *estimated, "--seed", number, "--engine", engine)
        bound = SIGMAS * found.get("standard_error", 0) + 1e-9 * expected.size
        compare(f"{engine}: the estimate", found["expectation"], expected.mean, bound)


def check_text(runner, text, observable, noise):
    """A text that may be wrong: it is refused in words or answered in numbers, by all engines alike. @raise Failure"""
    runner.file.write_bytes(text.encode(errors="surrogateescape"))
    options = [f"--observable={observable}"] + ([f"--noise={noise}"] if noise else [])
    if any("\0" in option for option in options):
        options = [option.replace("\0", " ") for option in options]
    code, out, err = runner.run("explain", *options, "--json")
    if code != 0:
        if not any(line.startswith("qupel: ") for line in err.splitlines()):  # after warnings, if there are any
            raise Failure(f"refused without words: {err[:200]!r}")
        return
    taking = [each for each in json.loads(out)["considered"] if "refusal" not in each and each["bytes"] < 1e9 and each["seconds"] < 20]
    values = []
    for each in taking:
        code, out, err = runner.run("sim", *options, "--engine", each["engine"], "--json")
        if code != 0:
            continue
        found = json.loads(out)
        require_finite(found, f"sim --engine {each['engine']}")
        values.append(found["expectation"])
    weights = sum(float(number) for number in re.findall(r"\d+\.?\d*(?:[eE][+-]?\d+)?", observable))  # or more than they are
    if values and max(values) - min(values) > max(1e-6 * max(1, max(map(abs, values))), 1e-13 * weights):
        raise Failure(f"engines differ: {values}")


def smallest(circuit, fails):
    """The circuit with as many steps left out as can be, if fails(circuit) stays true."""
    size = max(1, len(circuit.steps) // 2)
    while size >= 1:
        at, smaller = 0, False
        while at < len(circuit.steps):
            fewer = type(circuit)(**{**vars(circuit), "steps": circuit.steps[:at] + circuit.steps[at + size:]})
            if fails(fewer):
                circuit, smaller = fewer, True
            else:
                at += size
        if size == 1 and not smaller:
            break
        size = max(1, size // 2) if size > 1 else 1
    return circuit
