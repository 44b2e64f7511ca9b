#include "qupel/baseline/optimization/thermal.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace qupel {
namespace {

/// What flipping a bit adds to the energy, up to its sign, on the mean over random bits of its neighbours.
/// Each coupling moves it by half its weight, up or down.
double mean_change(const Qubo& qubo, const Neighbours& neighbours, std::size_t i) {
  double alone = qubo.linear[i];
  for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k) alone += neighbours.weight[k] / 2;
  return alone;
}

/// The median over the bits of the root mean square of their changes at random bits.
double typical_change(const Qubo& qubo, const Neighbours& neighbours) {
  std::vector<double> changes;
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    double square = std::pow(mean_change(qubo, neighbours, i), 2);
    for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k)
      square += std::pow(neighbours.weight[k] / 2, 2);
    if (square > 0) changes.push_back(std::sqrt(square));
  }
  if (changes.empty()) return 0;
  const auto middle = changes.begin() + static_cast<std::ptrdiff_t>(changes.size() / 2);
  std::ranges::nth_element(changes, middle);
  return *middle;
}

}  // namespace

InverseTemperatures temperatures_of(const Qubo& qubo, const Neighbours& neighbours) {
  double largest = 0, smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    const double mean = std::abs(mean_change(qubo, neighbours, i));
    double most = mean;
    for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k) {
      const double half = std::abs(neighbours.weight[k]) / 2;
      most += half;
      smallest = std::min(smallest, half);
    }
    if (mean > 1e-9 * most) smallest = std::min(smallest, mean);
    largest = std::max(largest, most);
  }
  if (largest == 0) return {1, 1};
  return {std::log(2) / largest, std::log(100) / smallest};
}

std::vector<double> cooling(const Qubo& qubo, const Neighbours& neighbours, std::size_t sweeps) {
  const double typical = typical_change(qubo, neighbours);
  if (typical == 0) return std::vector<double>(sweeps, 1);
  const double hot = 0.3 / typical;
  const double coldest = std::clamp(temperatures_of(qubo, neighbours).cold, hot, 1e6 / typical);
  const double frozen = std::min(coldest, 40 / typical);
  const double share = coldest > frozen ? std::log(coldest / frozen) / std::log(coldest / hot) : 0;
  const auto tail = static_cast<std::size_t>(share * static_cast<double>(sweeps));
  const auto rise = sweeps - tail;
  std::vector<double> betas;
  for (std::size_t k = 0; k < rise; ++k)
    betas.push_back(hot + (frozen - hot) * static_cast<double>(k + 1) / static_cast<double>(rise));
  for (std::size_t k = 0; k < tail; ++k)
    betas.push_back(frozen *
                    std::pow(coldest / frozen, static_cast<double>(k + 1) / static_cast<double>(tail)));
  return betas;
}

namespace {

/// Whether a draw from [0, 1) is below exp(-cost). How often the draw can be halved decides most cases, so
/// that few exponentials are computed.
bool accepted(double cost, QuickRandom& random) {
  constexpr double never = 40;  // exp(-40) is below any draw
  if (cost <= 0) return true;
  if (cost >= never) return false;
  const auto drawn = random.bits();
  const double halvings = cost * std::numbers::log2e;  // exp(-cost) = 2^-halvings
  const auto zeros = static_cast<double>(std::countl_zero(drawn));
  if (halvings >= zeros + 1) return false;  // the draw is from 2^-(zeros + 1) on and below 2^-zeros
  return halvings <= zeros || QuickRandom::uniform_of(drawn) < std::exp(-cost);
}

}  // namespace

void sweep(BitState& state, double beta, QuickRandom& random) {
  for (std::size_t i = 0; i < state.size(); ++i)
    if (accepted(beta * state.change(i), random)) state.flip(i);
}

void sweep_swaps(BitState& state, double beta, QuickRandom& random) {
  for (std::size_t i = 0; i < state.size(); ++i) {
    const auto j = random.below(state.size());
    if (state.bits()[i] == state.bits()[j]) continue;
    const double first = state.change(i);
    state.flip(i);
    const double cost = beta * (first + state.change(j));
    state.flip(cost <= 0 || random.uniform() < std::exp(-cost) ? j : i);
  }
}

Bits random_bits_with(std::size_t ones, std::size_t count, QuickRandom& random) {
  Bits bits(count);
  for (std::size_t i = 0; i < count; ++i)  // each bit with the share of ones that are left
    if (random.below(count - i) < ones) bits[i] = 1, --ones;
  return bits;
}

Bits random_bits(std::size_t count, QuickRandom& random) {
  Bits bits(count);
  for (auto& bit : bits) bit = random.bit();
  return bits;
}

}  // namespace qupel
