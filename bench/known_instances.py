#!/usr/bin/env python3
"""The tours and routes that Qupel finds beside the known optima: known_instances.py PROGRAM FOLDER...

Of each TSPLIB file (.tsp) and each CVRPLIB file with its solution (.vrp and .sol) of up to 100 nodes in the folders, five runs with other
random numbers by default settings, each on one core. Prints the table of docs/optimization.md, which says where the files are.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

RUNS, MOST_NODES = 5, 100
# TSPLIB's optima (G. Reinelt, ORSA Journal on Computing 3, 376, 1991; its files do not hold them).
TOURS = {"burma14": 3323, "ulysses16": 6859, "gr17": 2085, "gr21": 2707, "ulysses22": 7013, "gr24": 1272, "fri26": 937, "bayg29": 1610,
         "bays29": 2020, "dantzig42": 699, "swiss42": 1273, "att48": 10628, "gr48": 5046, "hk48": 11461, "eil51": 426, "berlin52": 7542,
         "brazil58": 25395, "st70": 675, "eil76": 538, "pr76": 108159, "gr96": 55209, "rat99": 1211, "kroA100": 21282, "kroB100": 22141,
         "kroC100": 20749, "kroD100": 21294, "kroE100": 22068, "rd100": 7910}
CONTENDERS = {"tsp": "lin-kernighan", "cvrp": "ruin-and-recreate"}
STUDY = """
[problem]
kind = "{kind}"
file = "{file}"
optimum = {optimum}
[protocol]
outer_folds = {runs}
repeats = 1
configurations = 1
[execution]
shots = 0
[[contender]]
name = "{contender}"
"""


def nodes(path):
    return int(re.search(r"^DIMENSION\s*:\s*(\d+)", path.read_text(), re.MULTILINE)[1])


def optimum(path):
    """Null: it is not known here."""
    if path.suffix == ".tsp":
        return TOURS.get(path.stem)
    solution = path.with_suffix(".sol")
    found = re.search(r"^Cost\s+(\d+)", solution.read_text(), re.MULTILINE) if solution.exists() else None
    return int(found[1]) if found else None


def instances(folders):
    paths = [path for folder in folders for path in pathlib.Path(folder).iterdir() if path.suffix in (".tsp", ".vrp")]
    known = [path for path in paths if nodes(path) <= MOST_NODES and optimum(path)]
    return sorted(known, key=lambda path: (path.suffix, nodes(path) if path.suffix == ".tsp" else 0, path.stem))


def solved(program, path):
    """The mean objective and seconds to an answer."""
    kind = {".tsp": "tsp", ".vrp": "cvrp"}[path.suffix]
    with tempfile.TemporaryDirectory() as folder:
        study = pathlib.Path(folder) / "known.toml"
        study.write_text(STUDY.format(kind=kind, file=path.resolve(), optimum=optimum(path), runs=RUNS, contender=CONTENDERS[kind]))
        done = subprocess.run([program, "run", study, "--threads", "1", "--json", "--out", folder], check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    metrics = json.loads(done.stdout)["contenders"][0]["metrics"]
    return metrics["objective"]["mean"], metrics["seconds_to_answer"]["mean"]


def main():
    program, *folders = sys.argv[1:]
    print(f"| instance | optimum | found, mean of {RUNS} | gap | seconds |\n|---|---|---|---|---|")
    for path in instances(folders):
        best = optimum(path)
        found, seconds = solved(program, path)
        print(f"| {path.stem} | {best} | {found:.7g} | {100 * (found / best - 1):.2f} % | {seconds:.2g} |", flush=True)


if __name__ == "__main__":
    main()
