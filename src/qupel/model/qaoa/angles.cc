#include "qupel/model/qaoa/angles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qupel {
namespace {

using std::numbers::pi;

// Betas are those of a mixer exp(+i beta X): a cost that is to be made small.
QaoaAngles with_signs(std::vector<double> gammas, std::vector<double> betas) {
  for (double& beta : betas) beta = -beta;
  return {std::move(gammas), std::move(betas)};
}

const std::vector<QaoaAngles>& many_edges() {
  static const std::vector<QaoaAngles> all{
      with_signs({0.5}, {pi / 8}),
      with_signs({0.3817, 0.6655}, {0.4960, 0.2690}),
      with_signs({0.3297, 0.5688, 0.6406}, {0.5500, 0.3675, 0.2109}),
      with_signs({0.2949, 0.5144, 0.5586, 0.6429}, {0.5710, 0.4176, 0.3028, 0.1729}),
      with_signs({0.2705, 0.4804, 0.5074, 0.5646, 0.6397}, {0.5899, 0.4492, 0.3559, 0.2643, 0.1486}),
      with_signs({0.2528, 0.4531, 0.4750, 0.5146, 0.5650, 0.6392},
                 {0.6004, 0.4670, 0.3880, 0.3176, 0.2325, 0.1291}),
      with_signs({0.2383, 0.4327, 0.4516, 0.4830, 0.5147, 0.5686, 0.6393},
                 {0.6085, 0.4810, 0.4090, 0.3534, 0.2857, 0.2080, 0.1146}),
      with_signs({0.2268, 0.4162, 0.4332, 0.4608, 0.4818, 0.5179, 0.5717, 0.6393},
                 {0.6151, 0.4906, 0.4244, 0.3780, 0.3224, 0.2606, 0.1884, 0.1030})};
  return all;
}

const std::vector<QaoaAngles>& degree_three() {
  static const std::vector<QaoaAngles> all{
      with_signs({0.6155}, {0.3927}),
      with_signs({0.4878, 0.8978}, {0.5549, 0.2924}),
      with_signs({0.4219, 0.7984, 0.9370}, {0.6090, 0.4596, 0.2357}),
      with_signs({0.4087, 0.7806, 0.9880, 1.1569}, {0.5996, 0.4343, 0.2968, 0.1590}),
      with_signs({0.3592, 0.7061, 0.8221, 1.0042, 1.1539}, {0.6317, 0.5225, 0.3901, 0.2760, 0.1493}),
      with_signs({0.3314, 0.6455, 0.7316, 0.8370, 1.0102, 1.1272},
                 {0.6359, 0.5344, 0.4633, 0.3600, 0.2586, 0.1389})};
  return all;
}

const std::vector<QaoaAngles>& degree_four() {
  static const std::vector<QaoaAngles> all{
      with_signs({0.5236}, {0.3927}), with_signs({0.4078, 0.7398}, {0.5341, 0.2830}),
      with_signs({0.3545, 0.6514, 0.7543}, {0.5879, 0.4232, 0.2230}),
      with_signs({0.3150, 0.5876, 0.6732, 0.7712}, {0.6050, 0.4778, 0.3613, 0.1875}),
      with_signs({0.2909, 0.5468, 0.6033, 0.6872, 0.7845}, {0.6225, 0.5051, 0.4167, 0.3253, 0.1628})};
  return all;
}

std::vector<double> interpolated(const std::vector<double>& values, std::size_t count) {
  if (values.size() == 1) return std::vector<double>(count, values[0]);
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i) {
    const double at = count == 1 ? 0
                                 : static_cast<double>(i) * static_cast<double>(values.size() - 1) /
                                       static_cast<double>(count - 1);
    const auto low = std::min(static_cast<std::size_t>(at), values.size() - 2);
    const double share = at - static_cast<double>(low);
    result.push_back((1 - share) * values[low] + share * values[low + 1]);
  }
  return result;
}

QaoaAngles scaled(QaoaAngles angles, double factor) {
  for (double& gamma : angles.gammas) gamma *= factor;
  return angles;
}

}  // namespace

QaoaAngles many_edges_angles(std::size_t layers) {
  const auto& known = many_edges();
  return layers <= known.size() ? known[layers - 1] : interpolated(known.back(), layers);
}

std::optional<QaoaAngles> regular_graph_angles(std::size_t degree, std::size_t layers) {
  const auto* table = degree == 3 ? &degree_three() : degree == 4 ? &degree_four() : nullptr;
  if (table == nullptr || layers < 1 || layers > table->size()) return std::nullopt;
  return (*table)[layers - 1];
}

QaoaAngles ramp_angles(std::size_t layers, double slope) {
  QaoaAngles angles;
  for (std::size_t l = 0; l < layers; ++l) {
    const double at = (static_cast<double>(l) + 0.5) / static_cast<double>(layers);
    angles.gammas.push_back(slope * at);
    angles.betas.push_back(-slope * (1 - at));
  }
  return angles;
}

QaoaAngles interpolated(const QaoaAngles& angles, std::size_t layers) {
  return {interpolated(angles.gammas, layers), interpolated(angles.betas, layers)};
}

double coupling_scale(const Observable& cost, int qubits) {
  double squares = 0;
  for (const auto& term : cost.terms)
    squares += static_cast<double>(term.pauli.letters().size()) * term.weight * term.weight;
  return squares == 0 ? 1 : std::sqrt(squares / qubits);
}

std::optional<RegularCost> regular_cost(const Observable& cost, int qubits) {
  std::vector<std::size_t> degrees(static_cast<std::size_t>(qubits));
  double weight = 0;
  for (const auto& term : cost.terms) {
    const auto letters = term.pauli.letters();
    if (letters.empty()) continue;
    if (letters.size() != 2 || (weight != 0 && term.weight != weight)) return std::nullopt;
    weight = term.weight;
    for (const auto& letter : letters) ++degrees[static_cast<std::size_t>(letter.first)];
  }
  if (weight == 0 || std::ranges::count(degrees, degrees[0]) != qubits) return std::nullopt;
  return RegularCost{degrees[0], weight};
}

QaoaAngles fixed_angles(const Observable& cost, int qubits, std::size_t layers) {
  if (const auto regular = regular_cost(cost, qubits))
    if (const auto angles = regular_graph_angles(regular->degree, layers))
      return scaled(*angles, 0.5 / regular->weight);
  return scaled(many_edges_angles(layers), 1 / coupling_scale(cost, qubits));
}

}  // namespace qupel
