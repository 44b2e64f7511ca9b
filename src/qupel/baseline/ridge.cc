#include "qupel/learn/ridge.h"

#include "qupel/baseline/linear_model.h"
#include "qupel/baseline/records.h"
#include "qupel/learn/targets.h"

namespace qupel {

const Contender ridge{
    .name = "ridge",
    .summary = "linear regression with an L2 penalty, solved exactly",
    .source = "Hoerl and Kennard, Technometrics 12, 1970",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{.name = "alpha",
                         .summary = "factor of |weights|^2 in the sum of squared errors",
                         .values = {1.0, 0.001, 0.01, 0.1, 10.0, 30.0, 100.0, 300.0, 1000.0},
                         .range = up_to(1e9),
                         .cover = true}},
    .fit = on_rows(
        [](const Samples& samples, const Settings& settings, const FitContext&) -> std::unique_ptr<Fitted> {
          return std::make_unique<LinearModel<RidgeRegression>>(
              RidgeRegression(samples.x, numbers_of(samples), number(ridge, settings, "alpha")));
        }),
    .load = LinearModel<RidgeRegression>::load,
    .solves = {"regression"},
};

}  // namespace qupel
