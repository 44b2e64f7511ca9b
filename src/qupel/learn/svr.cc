#include "qupel/learn/svr.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>

#include "qupel/learn/libsvm.h"
#include "qupel/learn/svm.h"
#include "qupel/learn/targets.h"

namespace qupel {

Svr::Svr(const SvmRows& data, std::span<const double> targets, double C, double epsilon)
    : tolerance_(C > 100 ? coarse_tolerance : fine_tolerance) {
  const auto scale = target_scale(targets);
  auto y = standardised(targets, scale);
  std::vector<svm_node*> x;
  for (std::size_t r = 0; r < targets.size(); ++r) x.push_back(data.nodes_->row(r));
  auto parameter = libsvm_parameters(data.is_kernel_, data.gamma_, C, tolerance_);
  parameter.svm_type = EPSILON_SVR;
  parameter.p = epsilon;
  const auto model = train_libsvm(y, x, parameter);
  for (int s = 0; s < model->l; ++s) {
    support_.push_back(static_cast<std::size_t>(model->sv_indices[s]) - 1);
    coefficients_.push_back(scale.deviation * model->sv_coef[0][s]);
  }
  intercept_ = scale.original(-model->rho[0]);
}

Numbers Svr::predict(const Matrix<double>& kernel) const {
  Numbers numbers{std::vector(kernel.rows(), intercept_)};
  for (std::size_t r = 0; r < kernel.rows(); ++r)
    for (std::size_t s = 0; s < support_.size(); ++s) numbers.values[r] += coefficients_[s] * kernel(r, s);
  return numbers;
}

void Svr::save(Archive& archive) const {
  archive.set_wholes("support", support_);
  archive.set("coefficients", coefficients_);
  archive.set("intercept", intercept_);
  archive.set("tolerance", tolerance_);
}

Svr Svr::load(const Archive& saved) {
  Svr machine;
  machine.support_ = saved.wholes<std::size_t>("support", 0, std::numeric_limits<std::int64_t>::max());
  machine.coefficients_ = saved.numbers("coefficients");
  machine.intercept_ = saved.number("intercept");
  machine.tolerance_ = saved.number("tolerance");
  require_saved(machine.coefficients_.size() == machine.support_.size(),
                "a coefficient for each support vector");
  return machine;
}

FitInfo Svr::info() const {
  return {.reason = fmt::format("sequential minimal optimisation to a tolerance of {:g}", tolerance_),
          .losses = {},
          .parameters = static_cast<long>(support_.size()) + 1};
}

}  // namespace qupel
