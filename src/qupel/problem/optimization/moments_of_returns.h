#pragma once
#include <vector>

#include "qupel/base/matrix.h"

namespace qupel {

/// Of returns, days x assets.
std::vector<double> mean_returns(const Matrix<double>& returns);
/// With days - 1 in the denominator.
Matrix<double> sample_covariance(const Matrix<double>& returns);
/// The sample covariance (days in the denominator) drawn towards a multiple of the identity, as much as makes
/// the expected squared error smallest (Ledoit and Wolf, J. Multivar. Anal. 88, 365, 2004). It is never
/// singular.
Matrix<double> ledoit_wolf_covariance(const Matrix<double>& returns);

/// The share of worst days at which losses are stated.
inline constexpr double loss_tail = 0.05;

/// The loss that is met or exceeded on so small a share of days, as a share of the value: the smallest loss
/// among the ceil(share days) worst days. Negative if it is a gain.
double value_at_risk(std::vector<double> returns, double share);
/// The mean loss of those days.
double conditional_value_at_risk(std::vector<double> returns, double share);

}  // namespace qupel
