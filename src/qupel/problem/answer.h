#pragma once
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "qupel/base/matrix.h"

// What a contender answers. A problem knows which of these it wants, and scores it.
namespace qupel {

/// A class for each row.
struct Classes {
  std::vector<int> labels;
  Matrix<double> probabilities;  ///< rows x classes; each row sums to 1. Empty where only labels are kept
};

/// A number for each row.
struct Numbers {
  std::vector<double> values;
  /// Of the interval around each that holds nine of ten new rows; below 0: none is known.
  double half_width = -1;
};

/// The lowest energy that was found.
struct Energy {
  double value = 0;  ///< in hartree
};

/// Whole numbers that stand for a choice: bits of a portfolio, stops of a route, factors of a number.
struct Assignment {
  std::vector<std::int64_t> values;
  /// What single tries (measurements of a circuit, starts of a heuristic) came to: the objective of the
  /// feasible ones, and how many of them had it. Empty: not told.
  std::vector<std::pair<double, std::int64_t>> tried = {};
  std::int64_t tries = 0;  ///< with those that were not feasible
};

using Answer = std::variant<Classes, Numbers, Energy, Assignment>;

/// "classes", "numbers", "energy", "assignment".
std::string_view to_string(const Answer& answer);

}  // namespace qupel
