#include "qupel/circuit/shot_estimator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/circuit/standard_error.h"

namespace qupel {
namespace {

std::uint64_t qubits_of(const PauliString& string) {
  const auto word = string.word();
  return word.x | word.z;
}

/// Calls visit(basis state, how often).
template <typename Visit>
void for_each_shot(const Shots& shots, Visit&& visit) {
  for (std::size_t s = 0; s < shots.states.size(); ++s)
    visit(shots.states[s], shots.counts.empty() ? std::uint64_t{1} : shots.counts[s]);
}

std::uint64_t total(const Shots& shots) {
  if (shots.counts.empty()) return shots.states.size();
  return std::accumulate(shots.counts.begin(), shots.counts.end(), std::uint64_t{0});
}

double mean_parity_of(const Shots& shots, std::uint64_t mask) {
  std::int64_t difference = 0;
  for_each_shot(shots, [&](std::uint64_t state, std::uint64_t count) {
    const auto signed_count = static_cast<std::int64_t>(count);
    difference += odd(state & mask) ? -signed_count : signed_count;
  });
  return static_cast<double>(difference) / static_cast<double>(total(shots));
}

}  // namespace

ShotEstimator::ShotEstimator(std::span<const Observable> observables)
    : strings_(distinct_strings(observables)), groups_(measurement_groups(strings_)), parts_(groups_.size()) {
  for (const auto& string : strings_) masks_.push_back(qubits_of(string));
  const auto at = positions(strings_);
  std::vector<std::size_t> group_of(strings_.size());
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const auto string : groups_[g].strings) group_of[string] = g;
  for (const auto& observable : observables) {
    auto& terms = observables_.emplace_back();
    for (const auto& [weight, string] : observable.terms)
      terms.push_back({weight, string.identity() ? identity : at.at(string)});
    add_parts(observables_.size() - 1, group_of);
  }
}

void ShotEstimator::add_parts(std::size_t observable, std::span<const std::size_t> group_of) {
  for (const auto& [weight, string] : observables_[observable]) {
    if (string == identity) continue;
    auto& parts = parts_[group_of[string]];
    if (parts.empty() || parts.back().observable != observable) parts.push_back({observable, {}, {}});
    parts.back().strings.push_back(string);
    parts.back().weights.push_back(weight);
    parts.back().range += 2 * std::abs(weight);
  }
}

void ShotEstimator::add(std::size_t group, const Shots& shots, Sums& sums) const {
  for (const std::size_t k : groups_[group].strings) sums.means[k] = mean_parity_of(shots, masks_[k]);
  for (const auto& part : parts_[group]) sums.variances[part.observable] += variance(part, shots, sums);
}

// Of the mean over the shots of sum_k weight_k parity_k.
double ShotEstimator::variance(const Part& part, const Shots& shots, const Sums& sums) const {
  const auto count = static_cast<double>(total(shots));
  if (count < 2) return std::numeric_limits<double>::infinity();
  const double sampled = sample_variance(part, shots, sums);
  constexpr double rounding = 1e-28;
  if (sampled > rounding * part.range * part.range) return sampled / count;
  const double missed = part.range * missed_probability(count);
  return missed * missed;
}

double ShotEstimator::sample_variance(const Part& part, const Shots& shots, const Sums& sums) const {
  const auto count = static_cast<double>(total(shots));
  if (part.strings.size() == 1) {
    const double mean = sums.means[part.strings[0]];
    return part.weights[0] * part.weights[0] * (1 - mean * mean) * count / (count - 1);
  }
  double mean = 0, squares = 0;
  for (std::size_t k = 0; k < part.strings.size(); ++k) mean += part.weights[k] * sums.means[part.strings[k]];
  for_each_shot(shots, [&](std::uint64_t state, std::uint64_t times) {
    double value = -mean;
    for (std::size_t k = 0; k < part.strings.size(); ++k)
      value += odd(state & masks_[part.strings[k]]) ? -part.weights[k] : part.weights[k];
    squares += static_cast<double>(times) * value * value;
  });
  return squares / (count - 1);
}

void ShotEstimator::finish(const Sums& sums, std::span<double> values, std::span<double> errors) const {
  for (std::size_t o = 0; o < observables_.size(); ++o) {
    values[o] = 0;
    for (const auto& [weight, string] : observables_[o])
      values[o] += string == identity ? weight : weight * sums.means[string];
    errors[o] = std::sqrt(sums.variances[o]);
  }
}

}  // namespace qupel
