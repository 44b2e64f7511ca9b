"""Mitiq: an executor that runs all of its circuits in one call.

>>> import cirq, mitiq
>>> from qupel.mitiq import executor
>>> q = cirq.LineQubit.range(1)
>>> noisy = executor(cirq.Z(q[0]), noise="depolarizing(0.01) after all")
>>> round(float(mitiq.zne.execute_with_zne(cirq.Circuit([cirq.X(q[0])] * 10), noisy)), 2)
1.0
"""

from . import _program
from ._core import InputError
from ._extras import needs

try:
    import cirq
    from mitiq import Executor
except ModuleNotFoundError as failure:
    raise needs("mitiq", failure) from failure

from .cirq import Converted, observable


class _Run:
    """Expectation values of circuits; pickles."""

    def __init__(self, observable, options):
        self._observable, self._options = observable, options

    # The annotation tells Mitiq that the function takes all circuits at once.
    def __call__(self, circuits) -> list[float]:
        return [self._value(circuit) for circuit in circuits]

    def _value(self, circuit):
        if not isinstance(circuit, cirq.AbstractCircuit):
            raise InputError(f"the executor runs circuits of Cirq, not {type(circuit).__name__}")
        if cirq.is_parameterized(circuit):
            raise InputError(f"the circuit has symbols without values: {', '.join(sorted(cirq.parameter_names(circuit)))}")
        order = sorted(set(circuit.all_qubits()) | set(self._observable.qubits))
        made = Converted(cirq.drop_terminal_measurements(circuit), order)
        program = _program.compile(made.circuit, observable(self._observable, order), channels=made.channels, **self._options)
        return float(program.expectations()[0, 0])


def executor(observable, **options):
    """A mitiq.Executor of Cirq's circuits for a PauliString or PauliSum; other arguments are those of qupel.compile (noise=, device=)."""
    if not isinstance(observable, cirq.PauliSum):
        try:
            observable = cirq.PauliString(observable)
        except TypeError as failure:
            raise InputError(f"an observable of Cirq is a PauliString or a PauliSum, not {observable!r}") from failure
    return Executor(_Run(observable, options), max_batch_size=10**6)
