"""Instances on which annealing and tabu search are timed until a try comes close to the best objective known: a random graph
and a torus to be cut, as in the Gset, and a QUBO as Beasley draws them (J. Oper. Res. Soc. 41, 1990)."""
import itertools
import pathlib
from typing import NamedTuple

import circuits

SWEEPS = (300, 1000, 3000)  # of annealing: the best of these counts, for every program
PATIENCE = (2, 5, 20)  # of tabu search: steps without a better energy that end a try, by variable


class GraphBaseNumbers:
    """The portable generator of the Stanford GraphBase (Knuth 1993), of which Rinaldi's rudy draws its graphs."""

    MASK = 0x7FFFFFFF

    def __init__(self, seed):
        last, following, self.numbers = seed & self.MASK, 1, [0] * 56
        seed, self.numbers[55] = last, last
        at = 21
        while at:
            self.numbers[at] = following
            seed = seed // 2 + (0x40000000 if seed % 2 else 0)
            following = (((last - following) & self.MASK) - seed) & self.MASK
            last = self.numbers[at]
            at = (at + 21) % 55
        for _ in range(5):
            self.refresh()
        self.left = 54

    def refresh(self):
        for at in range(1, 56):
            self.numbers[at] = (self.numbers[at] - self.numbers[at + 31 if at <= 24 else at - 24]) & self.MASK
        self.left = 55

    def below(self, bound):
        while True:
            if self.left == 0:
                self.refresh()
            self.left -= 1
            drawn = self.numbers[self.left + 1]
            if drawn < 0x80000000 - 0x80000000 % bound:
                return drawn % bound


class Instance(NamedTuple):
    """To be maximised: linear[i] x_i and weight x_i x_j over bits x."""
    linear: list
    pairs: dict  # weights by (i, j), i < j
    best: float  # the largest value known
    gap: float = 0.001  # how far from it a try may be, relative to it


def cut(nodes, edges, best, gap=0.001):
    linear, pairs = [0.0] * nodes, {}
    for (a, b), weight in edges.items():
        linear[a] += weight
        linear[b] += weight
        pairs[a, b] = -2.0 * weight
    return Instance(linear, pairs, best, gap)


def g1():
    """rudy -rnd_graph 800 6 8001."""
    numbers, edges = GraphBaseNumbers(8001), {}
    while len(edges) < 19176:
        a, b = numbers.below(800), numbers.below(800)
        if a != b:
            edges[min(a, b), max(a, b)] = 1
    return cut(800, dict(sorted(edges.items())), 11624)


def torus(rows=100, columns=8):
    draw, edges = circuits.Angles(11), {}
    for row, column in itertools.product(range(rows), range(columns)):
        here = row * columns + column
        for there in ((row + 1) % rows * columns + column, row * columns + (column + 1) % columns):
            edges[min(here, there), max(here, there)] = 1 if draw.next() > 0 else -1
    return cut(rows * columns, dict(sorted(edges.items())), 536, 0.008)


def beasley(variables=1000, density=0.1):
    """Weights from -100 to 100 of a tenth of the pairs, counted twice, and of every variable."""
    draw = circuits.Angles(12)

    def weight():
        return float(int((draw.next() + 3) / 6 * 201) - 100)

    linear = [weight() for _ in range(variables)]
    pairs = {pair: 2 * weight() for pair in itertools.combinations(range(variables), 2) if (draw.next() + 3) / 6 < density}
    return Instance(linear, pairs, 350489)


INSTANCES = {"g1": g1, "torus": torus, "beasley": beasley}
WORKS = tuple(f"{method}-{name}" for method in ("annealing", "tabu") for name in INSTANCES)


def instance(work):
    return INSTANCES[work.split("-")[1]]()


def target(instance):
    return instance.best * (1 - instance.gap)


def write(instance, folder):
    """As a file of terms to be minimised."""
    lines = [f"{i} {i} {-weight}" for i, weight in enumerate(instance.linear)]
    lines += [f"{i} {j} {-weight}" for (i, j), weight in instance.pairs.items() if weight]
    path = pathlib.Path(folder) / "instance.coo"
    path.write_text("\n".join(lines) + "\n")
    return path
