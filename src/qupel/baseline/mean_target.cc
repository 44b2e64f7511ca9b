#include "qupel/baseline/records.h"
#include "qupel/learn/targets.h"

namespace qupel {
namespace {

class Mean : public RowModel {
 public:
  explicit Mean(double mean) : mean_(mean) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    return Numbers{std::vector(x.rows(), mean_)};
  }
  FitInfo info() const override { return {.reason = "averaged", .losses = {}, .parameters = 1}; }
  void save(Archive& archive) const override { archive.set("mean", mean_); }

 private:
  double mean_;
};

}  // namespace

const Contender mean_target{
    .name = "mean",
    .summary = "always the mean target of the training rows: what any other contender must beat",
    .source = "",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {},
    .fit = on_rows([](const Samples& samples, const Settings&, const FitContext&) -> std::unique_ptr<Fitted> {
      return std::make_unique<Mean>(target_scale(numbers_of(samples)).mean);
    }),
    .load = [](const Archive& saved, const Settings&, const FitContext&) -> std::unique_ptr<Fitted> {
      return std::make_unique<Mean>(saved.number("mean"));
    },
    .solves = {"regression"},
    .floor = true,
};

}  // namespace qupel
