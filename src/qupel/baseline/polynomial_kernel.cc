#include <cmath>

#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/eigen_view.h"
#include "qupel/learn/svm.h"
#include "qupel/learn/unit_rows.h"

// The kernel of amplitude-kernel without a circuit: fidelities of amplitude-encoded rows are squares of inner
// products of unit vectors, and a matrix product gives them exactly. Other powers cost no more.
namespace qupel {
namespace {

/// (factor * row, 1) as a unit vector.
Matrix<double> unit_vectors(const Matrix<double>& x, double factor) {
  const auto columns = x.columns();
  Matrix<double> vectors(x.rows(), columns + 1, 1.0);
  for (std::size_t r = 0; r < x.rows(); ++r)
    for (std::size_t c = 0; c < columns; ++c) vectors(r, c) = factor * x(r, c);
  view(vectors).rowwise().normalize();
  return vectors;
}

Matrix<double> power_kernel(const Matrix<double>& a, const Matrix<double>& b, int degree) {
  Matrix<double> kernel(a.rows(), b.rows());
  if (kernel.empty()) return kernel;
  view(kernel).noalias() = view(a) * view(b).transpose();
  for (double& value : kernel.values()) value = std::pow(value, degree);
  return kernel;
}

class PolynomialMachine : public RowModel {
 public:
  PolynomialMachine(const Matrix<double>& vectors, Svm svm, double factor, int degree)
      : support_(take_rows(vectors, svm.support())), svm_(std::move(svm)), factor_(factor), degree_(degree) {}
  /// @param support vectors, one a row
  PolynomialMachine(Svm svm, Matrix<double> support, double factor, int degree)
      : support_(std::move(support)), svm_(std::move(svm)), factor_(factor), degree_(degree) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    return svm_.predict(power_kernel(unit_vectors(x, factor_), support_, degree_));
  }
  FitInfo info() const override { return svm_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", support_.columns() - 1);
    archive.set("vectors", support_);
    archive.set("factor", factor_);
    svm_.save(archive);
  }

 private:
  Matrix<double> support_;
  Svm svm_;
  double factor_;
  int degree_;
};

std::unique_ptr<Fitted> fit_polynomial_kernel(const Samples& samples, const Settings& settings,
                                              const FitContext& context) {
  const double factor = row_factor(polynomial_kernel, settings, samples.x.columns());
  const int degree = count(polynomial_kernel, settings, "degree");
  const auto vectors = unit_vectors(samples.x, factor);
  auto svm = train_svm(power_kernel(vectors, vectors, degree), samples,
                       number(polynomial_kernel, settings, "C"), context);
  return std::make_unique<PolynomialMachine>(vectors, std::move(svm), factor, degree);
}

std::unique_ptr<Fitted> load_polynomial_kernel(const Archive& saved, const Settings& settings,
                                               const FitContext&) {
  auto svm = Svm::load(saved);
  const auto& support = saved.matrix("vectors");
  require_saved(support.rows() == svm.support().size() && support.columns() == columns_from(saved) + 1,
                "a vector for each support vector");
  return std::make_unique<PolynomialMachine>(std::move(svm), support, saved.number("factor"),
                                             count(polynomial_kernel, settings, "degree"));
}

std::vector<HyperParameter> hyperparameters() {
  auto all = unit_row_hyperparameters();
  all.push_back({.name = "degree",
                 .summary = "power of the inner products; 2 is amplitude-kernel's",
                 .values = {2.0, 3.0, 4.0},
                 .range = whole(100)});
  return all;
}

}  // namespace

const Contender polynomial_kernel{
    .name = "polynomial-kernel",
    .summary =
        "support-vector machine with the kernel ((b^2 x . x' + 1) / norms)^degree: amplitude-kernel "
        "computed without a circuit",
    .source = "Schuld 2021, arXiv:2101.11020; LIBSVM: Chang and Lin 2011",
    .family = Family::quantum_inspired,
    .inputs = Inputs::all,
    .hyperparameters = hyperparameters(),
    .fit = on_rows(fit_polynomial_kernel),
    .load = load_polynomial_kernel,
};

}  // namespace qupel
