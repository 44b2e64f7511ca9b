#include <numbers>

#include "qupel/encode/encodings.h"

namespace qupel {
namespace {

Circuit circuit(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  Circuit circuit(features);
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    for (int i = 0; i < features; ++i) {
      circuit.add("rx", {i}, {-std::numbers::pi / 4}).add("ry", {i}, {Angle::feature(i, -1)});
    }
  }
  return circuit;
}

EncodingCost cost(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  const long gates = static_cast<long>(features) * options.repeats;
  return {.qubits = features, .gates = {{"rx", gates}, {"ry", gates}}, .depth = 2L * options.repeats};
}

}  // namespace

std::span<const EncodingSpec> benchmark_encodings() {
  static const EncodingSpec all[] = {
      {.name = "benchmark-separable",
       .summary = "each repeat: RX(-pi/4), then RY(-x_i) on qubit i; no entanglement",
       .source = "Bowles, Ahmed and Schuld, arXiv:2403.07059 (its separable kernel)",
       .qubits = qubit_per_feature,
       .slots = slot_per_feature,
       .map = copy_row,
       .circuit = circuit,
       .cost = cost},
  };
  return all;
}

}  // namespace qupel
