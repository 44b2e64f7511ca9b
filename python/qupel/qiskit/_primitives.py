"""Estimator and Sampler: Qiskit's primitives, version 2."""

import warnings

import numpy as np
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.primitives.containers import BitArray, DataBin, PrimitiveResult, PubResult, SamplerPubResult
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.primitives.primitive_job import PrimitiveJob

from .. import _program
from ._converted import Converted
from ._observables import pauli_terms
from ._shots import samples, seed_of


def _values(pub, converted):
    """Rows of parameter values, and the shape that they fill."""
    values = pub.parameter_values.as_array(pub.circuit.parameters) if converted.parameters else np.zeros((*pub.parameter_values.shape, 0))
    return converted.features(values), values.shape[:-1]


class Estimator(BaseEstimatorV2):
    """Expectation values: exact ones, to which normal noise is added where a precision is asked for.

    Other arguments are those of qupel.compile: device="ibm-torino", noise=..., threads=...
    """

    def __init__(self, *, default_precision=0.0, seed=None, threads=1, **options):
        self._default_precision, self._seed, self._options = default_precision, seed, {"threads": threads, **options}

    default_precision = property(lambda self: self._default_precision)
    seed = property(lambda self: self._seed)

    def run(self, pubs, *, precision=None):
        precision = self._default_precision if precision is None else precision
        job = PrimitiveJob(self._run, [EstimatorPub.coerce(pub, precision) for pub in pubs])
        job._submit()
        return job

    def _run(self, pubs):
        return PrimitiveResult([self._pub(pub) for pub in pubs], metadata={"version": 2})

    def _pub(self, pub):
        distinct, index = {}, np.empty(pub.observables.shape, int)
        for at in np.ndindex(*index.shape):
            index[at] = distinct.setdefault(tuple(sorted(pub.observables[at].items())), len(distinct))
        converted = Converted(pub.circuit)
        features, shape = _values(pub, converted)
        observables = [pauli_terms(dict(terms)) for terms in distinct]
        if converted.dynamic:
            circuit = converted.with_measurements()
            values = np.array([_program.run(circuit.bind(row), observables, **self._options).expectations for row in features])
        else:
            values = _program.compile(converted.circuit, observables, **self._options).expectations(features)
        rows = np.broadcast_to(np.arange(len(features)).reshape(shape), pub.shape)
        evs = np.asarray(values[rows, np.broadcast_to(index, pub.shape)], float)
        if pub.precision:
            evs = np.asarray(np.random.default_rng(self._seed).normal(evs, pub.precision))
        return PubResult(DataBin(evs=evs, stds=np.zeros(pub.shape), shape=pub.shape),
                         metadata={"target_precision": pub.precision, "circuit_metadata": pub.circuit.metadata})


class Sampler(BaseSamplerV2):
    """Measured bits. Other arguments are those of qupel.compile: device="ibm-torino", noise=..., threads=..."""

    def __init__(self, *, default_shots=1024, seed=None, threads=1, **options):
        self._default_shots, self._seed, self._options = default_shots, seed, {"threads": threads, **options}

    default_shots = property(lambda self: self._default_shots)
    seed = property(lambda self: self._seed)

    def run(self, pubs, *, shots=None):
        pubs = [SamplerPub.coerce(pub, self._default_shots if shots is None else shots) for pub in pubs]
        if any(len(pub.circuit.cregs) == 0 for pub in pubs):
            warnings.warn("One of your circuits has no output classical registers and so the result will be empty. Did you mean to add "
                          "measurement instructions?", UserWarning)
        job = PrimitiveJob(self._run, pubs)
        job._submit()
        return job

    def _run(self, pubs):
        return PrimitiveResult([self._pub(pub) for pub in pubs], metadata={"version": 2})

    def _pub(self, pub):
        converted = Converted(pub.circuit)
        features, shape = _values(pub, converted)
        read = samples(converted, features, pub.shots, seed_of(self._seed), self._options)
        position = {bit: k for k, bit in enumerate(pub.circuit.clbits)}
        fields = {}
        for register in pub.circuit.cregs:
            packed = read.packed([position[bit] for bit in register])
            fields[register.name] = BitArray(packed.reshape(*shape, pub.shots, packed.shape[-1]), len(register))
        return SamplerPubResult(DataBin(**fields, shape=shape), metadata={"shots": pub.shots, "circuit_metadata": pub.circuit.metadata})
