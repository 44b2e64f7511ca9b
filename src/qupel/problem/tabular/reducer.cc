#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <numeric>

#include "qupel/base/decompositions.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::array<std::pair<Reduction, std::string_view>, 3> reduction_names{
    {{Reduction::pca, "pca"}, {Reduction::select, "select"}, {Reduction::none, "none"}}};

constexpr std::array<std::pair<Scale, std::string_view>, 3> scale_names{
    {{Scale::range, "range"}, {Scale::robust, "robust"}, {Scale::angle, "angle"}}};

constexpr double limit = 1.5;
constexpr double rounding = 1e-12;  // of an axis along which the fitted rows do not vary

/// Of sorted values, linear between neighbours.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Eigen::Map<const Rows> view(const Matrix<double>& matrix) {
  return {matrix.data(), static_cast<Eigen::Index>(matrix.rows()),
          static_cast<Eigen::Index>(matrix.columns())};
}

/// The principal axes of centred rows by falling variance, one a column: eigenvectors of the covariance, or,
/// for more columns than rows, of the rows' inner products carried back (the same axes by the singular value
/// decomposition).
Eigen::MatrixXd principal_axes(const Rows& centred, Eigen::Index count) {
  if (centred.cols() <= centred.rows()) {
    const auto solved = symmetric_eigen(centred.transpose() * centred);
    return solved.vectors.rowwise().reverse().leftCols(count);
  }
  const auto solved = symmetric_eigen(centred * centred.transpose());
  const auto available = std::min(count, centred.rows());
  Eigen::MatrixXd axes = Eigen::MatrixXd::Zero(centred.cols(), count);
  axes.leftCols(available) = centred.transpose() * solved.vectors.rowwise().reverse().leftCols(available);
  axes.colwise().normalize();
  return axes;
}

/// The largest loading of an axis (the first of equal ones) is positive: an eigenvector's sign is no
/// information.
void fix_sign(Eigen::Ref<Eigen::VectorXd> axis) {
  Eigen::Index largest = 0;
  const double size = axis.cwiseAbs().maxCoeff();
  while (std::abs(axis(largest)) < size * (1 - 1e-9)) ++largest;
  if (axis(largest) < 0) axis = -axis;
}

Matrix<double> pca(const Matrix<double>& prepared, std::size_t features) {
  const auto x = view(prepared);
  const Rows centred = x.rowwise() - x.colwise().mean();
  auto axes = principal_axes(centred, static_cast<Eigen::Index>(features));
  Matrix<double> projection(features, prepared.columns());
  for (std::size_t f = 0; f < features; ++f) {
    auto axis = axes.col(static_cast<Eigen::Index>(f));
    fix_sign(axis);
    std::copy(axis.begin(), axis.end(), projection.row(f).begin());
  }
  return projection;
}

/// Variance between the classes over variance within, by degrees of freedom; 0 for a column without variance.
double anova_f(const Matrix<double>& x, std::size_t column, std::span<const int> labels,
               std::size_t classes) {
  std::vector<double> sum(classes), count(classes);
  double total = 0, within = 0, between = 0;
  const auto rows = static_cast<double>(x.rows());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    sum[static_cast<std::size_t>(labels[r])] += x(r, column);
    ++count[static_cast<std::size_t>(labels[r])];
    total += x(r, column);
  }
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const auto k = static_cast<std::size_t>(labels[r]);
    within += std::pow(x(r, column) - sum[k] / count[k], 2);
  }
  std::size_t present = 0;
  for (std::size_t k = 0; k < classes; ++k) {
    if (count[k] == 0) continue;
    ++present;
    between += count[k] * std::pow(sum[k] / count[k] - total / rows, 2);
  }
  if (between == 0 || present < 2) return 0;
  if (within == 0) return std::numeric_limits<double>::infinity();
  return between / static_cast<double>(present - 1) / (within / (rows - static_cast<double>(present)));
}

/// The columns with the highest F, best first; of equal ones the first.
std::vector<std::size_t> select(const Matrix<double>& prepared, std::size_t features,
                                std::span<const int> labels, int classes) {
  std::vector<double> f;
  for (std::size_t c = 0; c < prepared.columns(); ++c)
    f.push_back(anova_f(prepared, c, labels, static_cast<std::size_t>(classes)));
  std::vector<std::size_t> order(f.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t c) { return f[c]; });
  order.resize(features);
  return order;
}

}  // namespace

Reduction reduction(std::string_view name) {
  std::vector<std::string> valid;
  for (const auto& [method, text] : reduction_names) {
    if (text == name) return method;
    valid.emplace_back(text);
  }
  throw InputError(unknown_name(name, "a reduction", valid));
}

std::string_view to_string(Reduction reduction) {
  return std::ranges::find(reduction_names, reduction, [](const auto& pair) { return pair.first; })->second;
}

Scale scale(std::string_view name) {
  std::vector<std::string> valid;
  for (const auto& [value, text] : scale_names) {
    if (text == name) return value;
    valid.emplace_back(text);
  }
  throw InputError(unknown_name(name, "an input scaling", valid));
}

std::string_view to_string(Scale scale) {
  return std::ranges::find(scale_names, scale, [](const auto& pair) { return pair.first; })->second;
}

Matrix<double> angles(const Matrix<double>& fitted, const Matrix<double>& radians) {
  Matrix<double> scaled(radians.rows(), radians.columns());
  for (std::size_t c = 0; c < radians.columns(); ++c) {
    double low = 0;
    for (std::size_t r = 0; r < fitted.rows(); ++r) low = std::min(low, fitted(r, c));
    for (std::size_t r = 0; r < radians.rows(); ++r)
      scaled(r, c) = std::clamp(radians(r, c) / std::numbers::pi - (low < 0 ? 0 : 1), -limit, limit);
  }
  return scaled;
}

Matrix<double> Reducer::project(const Matrix<double>& prepared) const {
  Matrix<double> reduced(prepared.rows(), projection_.empty() ? selected_.size() : projection_.rows());
  for (std::size_t r = 0; r < reduced.rows(); ++r)
    for (std::size_t c = 0; c < reduced.columns(); ++c)
      reduced(r, c) = projection_.empty() ? prepared(r, selected_[c])
                                          : std::inner_product(prepared.row(r).begin(), prepared.row(r).end(),
                                                               projection_.row(c).begin(), 0.0);
  return reduced;
}

Reducer Reducer::fit(Reduction method, int features, const Matrix<double>& prepared,
                     std::span<const int> labels, int classes) {
  const auto count = method == Reduction::none
                         ? prepared.columns()
                         : std::min(static_cast<std::size_t>(std::max(features, 1)), prepared.columns());
  Reducer reducer;
  switch (method) {
    case Reduction::pca:
      reducer.projection_ = pca(prepared, count);
      break;
    case Reduction::select:
      reducer.selected_ = select(prepared, count, labels, classes);
      break;
    case Reduction::none:
      reducer.selected_.resize(count);
      std::iota(reducer.selected_.begin(), reducer.selected_.end(), std::size_t{0});
  }
  const auto reduced = reducer.project(prepared);
  for (std::size_t c = 0; c < count; ++c) {
    std::vector<double> values;
    for (std::size_t r = 0; r < reduced.rows(); ++r) values.push_back(reduced(r, c));
    std::ranges::sort(values);
    if (values.empty()) values.push_back(0);
    reducer.range_.push_back({values.front(), values.back()});
    // The quantiles stand at -0.95 and 0.95, so that -1 and 1 lie a 38th of their distance beyond.
    const double low = quantile(values, 0.025), high = quantile(values, 0.975);
    const double beyond = (high - low) / 38;
    const bool usable = high - low > rounding;  // most values are the same: quantiles say nothing
    reducer.robust_.push_back(usable ? Ends{low - beyond, high + beyond} : reducer.range_.back());
  }
  return reducer;
}

Matrix<double> Reducer::apply(const Matrix<double>& prepared, Scale scale) const {
  auto reduced = project(prepared);
  for (std::size_t c = 0; c < reduced.columns(); ++c) {
    const auto [low, high] = scale == Scale::robust ? robust_[c] : range_[c];
    for (std::size_t r = 0; r < reduced.rows(); ++r)
      reduced(r, c) =
          high - low > rounding ? std::clamp(2 * (reduced(r, c) - low) / (high - low) - 1, -limit, limit) : 0;
  }
  return reduced;
}

void Reducer::save(Archive& archive) const {
  archive.set_wholes("selected", selected_);
  archive.set("projection", projection_);
  Matrix<double> ends(range_.size(), 4);
  for (std::size_t c = 0; c < range_.size(); ++c) {
    ends(c, 0) = range_[c].low;
    ends(c, 1) = range_[c].high;
    ends(c, 2) = robust_[c].low;
    ends(c, 3) = robust_[c].high;
  }
  archive.set("ends", std::move(ends));
}

Reducer Reducer::load(const Archive& saved, std::size_t columns) {
  Reducer reducer;
  reducer.selected_ = saved.wholes<std::size_t>("selected", 0, static_cast<std::int64_t>(columns) - 1);
  reducer.projection_ = saved.matrix("projection");
  const auto& ends = saved.matrix("ends");
  const bool projects = !reducer.projection_.empty();
  require_saved((!projects || reducer.projection_.columns() == columns) &&
                    ends.rows() == (projects ? reducer.projection_.rows() : reducer.selected_.size()) &&
                    ends.columns() == 4,
                "a reduction of the prepared columns");
  for (std::size_t c = 0; c < ends.rows(); ++c) {
    reducer.range_.push_back({ends(c, 0), ends(c, 1)});
    reducer.robust_.push_back({ends(c, 2), ends(c, 3)});
  }
  return reducer;
}

}  // namespace qupel
