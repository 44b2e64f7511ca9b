#pragma once
#include <map>
#include <string>
#include <variant>
#include <vector>

// What can be set about a contender.
namespace qupel {

using Setting = std::variant<double, std::string>;
using Settings = std::map<std::string, Setting>;
std::string to_string(const Setting& setting);

/// The numbers that a hyperparameter may be: above `low` (or from it on, if it is included) up to `high`.
struct Range {
  double low = 0, high = 1e6;
  bool with_low = false, whole = false;
  bool holds(double value) const;
};
std::string to_string(const Range& range);  ///< "a number above 0, up to 1000000"
inline constexpr Range zero_too{.with_low = true};
constexpr Range whole(double most) { return {.low = 1, .high = most, .with_low = true, .whole = true}; }
constexpr Range up_to(double most) { return {.high = most}; }

/// A number or a name, whichever its values are: the values a search may try, the first being the default.
struct HyperParameter {
  std::string name;
  std::string summary;
  std::vector<Setting> values;
  Range range = {};  ///< of numbers
  /// In a search every value of a covered hyperparameter meets every value of
  /// the other covered ones at least once.
  bool cover = false;
  std::vector<std::string> more_names = {};  ///< that it takes besides those among its values

  bool takes_names() const { return std::holds_alternative<std::string>(values.front()); }
  std::vector<std::string> names() const;  ///< all that it takes; none if it takes numbers
};

}  // namespace qupel
