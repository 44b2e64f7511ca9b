#!/usr/bin/env python3
"""Runs text cases of the command line: run.py PROGRAM CASE.txt...

A case is a list of steps that share a scratch folder, which is $PWD:

    # what it shows
    file NAME           writes a file; its content follows in lines that start with "| "
    > COMMAND           runs a shell command; `qupel` and the scripts beside this one are on the PATH
    exit N              its exit code (0 if not given)
    out TEXT            standard output holds TEXT (out~ REGEX searches for a pattern)
    err TEXT            so does standard error (err~ likewise)
    no out              standard output is empty (no err: standard error)
    json SCHEMA         standard output is one JSON object that ../schema/SCHEMA.json allows
    is PATH VALUE       in that object, the value at PATH (dots between keys, numbers for places) is this JSON value
    keep PATH NAME      keeps the value at PATH under a name
    same PATH NAME      the value at PATH is the one kept
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from json_schema import violations

here = pathlib.Path(__file__).resolve().parent


class Failure(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Failure(message)


class Case:
    def __init__(self, program, scratch):
        self.scratch = scratch
        self.kept = {}
        self.done = None
        self.object = None
        path = f"{pathlib.Path(program).resolve().parent}:{here}:{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "QUPEL_RUNS": "", "NO_COLOR": "1"}

    def run(self, command):
        self.check_exit(0)
        self.done = subprocess.run(["bash", "-c", command], cwd=self.scratch, env=self.environment, text=True,
                                   errors="replace", capture_output=True, stdin=subprocess.DEVNULL)
        self.exit_checked = False

    def check_exit(self, code):
        if self.done is not None and not self.exit_checked:
            require(self.done.returncode == code, f"exit code {self.done.returncode}, not {code}")
            self.exit_checked = True

    def at(self, path):
        value = self.object
        for part in path.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value

    def read_json(self, schema):
        self.object = json.loads(self.done.stdout)
        problems = list(violations(self.object, json.loads((here.parent / "schema" / f"{schema}.json").read_text())))
        require(not problems, "; ".join(problems))

    def check(self, word, rest):
        if word == "exit":
            self.check_exit(int(rest))
        elif word in ("out", "err"):
            require(rest in self.stream(word), f"std{word} lacks {rest!r}")
        elif word in ("out~", "err~"):
            require(re.search(rest, self.stream(word[:3])), f"std{word[:3]} does not match {rest!r}")
        elif word == "no":
            require(self.stream(rest) == "", f"std{rest} is not empty")
        elif word == "json":
            self.read_json(rest)
        elif word == "is":
            path, value = rest.split(" ", 1)
            require(self.at(path) == json.loads(value), f"{path} is {self.at(path)!r}, not {value}")
        elif word == "keep":
            path, name = rest.split()
            self.kept[name] = self.at(path)
        elif word == "same":
            path, name = rest.split()
            require(self.at(path) == self.kept[name], f"{path} is {self.at(path)!r}, not {self.kept[name]!r}")
        else:
            raise Failure(f"unknown word {word!r}")

    def stream(self, name):
        return self.done.stdout if name == "out" else self.done.stderr


def run_case(program, path):
    """Runs one case file. @returns what failed, as text; empty if nothing did"""
    with tempfile.TemporaryDirectory() as scratch:
        case = Case(program, scratch)
        written = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            word, _, rest = line.partition(" ")
            try:
                if line.startswith("| ") or line == "|":
                    written.write(line[2:] + "\n")
                    continue
                if written:
                    written.close()
                    written = None
                if not line or line.startswith("#"):
                    continue
                if word == "file":
                    written = open(pathlib.Path(scratch) / rest, "w")
                elif word == ">":
                    case.run(rest)
                else:
                    case.check(word, rest)
            except (Failure, KeyError, IndexError, json.JSONDecodeError) as problem:
                return report(path, number, line, problem, case)
        try:
            case.check_exit(0)
        except Failure as problem:
            return report(path, number, line, problem, case)
    return ""


def report(path, number, line, problem, case):
    shown = f"\n--- stdout\n{case.done.stdout[-3000:]}\n--- stderr\n{case.done.stderr[-3000:]}" if case.done else ""
    return f"{path.name}:{number}: {line}\n  {type(problem).__name__}: {problem}{shown}"


def main():
    program, *cases = sys.argv[1:]
    failures = [failure for case in cases if (failure := run_case(program, pathlib.Path(case)))]
    print("\n\n".join(failures) or f"{len(cases)} cases passed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
