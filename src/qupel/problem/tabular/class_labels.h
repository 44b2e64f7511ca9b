#pragma once
#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/number_column.h"
#include "qupel/problem/tabular/number_spelling.h"

// Classes whose labels are numbers, or mostly.
namespace qupel {

/// What makes a number the same label as another: "1-" may be a grade, and is not -1.
struct NumberLabel {
  double value;
  SignPlace sign;
  auto operator<=>(const NumberLabel&) const = default;
};

/// What the class of a cell is called: the number, or the cell's text if it bears a unit or is written
/// otherwise than plainly ("10 mg", "(1)", "1-").
std::string class_name(const std::string& cell, double value, const NumberColumn& numbers);

/// A sentence that names labels of one class that differ by more than a point and zeros after it or marks
/// between groups, as codes do: 007 and 7, 1E2 and 100, 3.1 and 3.10; "" if there are none.
/// @param labels class of each cell; -1: none
std::string merged_labels_warning(const std::vector<std::string>& cells, const std::vector<int>& labels,
                                  NumberFormat format);

/// How many labels among others are numbers of one unit (or none), the unit that the most have.
struct NumbersAmongLabels {
  std::string unit;
  std::size_t rows = 0, different = 0;
  bool all = false;  ///< no other is a number in another unit: 1st beside 4th
};
/// @param labels class of each row; -1: none
NumbersAmongLabels numbers_among(const std::vector<std::string>& classes, const std::vector<int>& labels);

}  // namespace qupel
