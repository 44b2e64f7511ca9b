#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/table.h"

namespace qupel {

/// The cells of a target column as classes.
struct Target {
  std::vector<std::string> classes;  ///< sorted: by value if all are numbers, else as text
  std::vector<int> labels;           ///< one a row; -1: no label
  bool ordered = false;              ///< numbers that look like a scale: more than ten of them, or fractions
};

/// Numbers that are equal are one class ("1" and "1.0"), so are spellings of true and false. @throws
/// InputError: a continuous target, more than max_classes classes
Target read_target(std::string_view name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, char delimiter, std::string_view source);

}  // namespace qupel
