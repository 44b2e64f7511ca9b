#pragma once
#include <string>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/base/random.h"

// Tables whose rule is known, to see whether an audit finds what is there. Drawn by Philox, the same
// everywhere.
namespace qupel {

struct Planted {
  std::vector<std::string> columns;
  Matrix<double> x;
  std::vector<std::string> labels;  ///< "a" or "b", one a row
};

/// x0, x1, ...
std::vector<std::string> column_names(std::size_t count);
Matrix<double> uniform_rows(Random& random, std::size_t rows, std::size_t columns, double low, double high);

/// 600 rows of 6 features uniform in [-1, 1]; "a" where a fixed linear function is positive; 2 % of labels
/// flipped.
Planted planted_linear();
/// 600 rows of 6 features uniform in [-1, 1]; "a" by a decision tree of depth 2 on three of them; 2 %
/// flipped.
Planted planted_tree();
/// planted_linear with one more column that copies the label (0 or 1).
Planted planted_leak();

}  // namespace qupel
