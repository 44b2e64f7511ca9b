"""The program `qupel` that comes with the package, run for a Python caller."""

import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading

from ._core import InputError

_PROGRESS = re.compile(r"\[[= ]*\]\s+(\d+)/(\d+) trials\s*(.*)")


def program():
    """The path of the program: $QUPEL_PROGRAM, what was installed with this package, or what the PATH names."""
    if os.environ.get("QUPEL_PROGRAM"):
        return os.environ["QUPEL_PROGRAM"]
    from importlib import metadata

    try:
        for file in metadata.distribution("qupel").files or ():
            if file.name == "qupel" and file.parent.name == "bin":
                return str(file.locate())
    except metadata.PackageNotFoundError:
        pass
    found = shutil.which("qupel")
    if found is None:
        raise InputError("the program qupel is not there: install the package again, or name it in QUPEL_PROGRAM")
    return found


class _Lines(threading.Thread):
    """Reads what the program says on standard error; hands on progress and keeps the end of the rest."""

    def __init__(self, stream, progress):
        super().__init__(daemon=True)
        self.stream, self.progress, self.last, self.failure = stream, progress, collections.deque(maxlen=20), None

    def run(self):
        for line in self.stream:
            found = _PROGRESS.match(line.strip())
            if not found:
                self.last.append(line.rstrip())
            elif self.progress is not None and self.failure is None:
                try:
                    self.progress(int(found[1]), int(found[2]), found[3])
                except BaseException as failure:  # the program is stopped by whoever waits for it
                    self.failure = failure


def _stop(process):
    """Asks the program to stop, which keeps its finished work; ends it if it does not listen."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(process, lines):
    try:
        while True:
            try:
                return process.communicate_once(0.2)
            except subprocess.TimeoutExpired:
                if lines.failure is not None:
                    _stop(process)
                    raise lines.failure from None
    except KeyboardInterrupt:
        _stop(process)
        raise KeyboardInterrupt("interrupted; finished trials are kept, and the same call goes on") from None


class _Process(subprocess.Popen):
    def communicate_once(self, timeout):
        self.wait(timeout)


def call(arguments, progress=None):
    """Runs the program to its end and returns what it printed. Ctrl-C stops it in an orderly way.

    Raises InputError with the program's sentence for what it does not accept, RuntimeError if it failed otherwise.
    """
    import tempfile

    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        # A session of its own: a Ctrl-C reaches it by _stop() alone, once, in a terminal and in a notebook.
        path = program()
        try:
            process = _Process([path, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE, text=True,
                               encoding="utf-8", errors="replace", start_new_session=True,
                               env={**os.environ, "QUPEL_PARENT": str(os.getpid())})
        except OSError as failure:
            raise InputError(f"the program {path} does not start ({failure.strerror}): install the package again, or name it in "
                             "QUPEL_PROGRAM") from failure
        lines = _Lines(process.stderr, progress)
        lines.start()
        try:
            _wait(process, lines)
        except BaseException:
            if process.poll() is None:
                _stop(process)
            raise
        lines.join(10)
        if lines.failure is not None:
            raise lines.failure
        output.seek(0)
        printed = output.read()
    said = "\n".join(lines.last)
    if process.returncode == 2:
        raise InputError(next((line[len("qupel: "):] for line in reversed(lines.last) if line.startswith("qupel: ")), said))
    if process.returncode == 130:
        raise KeyboardInterrupt("interrupted; finished trials are kept, and the same call goes on")
    if process.returncode != 0:
        raise RuntimeError(f"qupel ended with code {process.returncode}: {said}")
    return printed


def call_json(arguments, progress=None):
    printed = call([*arguments, "--json"], progress)
    try:
        return json.loads(printed)
    except ValueError as failure:
        raise RuntimeError(f"{program()} printed no JSON: {printed[:200]!r}") from failure


class Bar:
    """A bar on standard error: tqdm's if it is installed, else a line that is written again."""

    def __init__(self):
        try:
            from tqdm.auto import tqdm

            self._bar = tqdm(total=None, unit="trial", leave=False)
        except ImportError:
            self._bar = None

    def __call__(self, done, total, text):
        if self._bar is not None:
            self._bar.total = total
            self._bar.n = done
            self._bar.set_postfix_str(text, refresh=True)
        else:
            sys.stderr.write(f"\r{done}/{total} trials  {text:<60}")
            sys.stderr.flush()

    def close(self):
        if self._bar is not None:
            self._bar.close()
        else:
            sys.stderr.write("\n")
