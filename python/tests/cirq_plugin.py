"""Makes Cirq's own tests of its simulator test ours: pytest -p plugin (tests/suites)."""

import cirq

import qupel.cirq

cirq.Simulator = qupel.cirq.Simulator

# They count calls of Cirq's own methods, or want the numbers of its own random sequence.
ABOUT_CIRQ_ITSELF = ("test_run_repetitions_measure_at_end", "test_random_seed", "test_random_seed_terminal_measurements_deterministic",
                     "test_random_seed_mixture_deterministic")


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if item.originalname in ABOUT_CIRQ_ITSELF]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
