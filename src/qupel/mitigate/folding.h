#pragma once
#include <string_view>

#include "qupel/circuit/circuit.h"
#include "qupel/noise/noise_model.h"

namespace qupel::mitigate {

/// How a circuit is made noisier without changing what it does (Giurgica-Tiron et al. 2020,
/// arXiv:2005.10921).
enum class Folding {
  /// Gates G on two or more qubits become G, G^-1, G, and again; where the scale is no odd number some of
  /// them, spread evenly, are folded once more than others.
  local,
  /// The circuit C becomes C, C^-1, C, and again, and then its last gates are folded once more.
  global,
  /// The same as local with layers of gates in place of gates.
  layer,
  /// After each layer all qubits wait: only time grows. Where waiting has no price, identity gates instead.
  identity,
};

/// A circuit that does the same with more noise.
struct Folded {
  Circuit circuit;
  /// What was reached: gates on two or more qubits as a multiple of those of the original. Whole gates allow
  /// few scales: global folding of 5 gates to a scale of 2 reaches 2.2. (Of identity folding: time.)
  double scale = 1;
};

/// Inverses are made of the same operations: with other angles, or between two rz(pi) on their first qubit.
/// Local folding leaves what has conditions as it is. A circuit without gates on two or more qubits is folded
/// in all of its gates.
/// @param noise tells identity folding how long gates take
/// @throws InputError if a circuit with measurements or conditions is to be folded otherwise than locally
Folded folded(const Circuit& circuit, double scale, Folding folding = Folding::local,
              const NoiseModel& noise = {});

}  // namespace qupel::mitigate
