"""A contender for tours (kind "tsp"): two-opt from nearest-neighbour tours, in nothing but Python.

    [[contender]]
    name = "own-tours"
    command = ["python3", "tours.py"]
    [contender.space]
    starts = [5, 20]
"""
import json
import random
import sys


def length(tour, distances):
    return sum(distances[a][b] for a, b in zip(tour, tour[1:] + tour[:1]))


def nearest_neighbours(first, distances):
    tour, left = [first], set(range(len(distances))) - {first}
    while left:
        tour.append(min(left, key=lambda stop: (distances[tour[-1]][stop], stop)))
        left.remove(tour[-1])
    return tour


def two_opt(tour, distances):
    better = True
    while better:
        better = False
        for i in range(len(tour) - 1):
            for j in range(i + 2, len(tour) - (i == 0)):
                a, b, c, d = tour[i], tour[i + 1], tour[j], tour[(j + 1) % len(tour)]
                if distances[a][c] + distances[b][d] < distances[a][b] + distances[c][d] - 1e-9:
                    tour[i + 1 : j + 1] = reversed(tour[i + 1 : j + 1])
                    better = True
    return tour


def solved(message):
    if message["kind"] != "tsp":
        return {"error": "this program makes tours"}
    stops, distances = message["problem"]["stops"], message["problem"]["distances"]
    chance = random.Random(message["seed"])
    starts = min(message["settings"].get("starts", 5), len(stops))
    tours = [two_opt(nearest_neighbours(first, distances), distances) for first in chance.sample(range(len(stops)), starts)]
    best = min(tours, key=lambda tour: length(tour, distances))
    return {"solution": [stops[stop] for stop in best], "objective": length(best, distances), "steps": starts}


for line in sys.stdin:
    print(json.dumps(solved(json.loads(line))), flush=True)
