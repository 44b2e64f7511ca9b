#include <cmath>
#include <numbers>
#include <string>

#include "qupel/base/random.h"
#include "qupel/encode/encodings.h"

// Time evolution of a chain of spins whose couplings are the features: n features, n + 1 qubits,
//   prod over steps, prod_j exp(-i (t / steps) (x_j / (pi/2)) (X X + Y Y + Z Z) on qubits j and j + 1)
//   |start>
// for the time t = n/3 in 20 Trotter steps a repeat (20 in all: Huang et al.), bonds in the order of the
// features. The start is a product of one-qubit states drawn from the Haar measure, the same for everyone.
// Without pairs each two-qubit rotation becomes the one-qubit rotations by its angle on both of its qubits: a
// product state in which a qubit turns about X, Y and Z by the couplings beside it.
namespace qupel {
namespace {

int steps(const EncodingOptions& options) { return 20 * options.repeats; }

int qubits(int features) { return slot_per_feature(features, {}) + 1; }

/// A point drawn uniformly from the sphere: RY by its polar angle, RZ by its azimuth.
void add_start(Circuit& circuit, int start) {
  for (int q = 0; q < circuit.qubits(); ++q) {
    Random random(derive(key_of("heisenberg start"),
                         {static_cast<std::uint64_t>(start), static_cast<std::uint64_t>(q)}));
    const double polar = std::acos(random.uniform(-1, 1));
    const double azimuth = random.uniform(0, 2 * std::numbers::pi);
    circuit.add("ry", {q}, {polar}).add("rz", {q}, {azimuth});
  }
}

void add_bond(Circuit& circuit, int feature, const EncodingOptions& options) {
  const int features = circuit.qubits() - 1;
  const double time = features / 3.0 / (std::numbers::pi / 2);  // a unit of the feature
  const auto angle = Angle::feature(feature, 2 * time / steps(options));
  for (const std::string axis : {"x", "y", "z"}) {
    if (options.pairs == Entanglement::none) {
      for (const int qubit : {feature, feature + 1}) circuit.add("r" + axis, {qubit}, {angle});
    } else {
      circuit.add("r" + axis + axis, {feature, feature + 1}, {angle});
    }
  }
}

Circuit circuit(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  Circuit circuit(features + 1);
  add_start(circuit, options.start);
  for (int step = 0; step < steps(options); ++step) {
    for (int feature = 0; feature < features; ++feature) add_bond(circuit, feature, options);
  }
  return circuit;
}

// A step follows the one before two bonds behind it.
EncodingCost cost(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  const long n = features, rounds = steps(options), bonds = n * rounds;
  if (options.pairs == Entanglement::none) {
    return {.qubits = features + 1,
            .gates = {{"rx", 2 * bonds}, {"ry", 2 * bonds + n + 1}, {"rz", 2 * bonds + n + 1}},
            .depth = 2 + 3 * rounds * (n > 1 ? 2 : 1)};
  }
  return {.qubits = features + 1,
          .gates = {{"ry", n + 1}, {"rz", n + 1}, {"rxx", bonds}, {"ryy", bonds}, {"rzz", bonds}},
          .depth = 2 + 3 * (n > 1 ? n + 2 * (rounds - 1) : rounds),
          .two_qubit = 3 * bonds};
}

}  // namespace

std::span<const EncodingSpec> evolution_encodings() {
  static const EncodingSpec all[] = {
      {.name = "heisenberg",
       .summary =
           "a chain of features + 1 qubits from a random product state, evolved under sum_j x_j (X X + Y Y "
           "+ Z Z) on qubits j and j + 1 in 20 Trotter steps a repeat; x_j = pi/2: for a time of features/3",
       .source = "Huang et al., Nature Communications 12, 2631 (2021), arXiv:2011.01938; Egginger, Sakhnenko "
                 "and Lorenz, arXiv:2305.05430",
       .qubits = qubits,
       .slots = slot_per_feature,
       .map = copy_row,
       .circuit = circuit,
       .cost = cost,
       .starts = true},
  };
  return all;
}

}  // namespace qupel
