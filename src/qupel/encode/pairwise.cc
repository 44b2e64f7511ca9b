#include <numbers>

#include "qupel/encode/encodings.h"

// Encodings that alternate H, a phase a feature and a phase a pair of features. Slots: the features, then a
// value for each of pairs() times the pairs' bandwidth, in that order.
namespace qupel {
namespace {

enum class Form { iqp_full, iqp_legacy, zz_map };

int slots(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  return features + static_cast<int>(pair_count(options.pairs, features));
}

/// How many of the repeats entangle.
template <Form form>
int entangling_repeats(const EncodingOptions& options) {
  return form == Form::iqp_legacy ? 1 : options.repeats;
}

template <Form form>
double pair_value(double a, double b) {
  using std::numbers::pi;
  return form == Form::zz_map ? (pi - a) * (pi - b) : a * b;
}

template <Form form>
void map(std::span<const double> row, const EncodingOptions& options, std::span<double> values) {
  std::size_t next = 0;
  for (const double x : row) values[next++] = x;
  for (const auto& [i, j] : pairs(options.pairs, static_cast<int>(row.size()))) {
    values[next++] = options.pair_bandwidth *
                     pair_value<form>(row[static_cast<std::size_t>(i)], row[static_cast<std::size_t>(j)]);
  }
}

template <Form form>
void add_feature(Circuit& circuit, int qubit) {
  circuit.add("h", {qubit});
  if (form == Form::zz_map) {
    circuit.add("p", {qubit}, {Angle::feature(qubit, 2)});
  } else {
    circuit.add("rz", {qubit}, {Angle::feature(qubit)});
  }
}

template <Form form>
void add_pair(Circuit& circuit, int i, int j, int slot) {
  if (form == Form::zz_map) {
    circuit.add("cx", {i, j}).add("p", {j}, {Angle::feature(slot, 2)}).add("cx", {i, j});
  } else {
    circuit.add("rzz", {i, j}, {Angle::feature(slot)});
  }
}

template <Form form>
Circuit circuit(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  Circuit circuit(features);
  const auto all = pairs(options.pairs, features);
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    for (int i = 0; i < features; ++i) add_feature<form>(circuit, i);
    if (repeat >= entangling_repeats<form>(options)) continue;
    int slot = features;
    for (const auto& [i, j] : all) add_pair<form>(circuit, i, j, slot++);
  }
  return circuit;
}

template <Form form>
EncodingCost cost(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  const long local = static_cast<long>(features) * options.repeats,
             entangling = entangling_repeats<form>(options);
  const long joint = entangling * pair_count(options.pairs, features);
  const long rounds = pair_rounds(options.pairs, features, entangling);
  EncodingCost cost{.qubits = features, .gates = {{"h", local}}};
  if (form == Form::zz_map) {
    cost.gates["p"] = local + joint;
    cost.two_qubit = 2 * joint;
    if (joint > 0) cost.gates["cx"] = cost.two_qubit;
    cost.depth = 2L * options.repeats + 3 * rounds;
  } else {
    cost.gates["rz"] = local;
    cost.two_qubit = joint;
    if (joint > 0) cost.gates["rzz"] = joint;
    cost.depth = 2L * options.repeats + rounds;
  }
  return cost;
}

template <Form form>
constexpr EncodingSpec spec(std::string_view name, std::string_view summary, std::string_view source,
                            double shift = 0) {
  return {.name = name,
          .summary = summary,
          .source = source,
          .qubits = qubit_per_feature,
          .slots = slots,
          .map = map<form>,
          .circuit = circuit<form>,
          .cost = cost<form>,
          .shift = shift};
}

constexpr std::string_view havlicek = "Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326";

}  // namespace

std::span<const EncodingSpec> pair_encodings() {
  static const EncodingSpec all[] = {
      spec<Form::iqp_full>(
          "iqp-full", "each repeat: H, RZ(x_i) on qubit i, exp(-i x_i x_j/2 Z Z) on every pair", havlicek),
      spec<Form::iqp_legacy>(
          "iqp-legacy", "iqp-full with the pairs in the first repeat only, as PennyLane 0.15 to 0.33 ran it",
          "Bowles, Ahmed and Schuld, arXiv:2403.07059 (its published scores)"),
      spec<Form::zz_map>("zz-map",
                         "each repeat: H, P(2 x_i) on qubit i, CX P(2 (pi - x_i)(pi - x_j)) CX on every "
                         "pair; models take features on [0, 2 bandwidth]",
                         havlicek, 1),
  };
  return all;
}

}  // namespace qupel
