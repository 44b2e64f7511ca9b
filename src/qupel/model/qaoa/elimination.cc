#include "qupel/model/qaoa/elimination.h"

#include <cmath>

namespace qupel {
namespace {

/// The mean of the product of Z over some bits.
double mean_sign(const ShotCounts& counts, std::uint64_t mask) {
  double sum = 0, all = 0;
  for (const auto& [state, times] : counts) {
    const auto often = static_cast<double>(times);
    sum += __builtin_parityll(state & mask) != 0 ? -often : often;
    all += often;
  }
  return all == 0 ? 0 : sum / all;
}

}  // namespace

Elimination::Elimination(Qubo qubo) : rest_(std::move(qubo)) {}

void Elimination::eliminate(const ShotCounts& counts) {
  Rule best{0, 0, false};
  double strongest = -1;
  const auto offer = [&](std::size_t variable, std::size_t follows, double mean) {
    if (std::abs(mean) <= strongest) return;
    strongest = std::abs(mean);
    best = {variable, follows, mean < 0};
  };
  const auto bit = [](std::size_t i) { return std::uint64_t{1} << i; };
  for (const auto& term : ising_of(rest_).terms) {
    const auto letters = term.pauli.letters();
    if (letters.empty()) continue;
    const auto a = static_cast<std::size_t>(letters.front().first);
    const auto b = static_cast<std::size_t>(letters.back().first);
    offer(b, a, mean_sign(counts, letters.size() == 1 ? bit(a) : bit(a) | bit(b)));
  }
  apply(best);
}

// x = y: its terms become those of y; x = 1 - y: w x = w - w y, w x z = w z - w y z.
void Elimination::apply(const Rule& rule) {
  const auto gone = rule.variable;
  const auto at = [gone](std::size_t i) { return i < gone ? i : i - 1; };
  auto names = rest_.names;
  names.erase(names.begin() + static_cast<std::ptrdiff_t>(gone));
  QuboBuilder builder(std::move(names));
  builder.add(rest_.constant);
  const bool fixed = rule.follows == gone;
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const double weight = rest_.linear[i];
    if (i != gone) {
      builder.add(at(i), weight);
    } else if (fixed) {
      builder.add(rule.flipped ? weight : 0);
    } else {
      if (rule.flipped) builder.add(weight);
      builder.add(at(rule.follows), rule.flipped ? -weight : weight);
    }
  }
  for (const auto& c : rest_.couplings) {
    if (c.a != gone && c.b != gone) {
      builder.add(at(c.a), at(c.b), c.weight);
      continue;
    }
    const std::size_t other = c.a == gone ? c.b : c.a;
    if (fixed) {
      builder.add(at(other), rule.flipped ? c.weight : 0);
      continue;
    }
    if (rule.flipped) builder.add(at(other), c.weight);
    builder.add(at(other), at(rule.follows), rule.flipped ? -c.weight : c.weight);
  }
  rest_ = std::move(builder).build();
  rules_.push_back(rule);
}

Bits Elimination::whole(const Bits& rest) const {
  auto bits = rest;
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    bits.insert(bits.begin() + static_cast<std::ptrdiff_t>(rule->variable), 0);
    const std::uint8_t flip = rule->flipped ? 1 : 0;
    bits[rule->variable] = rule->follows == rule->variable ? flip : bits[rule->follows] ^ flip;
  }
  return bits;
}

}  // namespace qupel
