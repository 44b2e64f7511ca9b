"""D-Wave's samplers: simulated annealing with its own schedule, and tabu search, which ends when it meets the target. Seconds are
those until a try meets it, on the mean over the tries of the best number of sweeps."""
import time

import heuristics

RUNS = {work: ("double",) for work in heuristics.WORKS}
READS, WALKS, LIMIT = 100, 10, 20000  # tries, walks, and milliseconds after which a walk gives up


def version(_):
    from dwave import samplers
    return samplers.__version__


def model(instance):
    import dimod
    terms = {pair: -weight for pair, weight in instance.pairs.items()}
    return dimod.BinaryQuadraticModel(dict(enumerate(-weight for weight in instance.linear)), terms, 0.0, "BINARY")


def anneal(problem, target):
    from dwave.samplers import SimulatedAnnealingSampler
    best = float("inf")
    for sweeps in heuristics.SWEEPS:
        start = time.process_time()
        energies = SimulatedAnnealingSampler().sample(problem, num_reads=READS, num_sweeps=sweeps, seed=1).record.energy
        seconds = time.process_time() - start
        if met := int((energies <= -target + 1e-6).sum()):
            best = min(best, seconds / met)
    return best


def walk(problem, target):
    from dwave.samplers import TabuSampler
    start, met = time.process_time(), 0
    for seed in range(WALKS):
        found = TabuSampler().sample(problem, num_reads=1, timeout=LIMIT, energy_threshold=-target + 1e-6, seed=seed)
        met += found.first.energy <= -target + 1e-6
    return (time.process_time() - start) / met if met else float("inf")


def measure(work, precision, threads, program):
    instance = heuristics.instance(work.name)
    seconds = (anneal if work.name.startswith("annealing") else walk)(model(instance), heuristics.target(instance))
    return seconds, heuristics.target(instance)
