#include "qupel/study/trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/contend/row_model.h"
#include "qupel/learn/fitting.h"
#include "qupel/learn/softmax.h"
#include "qupel/study/inputs.h"
#include "qupel/study/prior_shift.h"
#include "qupel/study/runner.h"
#include "qupel/study/search.h"

namespace qupel {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// About a share of the rows, of each class its own share, two at least; in their order.
std::vector<std::size_t> stratified_share(std::span<const int> labels, int classes, double share,
                                          std::uint64_t seed) {
  std::vector<std::size_t> kept;
  for (int label = 0; label < classes; ++label) {
    std::vector<std::size_t> members;
    for (std::size_t r = 0; r < labels.size(); ++r)
      if (labels[r] == label) members.push_back(r);
    Random(derive(seed, {static_cast<std::uint64_t>(label)})).shuffle(std::span(members));
    const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(members.size())));
    members.resize(std::min(members.size(), std::max<std::size_t>(2, wanted)));
    kept.insert(kept.end(), members.begin(), members.end());
  }
  std::ranges::sort(kept);
  return kept;
}

constexpr std::uint64_t final_fit = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t other_seeds = 2;

/// One entry on one split: what all of its fits share.
class Tuning {
 public:
  Tuning(const StudySpec& spec, const Entry& entry, const Split& split, const SplitData& data, int classes)
      : spec_(spec),
        entry_(entry),
        record_(entry.contender()),
        data_(data),
        classes_(classes),
        seed_(derive(spec.seed, {key_of(entry.contender().name), static_cast<std::uint64_t>(split.repeat),
                                 static_cast<std::uint64_t>(split.fold)})),
        executor_(spec.precision),
        aside_(spec.precision) {
    trial_.key = {entry.name, split.repeat, split.fold};
    trial_.test_rows = split.test;
  }

  Trial run() {
    const auto start = std::chrono::steady_clock::now();
    tune();
    executor_.ledger().seconds[Stage::tune] += seconds_since(start);
    try {
      fit_and_predict();
    } catch (const Interrupted&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      predict_floor(error.what());
    }
    trial_.metrics = score(trial_.prediction, data_.outer.test_labels, classes_);
    if (trial_.with_shots) trial_.shot_metrics = score(*trial_.with_shots, data_.outer.test_labels, classes_);
    trial_.ledger = executor_.ledger();
    trial_.seconds = seconds_since(start);
    fit_for_comparison();
    return std::move(trial_);
  }

 private:
  FitContext context(std::uint64_t key, std::uint64_t fold) {
    return {.seed = derive(seed_, {key_of("fit"), key, fold}),
            .executor = &executor_,
            .effort = spec_.effort,
            .balanced = balanced()};
  }

  void tune() {
    const InnerScore score = [this](const Settings& settings, std::size_t index, std::size_t f) {
      check_interrupt();
      return inner_score(settings, index, f);
    };
    auto found = search(entry_, spec_.configurations, static_cast<int>(data_.inner.size()),
                        derive(seed_, {key_of("configurations")}), score);
    trial_.settings = std::move(found.settings);
    trial_.validation = found.validation;
    trial_.validations = std::move(found.validations);
    chosen_ = found.index;
    if (balanced()) tune_prior_power();
  }

  bool balanced() const { return spec_.metric == "balanced-accuracy"; }
  /// Whether the search looks at labels or ranks alone, not at calibrated probabilities.
  bool labels_decide() const {
    return spec_.metric == "accuracy" || (spec_.metric == "roc-auc" && classes_ == 2);
  }

  /// A failed fit scores 0 in its fold.
  double inner_score(const Settings& settings, std::size_t index, std::size_t f) {
    const auto& fold = data_.inner[f];
    auto with = context(index, f);
    with.for_search = true;
    with.calibrated = !labels_decide();
    try {
      auto prediction = classes_for(*fit(settings, fold, with), inputs_of(fold.test, entry_, settings), with);
      if (!balanced()) return score(prediction, fold.test_labels, classes_).at(spec_.metric);
      const double found = score_of(prediction, fold, prior_powers().front());
      predictions_[{index, f}] = std::move(prediction);
      return found;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception&) {
      ++trial_.unconverged;  // a fit that failed did not converge either; it loses
      ++trial_.failed_in_tuning;
      return 0;
    }
  }

  double score_of(Classes prediction, const FoldData& fold, double power) const {
    shift_labels(prediction, class_shares(fold.train_labels, classes_), power);
    return score(prediction, fold.test_labels, classes_).at(spec_.metric);
  }

  /// The power with the best mean over the inner folds, of the settings chosen.
  void tune_prior_power() {
    trial_.prior_power = prior_powers().front();
    for (const double power : prior_powers()) {
      double mean = 0;
      for (std::size_t f = 0; f < data_.inner.size(); ++f)
        if (const auto kept = predictions_.find({chosen_, f}); kept != predictions_.end())
          mean += score_of(kept->second, data_.inner[f], power) / static_cast<double>(data_.inner.size());
      if (mean > trial_.validation) trial_.validation = mean, trial_.prior_power = power;
    }
    predictions_.clear();
  }

  std::unique_ptr<Fitted> fit(const Settings& settings, const FoldData& fold, const FitContext& with) {
    ++trial_.fits;
    const Samples samples(inputs_of(fold.train, entry_, settings), fold.train_labels, classes_);
    const StageTimer timer(&with.executor->ledger(), Stage::classical);
    auto model = record_.fit(samples, own_settings(entry_, settings), with);
    if (!model->info().converged) ++trial_.unconverged;
    return model;
  }

  /// Test rows predicted by a model that was fitted on rows with these class shares.
  Classes predict_test(const Fitted& model, const FitContext& with, std::span<const double> shares) const {
    auto prediction = classes_for(model, inputs_of(data_.outer.test, entry_, trial_.settings), with);
    shift_labels(prediction, shares, trial_.prior_power);
    return prediction;
  }

  void fit_and_predict() {
    const auto with = context(chosen_, final_fit);
    const auto& fold = data_.outer;
    const auto shares = class_shares(fold.train_labels, classes_);
    const auto model = fit(trial_.settings, fold, with);
    trial_.fit = model->info();
    const auto start = std::chrono::steady_clock::now();
    trial_.prediction = predict_test(*model, with, shares);
    trial_.predict_seconds = seconds_since(start);
    auto on_training_rows = classes_for(*model, inputs_of(fold.train, entry_, trial_.settings), with);
    shift_labels(on_training_rows, shares, trial_.prior_power);
    trial_.train_score = score(on_training_rows, fold.train_labels, classes_).at(spec_.metric);
    if (spec_.shots == 0) return;
    auto answer =
        model->answer_with_shots(Samples(inputs_of(fold.test, entry_, trial_.settings)), spec_.shots, with);
    if (answer) trial_.with_shots = std::get<Classes>(std::move(*answer));
    if (trial_.with_shots) shift_labels(*trial_.with_shots, shares, trial_.prior_power);
  }

  /// The same settings on fewer rows, and from other random seeds: what the verdict would be there.
  void fit_for_comparison() {
    for (std::size_t i = 0; i < std::size(curve_shares); ++i)
      trial_.smaller.push_back(refit(share_of_rows(curve_shares[i]), final_fit - 1 - i));
    for (std::uint64_t i = 0; i < other_seeds; ++i)
      trial_.reseeded.push_back(refit(data_.outer, final_fit / 2 + i));
  }

  FoldData share_of_rows(double share) const {
    const auto& whole = data_.outer;
    const auto rows =
        stratified_share(whole.train_labels, classes_, share, derive(seed_, {key_of("fewer rows")}));
    FoldData fewer;
    fewer.train.all = take_rows(whole.train.all, rows);
    for (const auto& [scale, x] : whole.train.reduced) fewer.train.reduced[scale] = take_rows(x, rows);
    fewer.train_labels = take_labels(whole.train_labels, rows);
    return fewer;
  }

  /// A fit that fails predicts like the floor.
  Refit refit(const FoldData& fold, std::uint64_t key) {
    auto prediction = predict_after_refit(fold, key);
    const double scored = score(prediction, data_.outer.test_labels, classes_).at(spec_.metric);
    return {scored, std::move(prediction.labels)};
  }

  Classes predict_after_refit(const FoldData& fold, std::uint64_t key) {
    auto with = context(chosen_, key);
    with.executor = &aside_;
    try {
      const Samples samples(inputs_of(fold.train, entry_, trial_.settings), fold.train_labels, classes_);
      const auto model = record_.fit(samples, own_settings(entry_, trial_.settings), with);
      return predict_test(*model, with, class_shares(fold.train_labels, classes_));
    } catch (const Interrupted&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception&) {
      return floor_prediction();
    }
  }

  Classes floor_prediction() {
    const auto shares = class_shares(data_.outer.train_labels, classes_);
    Classes prediction{{}, Matrix<double>(data_.outer.test.all.rows(), shares.size())};
    for (std::size_t r = 0; r < prediction.probabilities.rows(); ++r)
      std::ranges::copy(shares, prediction.probabilities.row(r).begin());
    prediction.labels = largest_columns(prediction.probabilities);
    return prediction;
  }

  void predict_floor(std::string failure) {
    trial_.failure = std::move(failure);
    trial_.fit.converged = false;
    trial_.fit.reason = "failed";
    trial_.prediction = floor_prediction();
  }

  const StudySpec& spec_;
  const Entry& entry_;
  const Contender& record_;
  const SplitData& data_;
  int classes_;
  std::uint64_t seed_;
  Executor executor_;
  Executor aside_;  // of fits that are no part of the contender's cost
  Trial trial_;
  std::size_t chosen_ = 0;
  /// Of inner folds, by settings tried and fold: kept where balanced accuracy decides.
  std::map<std::pair<std::size_t, std::size_t>, Classes> predictions_;
};

}  // namespace

Trial run_trial(const StudySpec& spec, const Entry& entry, const Split& split, const SplitData& data,
                int classes) {
  return Tuning(spec, entry, split, data, classes).run();
}

}  // namespace qupel
