#pragma once
#include <map>

#include "qupel/problem/answer.h"
#include "qupel/problem/optimization/decision.h"

namespace qupel {

/// Collects the tries of a heuristic and keeps the best answer, of equally good ones the first.
class Tries {
 public:
  explicit Tries(const Decision& decision) : decision_(decision) {}
  /// @param count how many tries came to it
  void add(Values values, std::int64_t count = 1);
  void add_bits(std::span<const std::uint8_t> bits, std::int64_t count = 1) {
    add(decision_.from_bits(bits), count);
  }
  /// The answer; without values, hence infeasible, if no try was feasible.
  Assignment take() &&;

 private:
  const Decision& decision_;
  Assignment answer_;
  std::map<double, std::int64_t> counts_;
  double best_ = 0;
};

}  // namespace qupel
