#include "qupel/execute/sparse_shots.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace qupel {
namespace {

/// The probability of an outcome by definition: |<outcome|state>|^2 with the eigenstates of the letters.
double probability(const SparseState& state, const PauliString& basis, int qubits, std::uint64_t outcome) {
  Complex overlap = 0;
  for (const auto& [bits, amplitude] : state) {
    Complex factor = amplitude;
    for (int q = 0; q < qubits; ++q) {
      const bool one = (bits >> q & 1) != 0, seen_one = (outcome >> q & 1) != 0;
      const char letter = basis.letter(q);
      if (letter == 'X' || letter == 'Y') {
        const Complex turn = letter == 'X' ? Complex(1) : Complex(0, -1);
        factor *= std::sqrt(0.5) * (one ? (seen_one ? -turn : turn) : Complex(1));
      } else if (one != seen_one) {
        factor = 0;
      }
    }
    overlap += factor;
  }
  return std::norm(overlap);
}

TEST(SparseShots, AreSeenAsOftenAsTheirProbabilitiesSay) {
  const SparseState state{{0b0011, 0.8}, {0b0101, Complex(0, -0.4)}, {0b1010, -0.4}, {0b1100, 0.2}};
  constexpr std::uint64_t shots = 1'000'000;
  for (const auto* letters : {"ZZZZ", "XXII", "XYYX", "YZXZ", "XXXX", "IYZY"}) {
    const PauliString basis{std::string_view(letters)};
    Random random(7);
    const auto seen = draw_sparse(state, basis, shots, random);
    std::map<std::uint64_t, double> counts;
    double all = 0;
    for (std::size_t k = 0; k < seen.states.size(); ++k) {
      EXPECT_EQ(counts.count(seen.states[k]), 0U) << letters;
      all += counts[seen.states[k]] = static_cast<double>(seen.counts[k]);
    }
    EXPECT_EQ(all, shots);
    for (std::uint64_t outcome = 0; outcome < 16; ++outcome) {
      const double expected = probability(state, basis, 4, outcome);
      const double deviation = std::sqrt(expected * (1 - expected) / shots);
      EXPECT_NEAR(counts[outcome] / shots, expected, 5 * deviation + 1e-12) << letters << " " << outcome;
    }
  }
}

TEST(SparseShots, NeedNoRegisterOfAllQubits) {
  const std::uint64_t far = std::uint64_t{1} << 60 | 1;
  Random random(3);
  const auto seen =
      draw_sparse({{far, std::sqrt(0.5)}, {0, std::sqrt(0.5)}}, {{0, 'X'}, {60, 'X'}}, 1000, random);
  ASSERT_EQ(seen.states.size(), 2U);  // both alike: X X is +1
  EXPECT_EQ(seen.states[0], 0U);
  EXPECT_EQ(seen.states[1], far);
}

}  // namespace
}  // namespace qupel
