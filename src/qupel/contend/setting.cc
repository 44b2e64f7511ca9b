#include "qupel/contend/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace qupel {

bool Range::holds(double value) const {
  return (with_low ? value >= low : value > low) && value <= high && (!whole || value == std::floor(value));
}

std::string to_string(const Range& range) {
  return fmt::format("a {}number {} {:.15g}{} {:.15g}", range.whole ? "whole " : "",
                     range.with_low ? "from" : "above", range.low, range.with_low ? " to" : ", up to",
                     range.high);
}

std::string to_string(const Setting& setting) {
  if (const auto* text = std::get_if<std::string>(&setting)) return *text;
  return fmt::format("{:g}", std::get<double>(setting));
}

std::vector<std::string> HyperParameter::names() const {
  if (!takes_names()) return {};
  std::vector<std::string> all;
  for (const auto& value : values) all.push_back(std::get<std::string>(value));
  for (const auto& other : more_names)
    if (std::ranges::find(all, other) == all.end()) all.push_back(other);
  return all;
}

}  // namespace qupel
