#pragma once
#include <string>
#include <string_view>

namespace qupel {

/// An integrity check and what it found.
struct Check {
  enum class Severity { passed, warning, refused };
  std::string code;  ///< leak, duplicate, granularity, train-is-test, above-validation, failed-fit,
                     ///< unequal-budget, imbalance, too-small, no-entanglement, weak-baselines,
                     ///< lost-with-shots
  Severity severity = Severity::passed;
  std::string message;
};
std::string_view to_string(Check::Severity severity);

}  // namespace qupel
