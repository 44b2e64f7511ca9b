#include "qupel/execute/counted_shots.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/base/walsh_hadamard.h"
#include "qupel/engine/binomial.h"

namespace qupel {
namespace {

using Member = std::pair<double, std::size_t>;  // what a basis state counts, and which

constexpr double alike = 1e-12, almost_alike = 1.0 / 16;  // of the range of all values

/// How many of the members, which ascend, lie within so much of the first.
std::size_t within(std::span<const Member> members, double distance) {
  std::size_t count = 1;
  while (count < members.size() && members[count].first - members.front().first <= distance) ++count;
  return count;
}

std::size_t distinct(std::span<const Member> members, double distance) {
  std::size_t count = 0;
  for (; !members.empty(); ++count) members = members.subspan(within(members, distance));
  return count;
}

}  // namespace

std::vector<double> counted_by(const Observable& observable, int qubits) {
  std::vector<double> counted(std::size_t{1} << qubits);
  for (const auto& [weight, pauli] : observable.terms) counted[pauli.word().z] += weight;
  walsh_hadamard(counted);
  return counted;
}

CountedShots::CountedShots(const std::vector<double>& counted) {
  std::vector<Member> members;
  for (std::size_t state = 0; state < counted.size(); ++state) members.emplace_back(counted[state], state);
  std::ranges::sort(members);
  const double range = members.back().first - members.front().first;
  constexpr std::size_t numbers_of_a_range = 3;  // probability, values, squares
  for (std::span<const Member> left = members; !left.empty();) {
    const auto close = left.first(within(left, almost_alike * range));
    const bool together = distinct(close, alike * range) > numbers_of_a_range;
    const auto taken = together ? close : left.first(within(left, alike * range));
    left = left.subspan(taken.size());
    outcomes_.push_back({taken.front().first, !together, !left.empty()});
    add(taken, counted.size());
  }
}

void CountedShots::add(std::span<const Member> members, std::size_t states) {
  const auto add_number = [&](int power) {
    auto& number = numbers_.emplace_back(states);
    for (const auto& [value, state] : members) number[state] = std::pow(value, power);
  };
  if (outcomes_.back().measured) add_number(0);
  if (outcomes_.back().alike) return;
  add_number(1);
  add_number(2);
}

std::pair<double, double> CountedShots::draw(std::span<const double> means, std::uint64_t shots,
                                             Random& random) const {
  auto left = shots;
  double chance_left = 1, sum = 0, squares = 0;
  std::size_t next = 0;
  for (const auto& [value, same, measured] : outcomes_) {
    const double chance = std::clamp(measured ? means[next++] : chance_left, 0.0, 1.0);
    const auto taken = measured ? binomial(random, left, chance_left > 0 ? chance / chance_left : 0) : left;
    const auto count = static_cast<double>(taken);
    double mean = value, square = value * value;
    if (!same) {
      const double first = means[next++], second = means[next++];
      mean = chance > 0 ? first / chance : value;
      square = chance > 0 ? second / chance : value * value;
      const double variance = std::max(0.0, square - mean * mean);
      if (taken > 0) sum += std::sqrt(count * variance) * random.normal();
    }
    sum += count * mean;
    squares += count * square;
    left -= taken;
    chance_left -= chance;
  }
  const auto all = static_cast<double>(shots);
  const double mean = sum / all;
  if (shots < 2) return {mean, std::numeric_limits<double>::infinity()};
  return {mean, std::sqrt(std::max(0.0, squares / all - mean * mean) / (all - 1))};
}

}  // namespace qupel
