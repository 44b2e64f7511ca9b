"""Tables of any kind as files for the program."""

import csv
import hashlib
import os
import pathlib

import numpy as np

from ._core import InputError


def _named(values, default):
    return getattr(values, "name", None) or default


def _columns(table, target):
    """Columns by name of a dictionary, of an array, or of a pair of features and answers."""
    if isinstance(table, dict):
        return table
    values = np.asarray(table)
    if values.ndim != 2:
        raise InputError(f"a table has two dimensions, rows x columns, not {values.ndim}")
    return {f"x{i}": values[:, i] for i in range(values.shape[1])}


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
    elif hasattr(table, "__arrow_c_stream__"):  # Arrow, DuckDB and others
        try:
            import pyarrow
            import pyarrow.csv
        except ImportError:
            raise InputError("a table of Arrow's needs pyarrow: pip install pyarrow") from None
        pyarrow.csv.write_csv(pyarrow.table(table), path)
    else:
        _write_columns(table, path)


def with_target(table, target):
    """The table with the answers as a column, and that column's name."""
    if target is None or isinstance(target, str):
        return (table if hasattr(table, "to_csv") or hasattr(table, "write_csv") or hasattr(table, "__arrow_c_stream__") else
                _columns(table, target)), target
    if np.ndim(target) != 1:
        raise InputError(f"target is the name of a column or an array of answers, not {target!r}")
    name = str(_named(target, "target"))
    if hasattr(table, "assign"):  # pandas
        return table.assign(**{name: np.asarray(target)}), name
    if hasattr(table, "write_csv"):  # polars
        import polars

        return table.with_columns(polars.Series(name, np.asarray(target))), name
    return {**_columns(table, target), name: np.asarray(target)}, name


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
