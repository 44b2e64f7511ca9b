"""Makes Qiskit's own tests of its primitives test ours: pytest -p plugin (tests/suites)."""

import qiskit.primitives

import qupel.qiskit

qiskit.primitives.StatevectorEstimator = qupel.qiskit.Estimator
qiskit.primitives.StatevectorSampler = qupel.qiskit.Sampler
