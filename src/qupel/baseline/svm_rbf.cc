#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/svm.h"

namespace qupel {
namespace {

class RbfMachine : public RowModel {
 public:
  RbfMachine(const Matrix<double>& x, Svm svm, double gamma)
      : support_(take_rows(x, svm.support())), svm_(std::move(svm)), gamma_(gamma) {}
  RbfMachine(Svm svm, Matrix<double> support, double gamma)
      : support_(std::move(support)), svm_(std::move(svm)), gamma_(gamma) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    return svm_.predict(rbf_kernel(x, support_, gamma_));
  }
  FitInfo info() const override { return svm_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", support_.columns());
    archive.set("vectors", support_);
    archive.set("gamma", gamma_);
    svm_.save(archive);
  }

 private:
  Matrix<double> support_;
  Svm svm_;
  double gamma_;
};

/// Up to here the kernel is computed once and shared by all machines; above, LIBSVM computes it as it goes.
constexpr std::size_t whole_kernel_rows = 1000;

std::unique_ptr<Fitted> fit_svm_rbf(const Samples& samples, const Settings& settings,
                                    const FitContext& context) {
  const double given = number(svm_rbf, settings, "gamma");
  const double gamma = given != 0 ? given : number(svm_rbf, settings, "gamma-scale") * scale_gamma(samples.x);
  const auto train = [&](const SvmRows& rows) {
    return std::make_unique<RbfMachine>(samples.x,
                                        Svm(rows, samples.y, samples.classes, number(svm_rbf, settings, "C"),
                                            context.seed, !context.calibrated, context.balanced),
                                        gamma);
  };
  if (samples.x.rows() > whole_kernel_rows) return train(SvmRows::rbf(samples.x, gamma));
  const auto kernel = rbf_kernel(samples.x, samples.x, gamma);
  return train(SvmRows::precomputed(kernel));
}

std::unique_ptr<Fitted> load_svm_rbf(const Archive& saved, const Settings&, const FitContext&) {
  auto svm = Svm::load(saved);
  const auto& support = saved.matrix("vectors");
  require_saved(support.rows() == svm.support().size() && support.columns() == columns_from(saved),
                "a row for each support vector");
  return std::make_unique<RbfMachine>(std::move(svm), support, saved.number("gamma"));
}

}  // namespace

const Contender svm_rbf{
    .name = "svm-rbf",
    .summary =
        "support-vector machine with the kernel exp(-gamma |x - x'|^2), probabilities by Platt scaling",
    .source = "LIBSVM: Chang and Lin, ACM TIST 2, 2011",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{.name = "C",
                         .summary = "weight of the training errors",
                         .values = {1.0, 0.1, 10.0, 100.0, 1000.0, 10000.0},
                         .cover = true},
                        {.name = "gamma-scale",
                         .summary = "gamma in units of 1 / (columns * variance)",
                         .values = {1.0, 0.03, 0.1, 0.3, 3.0, 10.0, 30.0},
                         .cover = true},
                        {"gamma", "gamma itself; 0: from gamma-scale", {0.0}, zero_too}},
    .fit = on_rows(fit_svm_rbf),
    .load = load_svm_rbf,
};

}  // namespace qupel
