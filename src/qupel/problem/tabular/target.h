#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// The cells of a target column as classes, or as numbers.
struct Target {
  std::vector<std::string> classes;        ///< sorted: by value if all are numbers, else as text
  std::vector<int> labels;                 ///< one a row; -1: no label
  std::vector<double> numbers;             ///< one a row where numbers are asked for; NaN: none
  std::vector<std::string> warnings = {};  ///< what was decided where the cells could mean something else
  std::vector<Finding> format = {};        ///< how its numbers are written
};

/// Numbers are classes if they are few and repeat: at most max_classes whole numbers or 20 others, each on
/// two rows or more on average; else numbers are asked for. `task` says otherwise where it is not automatic.
/// Numbers that are equal are one class ("1" and "1.0"), so are spellings of true and false. Beside numbers a
/// text that stands for a missing value is one; among other labels only an empty cell is, and whatever else
/// may stand for one is a class ("?", "-"). Whole numbers beyond 2^53 are labels by their digits. @throws
/// InputError: more than max_classes classes, text where numbers are asked for
Target read_target(std::string_view name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, NumberMarks marks, std::string_view source,
                   TableTask task);

}  // namespace qupel
