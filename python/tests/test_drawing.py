"""What notebooks show: well-formed pictures that hold what they are about."""

import xml.etree.ElementTree as xml

import pytest

import qupel as qp
from qupel import _tool


def drawn(circuit):
    return xml.fromstring(f"<div>{circuit._repr_html_()}</div>")


def texts(picture):
    return [each.text for each in picture.iter() if each.tag.endswith("text")]


def test_a_circuit_is_an_svg():
    x, w = qp.features(1), qp.parameters(1)
    circuit = qp.Circuit(3, bits=1).ry(0.5 * x[0], 0).crz(w[0], 0, 1).cx(0, 2).swap(1, 2).pauli_rotation("XYZ", 0.25, [0, 1, 2]).measure(0, 0)
    found = texts(drawn(circuit))
    assert {"q0", "q1", "q2", "ry", "0.5·x[0]", "rz", "θ[0]", "R X", "R Y", "R Z", "0.25", "M → c0"} <= set(found)
    assert len([each for each in drawn(circuit).iter() if each.tag.endswith("circle")]) == 3  # two controls, a target


def test_every_gate_can_be_drawn():
    for name in qp.gates():
        if name != "pauli_rotation":
            kinds = [t.split(":")[1].split("|")[0].strip() for t in getattr(qp.Circuit, name).__doc__.splitlines()[0].split("(")[1].split(",")[1:-1]]
            angles = [k for k, kind in enumerate(kinds) if kind == "Angle"]
            on = list(range(len(kinds) - len(angles)))
            assert "svg" in qp.Circuit(4).add(name, on, *[0.1] * len(angles))._repr_html_(), name


def test_long_circuits_are_cut_into_lines_and_very_long_ones_are_text():
    circuit = qp.Circuit(1)
    for _ in range(100):
        circuit.rx(0.1, 0)
    assert len(drawn(circuit)) > 1
    for _ in range(2000):
        circuit.rx(0.1, 0)
    assert circuit._repr_html_().startswith("<pre")


def test_a_device_is_a_map():
    try:
        _tool.program()
    except qp.InputError:
        pytest.skip("the program qupel is not there")
    picture = qp.device("grid(2x3, two-qubit=0.01)")._repr_html_()
    assert picture.count("<circle") == 6 and "qubits 0 and 1: error 1" in picture
