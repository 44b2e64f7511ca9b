#include "qupel/mitigate/learned_noise.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/gate_units.h"
#include "qupel/mitigate/native_gates.h"
#include "qupel/mitigate/pauli_frame.h"

namespace qupel::mitigate {
namespace {

constexpr std::size_t bases = 9, strings = 16;

/// Two-qubit gates that run together, by name and qubits.
using Layer = std::vector<std::pair<const OpSpec*, std::vector<int>>>;

/// Where in the circuit a layer's gate ends.
struct Place {
  std::size_t operation, gate;
};

std::map<Layer, std::vector<Place>> layers_in(const Job& job) {
  std::map<Layer, std::vector<Place>> found;
  const auto* const first = job.circuit.operations().data();
  for (const auto& units : layers_of(job.circuit)) {
    std::vector<std::pair<Layer::value_type, std::size_t>> gates;
    for (const auto& unit : units) {
      if (!unit.gate() || unit.event.qubits.size() < 2) continue;
      const auto& operation = unit.operations.front();
      if (unit.operations.size() > 1 || pauli_partners(*operation.spec).empty())
        throw InputError(fmt::format(
            "pec(learned): {} is no Clifford gate on two qubits without an angle, whose noise could be learned "
            "by repeating it; use a device with cx, cz or ecr, or pec without learning",
            unit.event.name));
      gates.push_back({{operation.spec, operation.qubits}, static_cast<std::size_t>(&operation - first)});
    }
    if (gates.empty()) continue;
    std::ranges::sort(gates, {}, [](const auto& gate) { return gate.first.second; });
    Layer layer;
    for (const auto& [gate, place] : gates) layer.push_back(gate);
    auto& places = found[layer];
    for (std::size_t g = 0; g < gates.size(); ++g) places.push_back({gates[g].second, g});
  }
  return found;
}

/// Letters on a gate's first and second qubit.
std::pair<char, char> letters_of(std::size_t basis) { return {"XYZ"[basis % 3], "XYZ"[basis / 3]}; }

/// Prepares a product of letters on each gate's qubits, repeats the twirled layer, and measures the letters
/// on each gate's first qubit, its second one, and both.
Job experiment(const Job& job, const Layer& layer, std::size_t basis, int depth, std::uint64_t seed) {
  const auto [first, second] = letters_of(basis);
  Job made = job;
  made.circuit = job.circuit.without_operations();
  made.observables.clear();
  for (const auto& [spec, qubits] : layer) {
    add_preparation(first, qubits[0], job.noise, made.circuit);
    add_preparation(second, qubits[1], job.noise, made.circuit);
    for (const auto& string : {PauliString{{qubits[0], first}}, PauliString{{qubits[1], second}},
                               PauliString{{qubits[0], first}, {qubits[1], second}}})
      made.observables.push_back({{{1, string}}});
  }
  Random random(seed);
  PauliFrame frame(made);
  for (const auto& operation : made.circuit.operations()) frame.add(operation);
  for (int repeat = 0; repeat < depth; ++repeat)
    for (const auto& [spec, qubits] : layer) {
      const auto before = random.below(strings);
      frame.insert(PauliString::of_index(before), qubits);
      frame.add({spec, qubits, {}, {}});
      frame.insert(PauliString::of_index(pauli_partners(*spec)[before]), qubits);
    }
  return std::move(frame).take(1);
}

/// How fast a string decays, as -ln of what one layer keeps of it, and how much that is to be trusted: the
/// inverse of its variance, up to a factor that all have in common.
struct Decay {
  double rate = 0, weight = 0;
};

/// Of a straight line through the logarithms of values that are means over equally many shots: a logarithm's
/// variance is (1 - value^2) / value^2, so values near 0 count little.
Decay decay(std::span<const int> depths, std::span<const double> values) {
  constexpr double least = 1e-3, least_variance = 1e-2;
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const double depth = depths[i], value = std::max(values[i], least);
    const double weight = value * value / std::max(1 - value * value, least_variance);
    const double logarithm = std::log(value);
    n += weight, x += weight * depth, y += weight * logarithm;
    xx += weight * depth * depth, xy += weight * depth * logarithm;
  }
  const double spread = xx - x * x / n;
  return {-(xy - x * y / n) / spread, spread};
}

Decay combined(const Decay& a, const Decay& b) {
  const double weight = a.weight + b.weight;
  return {(a.rate * a.weight + b.rate * b.weight) / weight, weight};
}

/// The rates of the 15 strings on a gate's qubits, none below 0, that fit all decays best together: half a
/// string's decay is the sum of the rates of those that anticommute with it. To set rates below 0 to 0 one by
/// one would leave the others too high.
Eigen::VectorXd fitted_rates(const Eigen::MatrixXd& against, const std::vector<Decay>& decays) {
  const auto others = against.rows();
  Eigen::VectorXd half(others), weight(others);
  for (Eigen::Index p = 0; p < others; ++p) {
    const auto& each = decays[static_cast<std::size_t>(p) + 1];
    half(p) = each.rate / 2;
    weight(p) = each.weight;
  }
  const Eigen::MatrixXd curvature = against.transpose() * weight.asDiagonal() * against;
  const Eigen::VectorXd pull = against.transpose() * weight.cwiseProduct(half);
  Eigen::VectorXd rates = Eigen::VectorXd::Zero(others);
  constexpr int sweeps = 2000;
  constexpr double settled = 1e-12;
  for (int sweep = 0; sweep < sweeps; ++sweep) {  // each rate in turn, which no other one then improves on
    double change = 0;
    for (Eigen::Index k = 0; k < others; ++k) {
      const double better =
          std::max(0.0, rates(k) + (pull(k) - curvature.row(k).dot(rates)) / curvature(k, k));
      change = std::max(change, std::abs(better - rates(k)));
      rates(k) = better;
    }
    if (change < settled) break;
  }
  return rates;
}

std::vector<double> kept_by_rates(const std::vector<Decay>& decays) {
  constexpr Eigen::Index others = strings - 1;
  Eigen::MatrixXd against(others, others);
  for (Eigen::Index p = 0; p < others; ++p)
    for (Eigen::Index k = 0; k < others; ++k)
      against(p, k) = anticommute(static_cast<std::size_t>(p) + 1, static_cast<std::size_t>(k) + 1) ? 1 : 0;
  const auto rates = fitted_rates(against, decays);
  std::vector<double> kept{1};
  for (Eigen::Index p = 0; p < others; ++p) kept.push_back(std::exp(-2 * against.row(p).dot(rates)));
  return kept;
}

/// By gate of the layer.
std::vector<std::vector<double>> learn_layer(const Job& job, const Layer& layer, std::size_t number,
                                             const NoiseLearning& learning, const RunJobs& run) {
  std::vector<std::vector<Decay>> decays(layer.size(), std::vector<Decay>(strings));
  for (std::size_t basis = 0; basis < bases; ++basis) {
    std::vector<std::vector<double>> means(3 * layer.size());  // by observable, then by depth
    for (const int depth : learning.depths) {
      std::vector<Job> jobs;
      for (std::size_t r = 0; r < learning.randomizations; ++r)
        jobs.push_back(experiment(
            job, layer, basis, depth,
            derive(job.seed, {key_of("learn noise"), number, basis, static_cast<std::uint64_t>(depth), r})));
      const auto mean = mean_of_draws(run(jobs));
      for (std::size_t o = 0; o < means.size(); ++o) means[o].push_back(mean.values[o]);
    }
    const std::size_t first = basis % 3 + 1, second = (basis / 3 + 1) << 2;
    for (std::size_t o = 0; o < means.size(); ++o) {
      const auto string = o % 3 == 0 ? first : o % 3 == 1 ? second : first | second;
      auto& found = decays[o / 3][string];
      found = combined(found, decay(learning.depths, means[o]));
    }
  }
  std::vector<std::vector<double>> kept;
  for (const auto& each : decays) kept.push_back(kept_by_rates(each));
  return kept;
}

}  // namespace

std::size_t learning_circuits(const Job& job, const NoiseLearning& learning) {
  return layers_in(job).size() * bases * learning.depths.size() * learning.randomizations;
}

PauliMixtures learn_noise(const Job& job, const NoiseLearning& learning, const RunJobs& run) {
  PauliMixtures all(job.circuit.operations().size());
  std::size_t number = 0;
  for (const auto& [layer, places] : layers_in(job)) {
    const auto kept = learn_layer(job, layer, number++, learning, run);
    for (const auto& [operation, gate] : places) all[operation].push_back({layer[gate].second, kept[gate]});
  }
  return all;
}

}  // namespace qupel::mitigate
