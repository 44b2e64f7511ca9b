#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"

// Tables whose rule is known, to see whether an audit finds what is there. Drawn by Philox, the same
// everywhere.
namespace qupel {

struct Planted {
  std::vector<std::string> columns;
  Matrix<double> x;
  std::vector<std::string> labels;  ///< "a" or "b", one a row
};

/// 600 rows of 4 features uniform in [-1, 1]; the label is "a" where <Z0 Z1> is above its median after the
/// circuit H, RZ(pi x_i) on every qubit, RZZ(pi^2 x_i x_j) on every pair, H on every qubit (one IQP layer
/// read out in the X basis). Rows within 0.05 of the median are not drawn.
Planted planted_circuit();
/// 600 rows of 6 features uniform in [-1, 1]; "a" where a fixed linear function is positive; 2 % of labels
/// flipped.
Planted planted_linear();
/// 600 rows of 6 features uniform in [-1, 1]; "a" by a decision tree of depth 2 on three of them; 2 %
/// flipped.
Planted planted_tree();
/// planted_linear with one more column that copies the label (0 or 1).
Planted planted_leak();

}  // namespace qupel
