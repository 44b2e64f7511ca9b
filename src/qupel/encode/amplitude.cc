#include <algorithm>
#include <bit>
#include <cmath>

#include "qupel/base/walsh_hadamard.h"
#include "qupel/encode/encodings.h"

// Real amplitudes by a tree of uniformly controlled RY, each as 2^k RY and 2^k CX in Gray-code order:
// Mottonen, Vartiainen, Bergholm and Salomaa, "Transformation of quantum states using uniformly controlled
// rotations", Quantum Information and Computation 5, 467 (2005). Level k acts on qubit n - 1 - k, controlled
// by the k qubits above it; its 2^k slots are the RY angles in time order, after those of the levels before.
namespace qupel {
namespace {

enum class Vector { row, affine };  ///< the row, or the row and a 1 after it

template <Vector vector>
int qubits(int features) {
  require_encodable(features, {});
  const int entries = vector == Vector::affine ? features + 1 : features;
  return std::max(1, static_cast<int>(std::bit_width(static_cast<unsigned>(entries - 1))));
}

template <Vector vector>
int slots(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  return (1 << qubits<vector>(features)) - 1;
}

std::size_t gray(std::size_t i) { return i ^ (i >> 1); }

// From the angle wanted for each state of the controls to the angles between the CX, in time order.
void to_gray_code(std::vector<double> wanted, std::span<double> angles) {
  walsh_hadamard(wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    angles[i] = wanted[gray(i)] / static_cast<double>(wanted.size());
  }
}

// Halves the vector level by level: the angle of a pair splits its norm; the last level keeps the signs.
template <Vector vector>
void map(std::span<const double> row, const EncodingOptions&, std::span<double> angles) {
  std::vector<double> norms(row.begin(), row.end());
  if (vector == Vector::affine) norms.push_back(1);
  norms.resize(angles.size() + 1, 0.0);
  while (norms.size() > 1) {
    const std::size_t half = norms.size() / 2;
    std::vector<double> wanted(half), merged(half);
    for (std::size_t b = 0; b < half; ++b) {
      wanted[b] = 2 * std::atan2(norms[2 * b + 1], norms[2 * b]);
      merged[b] = std::hypot(norms[2 * b], norms[2 * b + 1]);
    }
    to_gray_code(std::move(wanted), angles.subspan(half - 1, half));
    norms = std::move(merged);
  }
}

void add_level(Circuit& circuit, int level) {
  const int target = circuit.qubits() - 1 - level, angles = 1 << level;
  for (int i = 0; i < angles; ++i) {
    circuit.add("ry", {target}, {Angle::feature(angles - 1 + i)});
    if (level == 0) return;
    const int control = i + 1 == angles ? level - 1 : std::countr_zero(static_cast<unsigned>(i + 1));
    circuit.add("cx", {target + 1 + control, target});
  }
}

template <Vector vector>
Circuit circuit(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  Circuit circuit(qubits<vector>(features));
  for (int level = 0; level < circuit.qubits(); ++level) add_level(circuit, level);
  return options.pairs == Entanglement::none ? circuit.separable() : circuit;
}

// The first RY of a level waits for nothing, its other gates for each other and for the level before: depth
// 1 + sum_{k=1}^{n-1} (2^(k+1) - 1).
template <Vector vector>
EncodingCost cost(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  const int n = qubits<vector>(features);
  const long size = 1L << n;
  EncodingCost cost{.qubits = n, .gates = {{"ry", size - 1}}};
  if (options.pairs == Entanglement::none) {
    cost.depth = size / 2;
    return cost;
  }
  cost.two_qubit = size - 2;
  if (cost.two_qubit > 0) cost.gates["cx"] = cost.two_qubit;
  cost.depth = 2 * size - n - 2;
  return cost;
}

template <Vector vector>
constexpr EncodingSpec spec(std::string_view name, std::string_view summary) {
  return {
      .name = name,
      .summary = summary,
      .source = "Mottonen et al., Quantum Information and Computation 5, 467 (2005), arXiv:quant-ph/0407010",
      .qubits = qubits<vector>,
      .slots = slots<vector>,
      .map = map<vector>,
      .circuit = circuit<vector>,
      .cost = cost<vector>};
}

}  // namespace

std::span<const EncodingSpec> amplitude_encodings() {
  static const EncodingSpec all[] = {
      spec<Vector::row>(
          "amplitude",
          "sum_i x_i |i> / |x| on log2(features) qubits, padded with zeros, |0..0> for a zero row: 2^n - 1 "
          "RY and 2^n - 2 CX; the scale of a row is lost, so bandwidth and repeats change nothing"),
      spec<Vector::affine>(
          "amplitude-affine",
          "amplitude of the row and a 1 after it, (x, 1) / |(x, 1)| on log2(features + 1) qubits: scale and "
          "sign of a row matter, and fidelities are (x . x' + 1)^2 / (|x|^2 + 1)(|x'|^2 + 1)"),
  };
  return all;
}

}  // namespace qupel
