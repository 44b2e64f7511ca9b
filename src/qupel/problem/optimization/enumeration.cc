#include "qupel/problem/optimization/enumeration.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

constexpr std::size_t most_in_table = 12;  // 4096 sums of two numbers each stay in a first-level cache
constexpr std::size_t states_between_checks = 1024;

/// Energies of the strings of the first `low` variables, given the others.
class PartialSums {
 public:
  PartialSums(const Qubo& qubo, std::size_t low)
      : low_(low), own_(std::size_t{1} << low), sums_(own_.size()) {
    for (const auto& c : qubo.couplings) {
      if (c.b >= low) continue;
      const std::size_t both = std::size_t{1} << c.a | std::size_t{1} << c.b;
      for (std::size_t s = 0; s < own_.size(); ++s)
        if ((s & both) == both) own_[s] += c.weight;
    }
  }

  /// @param fields what each of the first variables adds by itself
  double lowest(std::span<const double> fields) {
    sums_[0] = 0;
    for (std::size_t i = 0; i < low_; ++i) {
      const std::size_t half = std::size_t{1} << i;
      for (std::size_t s = 0; s < half; ++s) sums_[half + s] = sums_[s] + fields[i];
    }
    // Several minima side by side: the compiler then computes them in the lanes of one register.
    constexpr std::size_t lanes = 8;
    double least[lanes];
    std::fill_n(least, lanes, std::numeric_limits<double>::infinity());
    std::size_t s = 0;
    for (; s + lanes <= own_.size(); s += lanes)
      for (std::size_t k = 0; k < lanes; ++k) {
        const double energy = sums_[s + k] + own_[s + k];
        least[k] = energy < least[k] ? energy : least[k];
      }
    for (; s < own_.size(); ++s) least[0] = std::min(least[0], sums_[s] + own_[s]);
    return *std::min_element(least, least + lanes);
  }
  /// The first string of that energy, of those that lowest() looked at last.
  std::size_t where(double energy) const {
    std::size_t s = 0;
    while (sums_[s] + own_[s] != energy) ++s;
    return s;
  }

 private:
  std::size_t low_;
  std::vector<double> own_, sums_;
};

void copy_bits(std::size_t number, std::size_t first, std::size_t count, Bits& bits) {
  for (std::size_t i = 0; i < count; ++i) bits[first + i] = static_cast<std::uint8_t>(number >> i & 1);
}

}  // namespace

LowestEnergy lowest_energy(const Qubo& qubo) {
  if (qubo.size() < 1 || qubo.size() > most_enumerated)
    throw InputError(fmt::format("all bit strings of {} variables: enumeration takes 1 to {}", qubo.size(),
                                 most_enumerated));
  const std::size_t low = std::min(qubo.size(), most_in_table), high = qubo.size() - low;
  const auto neighbours = neighbours_of(qubo);
  PartialSums table(qubo, low);
  auto fields = qubo.linear;
  LowestEnergy best{Bits(qubo.size()), std::numeric_limits<double>::infinity()};
  std::size_t string = 0;
  double base = 0;
  for (std::size_t step = 0;; ++step) {
    if (step % states_between_checks == 0) check_interrupt();
    const double lowest = table.lowest(std::span(fields).first(low));
    if (base + lowest < best.energy) {
      best.energy = base + lowest;
      copy_bits(table.where(lowest), 0, low, best.bits);
      copy_bits(string, low, high, best.bits);
    }
    if (step + 1 == std::size_t{1} << high) break;
    const std::size_t changed = low + static_cast<std::size_t>(std::countr_zero(step + 1));
    const double sign = (string >> (changed - low) & 1) != 0 ? -1 : 1;
    base += sign * fields[changed];
    for (auto k = neighbours.first[changed]; k < neighbours.first[changed + 1]; ++k)
      fields[neighbours.other[k]] += sign * neighbours.weight[k];
    string ^= std::size_t{1} << (changed - low);
  }
  best.energy = qubo.energy(best.bits);
  return best;
}

}  // namespace qupel
