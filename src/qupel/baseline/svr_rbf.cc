#include <utility>

#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/svr.h"
#include "qupel/learn/targets.h"

namespace qupel {
namespace {

class RbfRegression : public RowModel {
 public:
  RbfRegression(const Matrix<double>& x, Svr svr, double gamma)
      : support_(take_rows(x, svr.support())), svr_(std::move(svr)), gamma_(gamma) {}
  RbfRegression(Svr svr, Matrix<double> support, double gamma)
      : support_(std::move(support)), svr_(std::move(svr)), gamma_(gamma) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    return svr_.predict(rbf_kernel(x, support_, gamma_));
  }
  FitInfo info() const override { return svr_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", support_.columns());
    archive.set("vectors", support_);
    archive.set("gamma", gamma_);
    svr_.save(archive);
  }

 private:
  Matrix<double> support_;
  Svr svr_;
  double gamma_;
};

std::unique_ptr<Fitted> fit_svr_rbf(const Samples& samples, const Settings& settings, const FitContext&) {
  const double gamma = number(svr_rbf, settings, "gamma-scale") * scale_gamma(samples.x);
  Svr svr(SvmRows::rbf(samples.x, gamma), numbers_of(samples), number(svr_rbf, settings, "C"),
          number(svr_rbf, settings, "epsilon"));
  return std::make_unique<RbfRegression>(samples.x, std::move(svr), gamma);
}

std::unique_ptr<Fitted> load_svr_rbf(const Archive& saved, const Settings&, const FitContext&) {
  auto svr = Svr::load(saved);
  const auto& support = saved.matrix("vectors");
  require_saved(support.rows() == svr.support().size() && support.columns() == columns_from(saved),
                "a row for each support vector");
  return std::make_unique<RbfRegression>(std::move(svr), support, saved.number("gamma"));
}

}  // namespace

const Contender svr_rbf{
    .name = "svr-rbf",
    .summary = "support-vector regression with the kernel exp(-gamma |x - x'|^2)",
    .source = "LIBSVM: Chang and Lin, ACM TIST 2, 2011",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{.name = "C",
                         .summary = "weight of the training errors, targets being standardised",
                         .values = {1.0, 0.1, 0.3, 3.0, 10.0, 100.0},
                         .cover = true},
                        {.name = "gamma-scale",
                         .summary = "gamma in units of 1 / (columns * variance)",
                         .values = {1.0, 0.01, 0.03, 0.1, 0.3, 3.0},
                         .cover = true},
                        {.name = "epsilon",
                         .summary = "errors that cost nothing, in standard deviations of the targets",
                         .values = {0.1, 0.01, 0.3},
                         .range = zero_too}},
    .fit = on_rows(fit_svr_rbf),
    .load = load_svr_rbf,
    .solves = {"regression"},
};

}  // namespace qupel
