"""Makes Cirq's own tests of its simulator test ours: pytest -p plugin (tests/suites)."""

import cirq

import qupel.cirq

cirq.Simulator = qupel.cirq.Simulator
