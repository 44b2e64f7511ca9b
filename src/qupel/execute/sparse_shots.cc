#include "qupel/execute/sparse_shots.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "qupel/engine/binomial.h"

namespace qupel {
namespace {

using Entry = SparseState::value_type;

double weight_of(std::span<const Entry> entries) {
  double sum = 0;
  for (const auto& [bits, amplitude] : entries) sum += std::norm(amplitude);
  return sum;
}

/// Divides shots between the outcomes of the qubits that are measured in X or Y.
class Division {
 public:
  Division(const PauliString& basis, Random& random, SparseShots& seen)
      : turned_(basis.word().x), also_z_(basis.word().z), random_(random), seen_(seen) {}

  /// @param left the qubits that are still to be measured
  /// @param outcome the bits of those that were
  void divide(const SparseState& state, std::uint64_t left, std::uint64_t outcome, std::uint64_t shots) {
    if (shots == 0) return;
    if (left == 0) {
      seen_.states.push_back(outcome);
      seen_.counts.push_back(shots);
      return;
    }
    const auto qubit = left & (~left + 1);
    const auto zero = after(state, qubit, 1), one = after(state, qubit, -1);
    const double of_zero = weight_of(zero), of_one = weight_of(one);
    const auto zeros = binomial(random_, shots, of_zero / (of_zero + of_one));
    divide(zero, left ^ qubit, outcome, zeros);
    divide(one, left ^ qubit, outcome | qubit, shots - zeros);
  }
  void divide(const SparseState& state, std::uint64_t outcome, std::uint64_t shots) {
    divide(state, turned_, outcome, shots);
  }

 private:
  /// The state of the other qubits after one of them was measured as +1 or -1.
  SparseState after(const SparseState& state, std::uint64_t qubit, int sign) const {
    const Complex turn = (also_z_ & qubit) != 0 ? Complex(0, -sign) : Complex(sign);
    SparseState made;
    for (const auto& [bits, amplitude] : state)
      made.emplace_back(bits & ~qubit, (bits & qubit) != 0 ? turn * amplitude : amplitude);
    std::ranges::sort(made, {}, &Entry::first);
    std::size_t kept = 0;
    for (std::size_t k = 0; k < made.size(); ++k) {
      if (kept > 0 && made[kept - 1].first == made[k].first)
        made[kept - 1].second += made[k].second;
      else
        made[kept++] = made[k];
    }
    made.resize(kept);
    return made;
  }

  std::uint64_t turned_, also_z_;
  Random& random_;
  SparseShots& seen_;
};

}  // namespace

SparseShots draw_sparse(SparseState state, const PauliString& basis, std::uint64_t shots, Random& random) {
  const auto by_z = ~basis.word().x;
  const auto read = [&](const Entry& entry) { return entry.first & by_z; };
  std::ranges::sort(state, [&](const Entry& a, const Entry& b) {
    return std::pair(read(a), a.first) < std::pair(read(b), b.first);
  });
  SparseShots seen;
  Division division(basis, random, seen);
  double left = weight_of(state);
  for (auto first = state.begin(); first != state.end() && shots > 0;) {
    const auto outcome = read(*first);
    const auto last = std::find_if(first, state.end(), [&](const Entry& e) { return read(e) != outcome; });
    const SparseState part(first, last);
    const double weight = weight_of(part);
    const auto taken = last == state.end() ? shots : binomial(random, shots, left > 0 ? weight / left : 0);
    division.divide(part, outcome, taken);
    shots -= taken;
    left -= weight;
    first = last;
  }
  return seen;
}

}  // namespace qupel
