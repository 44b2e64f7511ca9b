#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "qupel/baseline/forest.h"
#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/softmax.h"
#include "qupel/learn/targets.h"

namespace qupel {
namespace {

class RandomForest : public RowModel {
 public:
  /// @param scale of the numbers that it was grown on; none for classes
  RandomForest(Forest forest, std::optional<TargetScale> scale) : forest_(std::move(forest)), scale_(scale) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    auto mean = forest_.mean(x);
    if (scale_) return answer_from_scores(std::move(mean), scale_);
    auto labels = largest_columns(mean);
    return Classes{std::move(labels), std::move(mean)};
  }

  FitInfo info() const override {
    return {.reason = fmt::format("{} trees", forest_.trees()),
            .steps = forest_.trees(),
            .losses = {},
            .parameters = static_cast<long>(forest_.leaves())};
  }
  void save(Archive& archive) const override {
    qupel::save(archive, {forest_.columns(), forest_.width()});
    qupel::save(archive, scale_);
    archive.set("trees", forest_.to_archives());
  }

 private:
  Forest forest_;
  std::optional<TargetScale> scale_;
};

std::unique_ptr<Fitted> fit_random_forest(const Samples& samples, const Settings& settings,
                                          const FitContext& context) {
  const auto columns = static_cast<double>(samples.x.columns());
  const double drawn = std::pow(columns, number(random_forest, settings, "columns"));
  const ForestOptions options{
      .trees = count(random_forest, settings, "trees"),
      .columns = static_cast<std::size_t>(std::clamp(std::round(drawn), 1.0, columns)),
      .max_depth = count(random_forest, settings, "max-depth"),
      .leaf_rows = static_cast<std::size_t>(count(random_forest, settings, "leaf-rows"))};
  if (samples.is_classification())
    return std::make_unique<RandomForest>(
        Forest(samples.x, samples.y, samples.classes, options, context.seed), std::nullopt);
  const auto scale = target_scale(numbers_of(samples));
  const auto targets = standardised(samples.targets, scale);
  return std::make_unique<RandomForest>(Forest(samples.x, targets, options, context.seed), scale);
}

std::unique_ptr<Fitted> load_random_forest(const Archive& saved, const Settings&, const FitContext&) {
  const auto [columns, outputs] = shape_from(saved);
  const auto scale = scale_from(saved);
  require_saved(!scale || outputs == 1, "one output for a number");
  return std::make_unique<RandomForest>(Forest::from(saved.parts("trees"), columns, outputs), scale);
}

}  // namespace

const Contender random_forest{
    .name = "random-forest",
    .summary =
        "trees on bootstrap samples, splits by Gini impurity or variance over random columns (at most 64 "
        "or 256 bins each), mean of the leaves' class shares or numbers",
    .source = "Breiman, Machine Learning 45, 2001",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{"trees", "number of trees", {300.0}, whole(10000)},
                        {.name = "columns",
                         .summary = "a split looks at columns^this of the columns",
                         .values = {0.5, 0.8, 1.0, 0.3},
                         .range = up_to(1),
                         .cover = true},
                        {"max-depth", "levels of a tree", {32.0, 8.0}, whole(1000)},
                        {.name = "leaf-rows",
                         .summary = "fewest rows of a leaf",
                         .values = {1.0, 3.0, 8.0},
                         .range = whole(1e6),
                         .cover = true}},
    .fit = on_rows(fit_random_forest),
    .load = load_random_forest,
    .solves = {"classification", "regression"},
};

}  // namespace qupel
