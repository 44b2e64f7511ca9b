#pragma once

namespace qupel {

/// Noise rules with seven channels, after gates of one qubit and of two.
constexpr auto every_channel =
    "depolarizing(0.1) after two-qubit; amplitude-damping(0.2) after one-qubit; "
    "thermal-relaxation(50, 40, 9) after two-qubit; pauli(0.01, 0.02, 0.03) after rx ry h cx swap; "
    "phase-damping(0.05) after cz crx u; bit-flip(0.03) after x; phase-flip(0.04) after s; "
    "depolarizing(0.02) after one-qubit";

}  // namespace qupel
