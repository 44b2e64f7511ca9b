#include "qupel/baseline/records.h"
#include "qupel/baseline/softmax_regression.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/fitting.h"

namespace qupel {
namespace {

class Logistic : public RowModel {
 public:
  explicit Logistic(SoftmaxRegression regression) : regression_(std::move(regression)) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override { return regression_.predict(x); }
  FitInfo info() const override { return regression_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", regression_.columns());
    regression_.save(archive);
  }

 private:
  SoftmaxRegression regression_;
};

std::unique_ptr<Fitted> fit(const Samples& samples, const Settings& settings, const FitContext& context) {
  return std::make_unique<Logistic>(SoftmaxRegression(
      samples.x, samples.y, samples.classes, number(logistic, settings, "C"), step_limit(500, context)));
}

std::unique_ptr<Fitted> load(const Archive& saved, const Settings&, const FitContext&) {
  auto regression = SoftmaxRegression::load(saved);
  require_saved(regression.columns() == columns_from(saved), "a weight for each column");
  return std::make_unique<Logistic>(std::move(regression));
}

}  // namespace

const Contender logistic{
    .name = "logistic",
    .summary = "multinomial logistic regression with an L2 penalty, fitted by L-BFGS",
    .source =
        "Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd edition, section 4.4",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{.name = "C",
                         .summary = "inverse strength of the penalty |W|^2 / (2 C)",
                         .values = {1.0, 0.001, 0.01, 0.03, 0.1, 0.3, 3.0, 10.0, 100.0, 1000.0},
                         .cover = true}},
    .fit = on_rows(fit),
    .load = load,
};

}  // namespace qupel
