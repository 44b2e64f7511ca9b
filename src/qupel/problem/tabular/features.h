#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "qupel/problem/tabular/tabular.h"

// What single columns and equal rows give away, for the checks of a study.
namespace qupel {

/// What one column alone says about the label.
struct ColumnSkill {
  std::string name;
  double accuracy = 0;     ///< of the best simple rule on this column, by 2-fold cross-validation
  bool copy = false;       ///< the column is the label under other names, in at least 99.5 % of the rows
  std::vector<int> tells;  ///< classes of five rows or more with a value of their own: at least 99.5 % of the
                           ///< class has it, and at least 99.5 % of the rows that have it are of the class
};

/// One a used column, in the table's order. The rule is the majority label of each category or, for numbers,
/// of each of at most classes.size() intervals (the best such intervals, by dynamic programming). Folds are
/// stratified and the same on every call. A copy pairs every class with a value of its own, which is the
/// majority on both sides: relabelled, negated and numeric codes are found.
std::vector<ColumnSkill> column_skill(const DataSet& data);

/// For each row the first row that equals it in all used features (missing equals missing): rows of one
/// number are duplicates.
std::vector<std::size_t> duplicate_groups(const DataSet& data);

}  // namespace qupel
