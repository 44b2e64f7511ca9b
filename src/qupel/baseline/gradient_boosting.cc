#include <optional>
#include <utility>

#include <fmt/format.h>

#include "qupel/baseline/booster.h"
#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/softmax.h"
#include "qupel/learn/targets.h"

namespace qupel {
namespace {

class GradientBoosting : public RowModel {
 public:
  /// @param scale of the numbers that it was trained on; none for classes
  GradientBoosting(Booster booster, int classes, std::optional<TargetScale> scale, int rounds)
      : booster_(std::move(booster)),
        classes_(classes),
        scale_(scale),
        rounds_(rounds),
        leaves_(booster_.leaves()) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    if (scale_) return x.rows() == 0 ? Numbers{} : answer_from_scores(booster_.predict(x), scale_);
    if (x.rows() == 0) return Classes{{}, {0, static_cast<std::size_t>(classes_)}};
    const auto output = booster_.predict(x);
    auto probabilities = output.columns() == 1 ? both_classes(output) : normalised(output);
    auto labels = largest_columns(probabilities);
    return Classes{std::move(labels), std::move(probabilities)};
  }

  FitInfo info() const override {
    return {.reason = fmt::format("{} rounds", rounds_),
            .steps = static_cast<std::size_t>(rounds_),
            .losses = {},
            .parameters = leaves_};
  }
  void save(Archive& archive) const override {
    qupel::save(archive, {booster_.columns(), scale_ ? 1 : static_cast<std::size_t>(classes_)});
    qupel::save(archive, scale_);
    archive.set("rounds", rounds_);
    archive.set("booster", booster_.bytes());
  }

 private:
  static Matrix<double> both_classes(const Matrix<double>& second) {
    Matrix<double> probabilities(second.rows(), 2);
    for (std::size_t r = 0; r < second.rows(); ++r) {
      probabilities(r, 0) = 1 - second(r, 0);
      probabilities(r, 1) = second(r, 0);
    }
    return probabilities;
  }

  /// XGBoost's single-precision rows sum to 1 only up to 1e-7.
  static Matrix<double> normalised(Matrix<double> probabilities) {
    for (std::size_t r = 0; r < probabilities.rows(); ++r) {
      double total = 0;
      for (const double p : probabilities.row(r)) total += p;
      for (double& p : probabilities.row(r)) p /= total;
    }
    return probabilities;
  }

  Booster booster_;
  int classes_;
  std::optional<TargetScale> scale_;
  int rounds_;
  long leaves_;
};

std::unique_ptr<Fitted> fit_gradient_boosting(const Samples& samples, const Settings& settings,
                                              const FitContext& context) {
  const auto setting = [&](std::string_view name) {
    return fmt::format("{}", number(gradient_boosting, settings, name));
  };
  // More bins cost time; with 64 a smooth table of 1001 rows has 4 % more RMSE.
  BoosterParameters parameters{{"tree_method", "hist"},
                               {"max_bin", samples.is_classification() ? "64" : "256"},
                               {"seed", fmt::format("{}", context.seed & 0x7fffffff)},
                               {"learning_rate", setting("learning-rate")},
                               {"max_depth", setting("max-depth")},
                               {"subsample", setting("subsample")},
                               {"colsample_bynode", setting("columns")},
                               {"lambda", setting("lambda")}};
  if (!samples.is_classification()) {
    parameters.insert(
        {{"objective", "reg:squarederror"}, {"base_score", "0"}});  // the mean of standardised targets
  } else if (samples.classes == 2) {
    parameters.insert({"objective", "binary:logistic"});
  } else {
    parameters.insert({{"objective", "multi:softprob"}, {"num_class", fmt::format("{}", samples.classes)}});
  }
  const auto rounds = count(gradient_boosting, settings, "rounds");
  std::vector<float> targets(samples.y.begin(), samples.y.end());
  std::optional<TargetScale> scale;
  if (!samples.is_classification()) {
    scale = target_scale(numbers_of(samples));
    for (const double target : samples.targets)
      targets.push_back(static_cast<float>(scale->standardised(target)));
  }
  return std::make_unique<GradientBoosting>(Booster(samples.x, targets, parameters, rounds), samples.classes,
                                            scale, rounds);
}

std::unique_ptr<Fitted> load_gradient_boosting(const Archive& saved, const Settings&, const FitContext&) {
  const auto [columns, outputs] = shape_from(saved);
  const auto scale = scale_from(saved);
  auto booster = Booster::from_bytes(saved.text("booster"));
  require_saved(booster.columns() == columns, "trees for each column");
  const auto found = booster.predict(Matrix<double>(1, columns)).columns();
  require_saved(scale ? outputs == 1 && found == 1 : found == (outputs == 2 ? 1 : outputs),
                "an output for each class, or one for a number");
  return std::make_unique<GradientBoosting>(std::move(booster), scale ? 0 : static_cast<int>(outputs), scale,
                                            static_cast<int>(saved.whole("rounds", 0, 1'000'000)));
}

}  // namespace

const Contender gradient_boosting{
    .name = "gradient-boosting",
    .summary = "boosted trees on the logistic loss or the squared error",
    .source = "XGBoost: Chen and Guestrin, KDD 2016",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{.name = "learning-rate",
                         .summary = "factor on every tree",
                         .values = {0.1, 0.03, 0.3},
                         .range = up_to(1),
                         .cover = true},
                        {"rounds", "number of trees a class", {300.0, 100.0, 800.0}, whole(10000)},
                        {.name = "max-depth",
                         .summary = "levels of a tree",
                         .values = {3.0, 6.0, 2.0},
                         .range = whole(64),
                         .cover = true},
                        {"subsample", "share of the rows that a tree sees", {0.8, 1.0, 0.6}, up_to(1)},
                        {"columns", "share of the columns that a split may use", {1.0, 0.5}, up_to(1)},
                        {"lambda", "L2 penalty on the leaves", {1.0, 10.0}, zero_too}},
    .fit = on_rows(fit_gradient_boosting),
    .load = load_gradient_boosting,
    .solves = {"classification", "regression"},
};

}  // namespace qupel
