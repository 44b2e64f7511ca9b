"""Pictures for notebooks: circuits as SVG, devices as maps. Colours follow the page: lines and letters are those of its text."""

import html
import os
import tempfile

from . import _core, _tool

_COLUMN, _ROW, _HALF = 14, 40, 13  # between columns, between qubits, half the height of a box
#: Beyond, a circuit is drawn as text: a browser would be slow.
MOST_OPERATIONS = 1500
#: Columns of one line of the drawing, in units of it.
WIDTH = 900
#: How many of the last qubits of a gate are drawn as acted on; those before are its controls. All of them, if it is not here.
_TARGETS = {"cx": 1, "ccx": 1, "cz": 0, "swap": 2, "cswap": 2, "cy": 1, "ch": 1, "cp": 1, "crx": 1, "cry": 1, "crz": 1}


class _Column:
    """What stands in one place of the drawing: the operations, and how wide the widest is."""

    def __init__(self):
        self.items, self.width = [], 0


def circuit_html(circuit):
    operations = circuit.operations
    if len(operations) > MOST_OPERATIONS:
        return f"<pre style='line-height: 1.15'>{html.escape(circuit.draw())}</pre>"
    return "".join(_line(circuit, columns) for columns in _lines(_columns(circuit, operations)))


def _columns(circuit, operations):
    """Operations as far left as they go; what spans qubits takes all between them."""
    columns, free, written = [], [0] * circuit.qubits, {}
    for name, qubits, angles, letters, bits in operations:
        if not qubits:
            continue
        span = range(min(qubits), max(qubits) + 1)
        at = max([free[q] for q in span] + [written.get(b, 0) for b in bits])
        while len(columns) <= at:
            columns.append(_Column())
        item = _item(name, qubits, angles, letters, bits)
        columns[at].items.append(item)
        columns[at].width = max(columns[at].width, item["width"])
        for q in span:
            free[q] = at + 1
        for bit in bits:
            written[bit] = at + 1
    return columns


def _item(name, qubits, angles, letters, bits):
    label = name
    if name.startswith("pauli_rotation"):
        label = f"R {letters}" if len(qubits) == 1 else "R"
    elif name == "measure":
        label = f"M → c{bits[0]}" if bits else "M"
    told = ", ".join(_number(angle) for angle in angles)
    boxed = name not in ("cx", "ccx", "cz", "swap", "cswap", "barrier")
    text = max(len(label), len(told) * 0.8)
    return {"name": name, "qubits": qubits, "label": label, "told": told, "letters": letters, "width": max(26, 7.4 * text + 12) if boxed else 26}


def _number(angle):
    text = repr(angle)
    try:
        return f"{float(text):.3g}"
    except ValueError:
        return text.replace("theta", "θ").replace(" * ", "·")


def _lines(columns):
    """Columns cut into lines of the drawing."""
    lines, used = [[]], 0
    for column in columns:
        step = column.width + _COLUMN
        if lines[-1] and used + step > WIDTH:
            lines.append([])
            used = 0
        lines[-1].append(column)
        used += step
    return lines


def _line(circuit, columns):
    left = 34
    width = left + sum(column.width + _COLUMN for column in columns) + 10
    height = _ROW * circuit.qubits + 10
    marks = []
    for q in range(circuit.qubits):
        y = _y(q)
        marks.append(f'<text x="2" y="{y + 4}" class="n">q{q}</text><line x1="{left - 8}" y1="{y}" x2="{width:.0f}" y2="{y}"/>')
    x = left
    for column in columns:
        center = x + column.width / 2
        for item in column.items:
            marks += _marks(item, center)
        x += column.width + _COLUMN
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" role="img" '
            f'aria-label="a circuit of {circuit.qubits} qubits" style="color: inherit; display: block"><style>.qc line, .qc circle, .qc rect '
            "{ stroke: currentColor; fill: none; stroke-width: 1.2 } .qc .b { fill: Canvas } .qc .d { fill: currentColor } .qc text { fill: "
            'currentColor; font: 12px system-ui, sans-serif } .qc .t { font-size: 9.5px } .qc .w { stroke-dasharray: 3 3 }</style>'
            f'<g class="qc">{"".join(marks)}</g></svg>')


def _y(qubit):
    return _ROW * qubit + 24


def _marks(item, x):
    """The signs of one operation around a place."""
    name, qubits = item["name"], item["qubits"]
    if name == "barrier":
        return [f'<line class="w" x1="{x}" y1="{_y(q) - 18}" x2="{x}" y2="{_y(q) + 18}"/>' for q in qubits]
    joined = [f'<line x1="{x}" y1="{_y(min(qubits))}" x2="{x}" y2="{_y(max(qubits))}"/>'] if len(qubits) > 1 else []
    targets = _TARGETS.get(name, len(qubits))
    controls, acted = qubits[: len(qubits) - targets], qubits[len(qubits) - targets :]
    marks = joined + [f'<circle class="d" cx="{x}" cy="{_y(q)}" r="4"/>' for q in controls]
    for k, q in enumerate(acted):
        marks += _target(item, x, _y(q), k)
    return marks


def _target(item, x, y, k):
    name = item["name"]
    if name in ("cx", "ccx"):
        return [f'<circle class="b" cx="{x}" cy="{y}" r="9"/><line x1="{x - 9}" y1="{y}" x2="{x + 9}" y2="{y}"/>'
                f'<line x1="{x}" y1="{y - 9}" x2="{x}" y2="{y + 9}"/>']
    if name in ("swap", "cswap"):
        return [f'<line x1="{x - 6}" y1="{y - 6}" x2="{x + 6}" y2="{y + 6}"/><line x1="{x - 6}" y1="{y + 6}" x2="{x + 6}" y2="{y - 6}"/>']
    label = item["label"]
    if item["letters"] and len(item["qubits"]) > 1:
        label = f"R {item['letters'][k]}"
    elif len(label) > 1 and label[0] == "c" and label[1:] in ("y", "h", "p", "rx", "ry", "rz"):
        label = label[1:]
    half = item["width"] / 2
    lift = -1 if item["told"] else 4
    text = f'<text x="{x}" y="{y + lift}" text-anchor="middle">{html.escape(label)}</text>'
    if item["told"]:
        text += f'<text class="t" x="{x}" y="{y + 10}" text-anchor="middle">{html.escape(item["told"])}</text>'
    return [f'<rect class="b" x="{x - half}" y="{y - _HALF}" width="{2 * half}" height="{2 * _HALF}" rx="2"/>{text}']


def device_html(device):
    """The map of a device as the reports draw it; None, which shows its text, if there is no program or it is too wide."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "device.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(device.json())
        try:
            return _tool.call(["device", "show", path, "--map"])
        except (_core.InputError, RuntimeError):
            return None
