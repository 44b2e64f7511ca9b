#include "qupel/baseline/linear_model.h"
#include "qupel/baseline/records.h"
#include "qupel/baseline/softmax_regression.h"
#include "qupel/learn/fitting.h"

namespace qupel {
namespace {

std::unique_ptr<Fitted> fit_logistic(const Samples& samples, const Settings& settings,
                                     const FitContext& context) {
  return std::make_unique<LinearModel<SoftmaxRegression>>(SoftmaxRegression(
      samples.x, samples.y, samples.classes, number(logistic, settings, "C"), step_limit(500, context)));
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
    .fit = on_rows(fit_logistic),
    .load = LinearModel<SoftmaxRegression>::load,
};

}  // namespace qupel
