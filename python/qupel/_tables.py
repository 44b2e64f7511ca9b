"""Tables of any kind as files for the program."""

import csv
import hashlib
import os
import pathlib

import numpy as np

from ._core import InputError


def _columns(table):
    """Columns by name of a dictionary, or of an array."""
    if isinstance(table, dict):
        scalar = next((name for name, values in table.items() if np.ndim(values) != 1), None)
        if scalar is not None:
            raise InputError(f"the column {scalar!r} is no list of values but {type(table[scalar]).__name__}")
        return {str(name): values for name, values in table.items()}
    values = np.asarray(table)
    if values.ndim != 2:
        raise InputError("a table is a frame of pandas or polars, a table of Arrow, a dictionary of columns, an array of rows x columns, or a "
                         f"path, not {type(table).__name__}" + (f" of {values.ndim} dimensions" if values.ndim else ""))
    return {f"x{i}": values[:, i] for i in range(values.shape[1])}


def _readable(table):
    """A frame of pandas or polars, a table of pyarrow, or a dictionary of columns."""
    if type(table).__name__ == "LazyFrame":  # polars
        table = table.collect()
    if hasattr(table, "columns") and (hasattr(table, "to_csv") or hasattr(table, "write_csv")):
        if getattr(table.columns, "nlevels", 1) > 1:
            raise InputError(f"the table's columns have {table.columns.nlevels} levels of names; give each one name")
        return table
    if hasattr(table, "__arrow_c_stream__"):  # Arrow, DuckDB and others
        try:
            import pyarrow
        except ImportError:
            raise InputError("a table of Arrow's needs pyarrow: pip install pyarrow") from None
        return pyarrow.table(table)
    return _columns(table)


def _write_columns(columns, path):
    sizes = {name: len(values) for name, values in columns.items()}
    if len(set(sizes.values())) > 1:
        raise InputError(f"columns of different lengths: {sizes}")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*(["" if v is None or v != v else v for v in np.asarray(each).tolist()] for each in columns.values())))


def _write(table, path):
    if hasattr(table, "to_csv"):  # pandas
        table.to_csv(path, index=False)
    elif hasattr(table, "write_csv"):  # polars
        table.write_csv(path)
    elif hasattr(table, "append_column"):  # pyarrow
        import pyarrow.csv

        try:
            pyarrow.csv.write_csv(table, path)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as failure:
            raise InputError(f"the table does not fit into text: {failure}") from failure
    else:
        _write_columns(table, path)


def _names(table):
    return list(table.column_names if hasattr(table, "append_column") else table if isinstance(table, dict) else table.columns)


def _with_column(table, name, values):
    if hasattr(table, "assign"):  # pandas
        return table.assign(**{name: values})
    if hasattr(table, "write_csv"):  # polars
        import polars

        return table.with_columns(polars.Series(name, values))
    if hasattr(table, "append_column"):  # pyarrow
        import pyarrow

        return table.append_column(name, pyarrow.array(values))
    return {**table, name: values}


def with_target(table, target):
    """The table with the answers as a column, and that column's name."""
    table = _readable(table)
    names = _names(table)
    if target is None or isinstance(target, str) or (np.ndim(target) == 0 and str(target) in map(str, names)):
        return table, target if target is None else str(target)
    answers = np.asarray(target)
    if answers.ndim == 2 and answers.shape[1] == 1:
        answers = answers[:, 0]
    if answers.ndim != 1:
        raise InputError(f"target is the name of a column or an array of answers, not {target!r}")
    name = str(getattr(target, "name", None) or next(iter(getattr(target, "columns", ())), None) or "target")
    rows = len(table[names[0]]) if names else 0
    if len(answers) != rows:
        raise InputError(f"{len(answers)} answers for a table of {rows} rows")
    if name not in map(str, names):
        return _with_column(table, name, answers), name
    held = next(each for each in names if str(each) == name)
    if list(map(str, np.asarray(table[held]))) != list(map(str, answers)):
        raise InputError(f'the answers are called "{name}", as a column of the table is that holds others; rename one of them')
    return table, name


def file_of(table, folder, name):
    """Writes a table into a folder, named by its content, so that the same table is the same file; returns its path."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}.csv"
    try:
        _write(table, draft)
        content = hashlib.sha256(draft.read_bytes()).hexdigest()[:12]
        path = folder / content / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
