#include "qupel/engine/stabilizer/outcomes.h"

#include <bit>

#include "qupel/base/random.h"
#include "qupel/engine/binomial.h"

namespace qupel::stabilizer {
namespace {

void add(Bits& to, const Bits& bits) {
  for (std::size_t w = 0; w < to.size(); ++w) to[w] ^= bits[w];
}
void flip(Bits& bits, std::size_t k) { bits[k / 64] ^= std::uint64_t{1} << (k % 64); }

// An operator whose measurement is a fair coin, independent of those before it.
struct Pivot {
  PackedPauli row;
  std::size_t word = 0;
  std::uint64_t mask = 0;  ///< a qubit that it flips
};

class Drawing {
 public:
  Drawing(const std::vector<Bits>& directions, std::uint64_t seed, const Outcomes::Found& found)
      : directions_(directions), random_(seed), found_(found) {}

  // Shares the shots out among both values of the next coin, and so on.
  void split(std::size_t next, Bits bits, std::uint64_t shots) {
    for (; next < directions_.size(); ++next) {
      const auto ones = shots == 1 ? random_.bits() & 1 : binomial(random_, shots, 0.5);
      if (ones == shots) {
        add(bits, directions_[next]);
      } else if (ones > 0) {
        auto other = bits;
        add(other, directions_[next]);
        split(next + 1, std::move(other), ones);
        shots -= ones;
      }
    }
    found_(bits, shots);
  }

 private:
  const std::vector<Bits>& directions_;
  Random random_;
  const Outcomes::Found& found_;
};

}  // namespace

// Rows of the tableau commute. Each becomes, by products with pivots, either a new pivot or a product of Z
// alone, whose value is certain; so every outcome is a constant and a sum of the pivots' coins.
Outcomes::Outcomes(const Tableau& tableau, std::span<const int> qubits)
    : constant_((qubits.size() + 63) / 64) {
  std::vector<Pivot> pivots;
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    auto row = tableau.z(qubits[k]);
    for (std::size_t p = 0; p < pivots.size(); ++p) {
      if ((row.x[pivots[p].word] & pivots[p].mask) == 0) continue;
      row *= pivots[p].row;
      flip(directions_[p], k);
    }
    std::size_t word = 0;
    while (word < row.x.size() && row.x[word] == 0) ++word;
    if (word == row.x.size()) {
      if (row.phase == 2) flip(constant_, k);
      continue;
    }
    const auto mask = row.x[word] & (~row.x[word] + 1);
    pivots.push_back({std::move(row), word, mask});
    directions_.emplace_back(constant_.size());
    flip(directions_.back(), k);
  }
}

void Outcomes::draw(std::uint64_t shots, std::uint64_t seed, const Found& found) const {
  if (shots > 0) Drawing(directions_, seed, found).split(0, constant_, shots);
}

}  // namespace qupel::stabilizer
