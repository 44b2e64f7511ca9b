#include "qupel/learn/ridge.h"

#include <utility>

#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/targets.h"

namespace qupel {
namespace {

class Ridge : public RowModel {
 public:
  explicit Ridge(RidgeRegression regression) : regression_(std::move(regression)) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override { return regression_.predict(x); }
  FitInfo info() const override { return regression_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", regression_.columns());
    regression_.save(archive);
  }

 private:
  RidgeRegression regression_;
};

}  // namespace

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
          return std::make_unique<Ridge>(
              RidgeRegression(samples.x, numbers_of(samples), number(ridge, settings, "alpha")));
        }),
    .load = [](const Archive& saved, const Settings&, const FitContext&) -> std::unique_ptr<Fitted> {
      auto regression = RidgeRegression::load(saved);
      require_saved(regression.columns() == columns_from(saved), "a weight for each column");
      return std::make_unique<Ridge>(std::move(regression));
    },
    .solves = {"regression"},
};

}  // namespace qupel
