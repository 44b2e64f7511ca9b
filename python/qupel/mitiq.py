"""Mitiq: an executor that runs all of its circuits in one call.

>>> import cirq, mitiq
>>> from qupel.mitiq import executor
>>> q = cirq.LineQubit.range(1)
>>> noisy = executor(cirq.Z(q[0]), noise="depolarizing(0.01) after all")
>>> round(float(mitiq.zne.execute_with_zne(cirq.Circuit([cirq.X(q[0])] * 10), noisy)), 2)
1.0
"""

from ._extras import needs
from . import _program

try:
    import cirq
    from mitiq import Executor
except ModuleNotFoundError as failure:
    raise needs("mitiq", failure) from failure


def executor(observable, **options):
    """A mitiq.Executor of Cirq's circuits for a PauliString or PauliSum; other arguments are those of qupel.compile (noise=, device=)."""
    from .cirq import Converted
    from .cirq import observable as converted_observable

    # The annotation tells Mitiq that the function takes all circuits at once.
    def run(circuits) -> list[float]:
        values = []
        for circuit in circuits:
            order = sorted(set(circuit.all_qubits()) | set(observable.qubits))
            made = Converted(cirq.drop_terminal_measurements(circuit), order)
            program = _program.compile(made.circuit, converted_observable(observable, order), channels=made.channels, **options)
            values.append(float(program.expectations()[0, 0]))
        return values

    return Executor(run, max_batch_size=10**6)
