#include "qupel/engine/qaoa/dicke_qaoa.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/sampling.h"

namespace qupel {
namespace {

using Amplitude = std::complex<double>;

std::vector<std::uint64_t> strings_with(int qubits, int ones) {
  std::vector<std::uint64_t> strings;
  const auto end = std::uint64_t{1} << qubits;
  for (auto s = (std::uint64_t{1} << ones) - 1; s < end;) {
    strings.push_back(s);
    const auto low = s & (~s + 1), next = s + low;  // the next larger number with as many ones
    s = next | ((s ^ next) / low >> 2);
  }
  return strings;
}

/// exp(-i beta (XX + YY) / 2) on the stored pairs.
void mix(std::vector<Amplitude>& state, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs,
         double beta) {
  const double c = std::cos(beta), s = std::sin(beta);
  for (const auto& [i, j] : pairs) {
    const auto a = state[i], b = state[j];
    state[i] = {c * a.real() + s * b.imag(), c * a.imag() - s * b.real()};
    state[j] = {c * b.real() + s * a.imag(), c * b.imag() - s * a.real()};
  }
}

void turn(std::vector<Amplitude>& state, const std::vector<double>& costs, double gamma) {
  for (std::size_t s = 0; s < state.size(); ++s) state[s] *= std::polar(1.0, -gamma * costs[s]);
}

/// Im(conj(a) b)
double imaginary(const Amplitude& a, const Amplitude& b) { return a.real() * b.imag() - a.imag() * b.real(); }

}  // namespace

std::vector<std::pair<int, int>> ring_pairs(int qubits) {
  std::vector<std::pair<int, int>> pairs;
  for (const int first : {0, 1})
    for (int q = first; q + 1 < qubits; q += 2) pairs.emplace_back(q, q + 1);
  if (qubits > 2) pairs.emplace_back(qubits - 1, 0);
  return pairs;
}

DickeQaoa::DickeQaoa(const CostFunction& cost, int ones) {
  const int qubits = cost.qubits();
  if (qubits < 2 || ones < 1 || ones >= qubits)
    throw InputError(fmt::format("{} ones of {} qubits: nothing to mix", ones, qubits));
  strings_ = strings_with(qubits, ones);
  require_bytes(static_cast<double>(strings_.size()) * (48 + 4.0 * qubits),
                fmt::format("a state of {} bit strings", strings_.size()));
  for (const auto s : strings_) costs_.push_back(cost.values()[s]);
  for (const auto& [a, b] : ring_pairs(qubits)) gates_.push_back(pairs_of(a, b));
}

DickeQaoa::Pairs DickeQaoa::pairs_of(int a, int b) const {
  const auto first = std::uint64_t{1} << a, second = std::uint64_t{1} << b;
  Pairs pairs;
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    if ((strings_[i] & first) == 0 || (strings_[i] & second) != 0) continue;
    const auto other = std::ranges::lower_bound(strings_, strings_[i] ^ first ^ second) - strings_.begin();
    pairs.emplace_back(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(other));
  }
  return pairs;
}

void DickeQaoa::evolve(const QaoaAngles& angles) {
  require_as_many_gammas_as_betas(angles);
  state_.assign(strings_.size(), 1 / std::sqrt(static_cast<double>(strings_.size())));
  for (std::size_t l = 0; l < angles.gammas.size(); ++l) {
    turn(state_, costs_, angles.gammas[l]);
    for (const auto& gate : gates_) mix(state_, gate, angles.betas[l]);
  }
}

double DickeQaoa::objective(const QaoaAngles& angles) {
  evolve(angles);
  double sum = 0;
  for (std::size_t s = 0; s < state_.size(); ++s) sum += costs_[s] * std::norm(state_[s]);
  return sum;
}

QaoaGradient DickeQaoa::gradient(const QaoaAngles& angles) {
  evolve(angles);
  return differentiate(angles, costs_);
}

QaoaGradient DickeQaoa::tail_gradient(const QaoaAngles& angles, double share) {
  if (!(share > 0 && share <= 1))
    throw InputError(
        fmt::format("the mean of the lowest {} of all costs: the share is above 0, at most 1", share));
  evolve(angles);
  std::vector<std::size_t> order(costs_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t s) { return costs_[s]; });
  double sum = 0, threshold = costs_[order.back()];
  for (const auto s : order) {
    sum += std::norm(state_[s]);
    if (sum < share) continue;
    threshold = costs_[s];
    break;
  }
  auto tail = costs_;
  for (double& cost : tail) cost = threshold + std::min(0.0, cost - threshold) / share;
  return differentiate(angles, tail);
}

QaoaGradient DickeQaoa::differentiate(const QaoaAngles& angles, const std::vector<double>& measured) {
  QaoaGradient result{0, {angles.gammas, angles.betas}};
  State lambda(state_.size());
  for (std::size_t s = 0; s < state_.size(); ++s) {
    lambda[s] = measured[s] * state_[s];
    result.objective += measured[s] * std::norm(state_[s]);
  }
  for (std::size_t l = angles.gammas.size(); l-- > 0;) {
    double beta = 0, gamma = 0;
    for (std::size_t g = gates_.size(); g-- > 0;) {
      for (const auto& [i, j] : gates_[g])
        beta += imaginary(lambda[i], state_[j]) + imaginary(lambda[j], state_[i]);
      mix(state_, gates_[g], -angles.betas[l]);
      mix(lambda, gates_[g], -angles.betas[l]);
    }
    for (std::size_t s = 0; s < state_.size(); ++s) gamma += costs_[s] * imaginary(lambda[s], state_[s]);
    turn(state_, costs_, -angles.gammas[l]);
    turn(lambda, costs_, -angles.gammas[l]);
    result.gradient.betas[l] = 2 * beta;
    result.gradient.gammas[l] = 2 * gamma;
  }
  return result;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> DickeQaoa::counts(const QaoaAngles& angles,
                                                                       std::uint64_t shots,
                                                                       std::uint64_t seed) {
  evolve(angles);
  const auto bits = std::bit_width(strings_.size() - 1);
  std::vector<double> probabilities(std::size_t{1} << bits);
  for (std::size_t s = 0; s < state_.size(); ++s) probabilities[s] = std::norm(state_[s]);
  auto drawn = draw_counts(probabilities, shots, seed, 1);
  for (auto& [index, count] : drawn) index = strings_[index];
  return drawn;
}

double DickeQaoa::success_probability(const QaoaAngles& angles, double tolerance) {
  evolve(angles);
  const double lowest = *std::ranges::min_element(costs_);
  double sum = 0;
  for (std::size_t s = 0; s < state_.size(); ++s)
    if (costs_[s] <= lowest + tolerance) sum += std::norm(state_[s]);
  return sum;
}

}  // namespace qupel
