#include "qupel/encode/encodings.h"

namespace qupel {
namespace {

enum class Axis { x, y, z };

constexpr std::string_view rotation(Axis axis) {
  return axis == Axis::x ? "rx" : axis == Axis::y ? "ry" : "rz";
}

template <Axis axis>
Circuit circuit(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  Circuit circuit(features);
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    for (int i = 0; i < features; ++i) {
      if (axis == Axis::z) circuit.add("h", {i});
      circuit.add(rotation(axis), {i}, {Angle::feature(i)});
    }
  }
  return circuit;
}

template <Axis axis>
EncodingCost cost(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  const long gates = static_cast<long>(features) * options.repeats;
  EncodingCost cost{
      .qubits = features, .gates = {{std::string(rotation(axis)), gates}}, .depth = options.repeats};
  if (axis == Axis::z) {
    cost.gates["h"] = gates;
    cost.depth *= 2;
  }
  return cost;
}

template <Axis axis>
constexpr EncodingSpec spec(std::string_view name, std::string_view summary) {
  return {
      .name = name,
      .summary = summary,
      .source = "Schuld and Petruccione, Machine Learning with Quantum Computers, Springer 2021, section 4.3",
      .qubits = qubit_per_feature,
      .slots = slot_per_feature,
      .map = copy_row,
      .circuit = circuit<axis>,
      .cost = cost<axis>};
}

}  // namespace

std::span<const EncodingSpec> angle_encodings() {
  static const EncodingSpec all[] = {
      spec<Axis::x>("angle-x", "RX(x_i) on qubit i: a qubit a feature, depth 1, no entanglement"),
      spec<Axis::y>("angle-y",
                    "RY(x_i) on qubit i: a qubit a feature, depth 1, real amplitudes, no entanglement"),
      spec<Axis::z>("angle-z", "H, then RZ(x_i) on qubit i: a qubit a feature, depth 2, no entanglement"),
  };
  return all;
}

}  // namespace qupel
