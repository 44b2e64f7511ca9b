#include "qupel/baseline/optimization/thermal.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace qupel {

InverseTemperatures temperatures_of(const Qubo& qubo, const Neighbours& neighbours) {
  double largest = 0, smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    double most = std::abs(qubo.linear[i]);
    if (most > 0) smallest = std::min(smallest, most);
    for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k) {
      most += std::abs(neighbours.weight[k]);
      smallest = std::min(smallest, std::abs(neighbours.weight[k]));
    }
    largest = std::max(largest, most);
  }
  if (largest == 0) return {1, 1};
  return {std::log(2) / largest, std::log(100) / smallest};
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
