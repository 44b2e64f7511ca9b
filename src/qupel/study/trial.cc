#include "qupel/study/trial.h"

#include <chrono>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/baseline/contenders.h"
#include "qupel/study/entries.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

const Matrix<double>& train_inputs(const FoldData& fold, Inputs inputs) {
  return inputs == Inputs::all ? fold.train_all : fold.train_reduced;
}
const Matrix<double>& test_inputs(const FoldData& fold, Inputs inputs) {
  return inputs == Inputs::all ? fold.test_all : fold.test_reduced;
}

/// One entry on one split: what all of its fits share.
class Tuning {
 public:
  Tuning(const StudySpec& spec, const Entry& entry, const Split& split, const SplitData& data, int classes)
      : spec_(spec),
        entry_(entry),
        record_(contender(entry.contender)),
        data_(data),
        classes_(classes),
        seed_(derive(spec.seed, {key_of(entry.contender), static_cast<std::uint64_t>(split.repeat),
                                 static_cast<std::uint64_t>(split.fold)})),
        executor_(spec.precision) {
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
    return std::move(trial_);
  }

 private:
  FitContext context(std::uint64_t key, std::uint64_t fold) {
    return {
        .seed = derive(seed_, {key_of("fit"), key, fold}), .executor = &executor_, .effort = spec_.effort};
  }

  void tune() {
    const auto tried =
        configurations(entry_, spec_.configurations, derive(seed_, {key_of("configurations")}));
    trial_.validation = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < tried.size(); ++i) {
      const double validation = inner_score(tried[i], i);
      trial_.validations.push_back(validation);
      if (validation > trial_.validation || i == 0) {
        trial_.validation = validation;
        trial_.settings = tried[i];
        chosen_ = i;
      }
    }
  }

  /// Mean score over the inner folds; a failed fit scores 0 in its fold.
  double inner_score(const Settings& settings, std::size_t configuration) {
    double total = 0;
    for (std::size_t f = 0; f < data_.inner.size(); ++f) {
      check_interrupt();
      total += inner_fold_score(settings, data_.inner[f], context(configuration, f));
    }
    return total / static_cast<double>(data_.inner.size());
  }

  double inner_fold_score(const Settings& settings, const FoldData& fold, FitContext with) {
    try {
      const auto model = fit(settings, fold, with);
      return score(model->predict(test_inputs(fold, entry_.inputs), with), fold.test_labels, classes_)
          .at(spec_.metric);
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

  std::unique_ptr<Fitted> fit(const Settings& settings, const FoldData& fold, const FitContext& with) {
    ++trial_.fits;
    const Samples samples{train_inputs(fold, entry_.inputs), fold.train_labels, classes_};
    auto model = record_.fit(samples, settings, with);
    if (!model->info().converged) ++trial_.unconverged;
    return model;
  }

  void fit_and_predict() {
    const auto with = context(chosen_, std::numeric_limits<std::uint64_t>::max());
    const auto& fold = data_.outer;
    const auto model = fit(trial_.settings, fold, with);
    trial_.fit = model->info();
    const auto start = std::chrono::steady_clock::now();
    trial_.prediction = model->predict(test_inputs(fold, entry_.inputs), with);
    trial_.predict_seconds = seconds_since(start);
    trial_.train_score =
        score(model->predict(train_inputs(fold, entry_.inputs), with), fold.train_labels, classes_)
            .at(spec_.metric);
    if (spec_.shots > 0)
      trial_.with_shots = model->predict_with_shots(test_inputs(fold, entry_.inputs), spec_.shots, with);
  }

  void predict_floor(std::string failure) {
    trial_.failure = std::move(failure);
    trial_.fit.converged = false;
    trial_.fit.reason = "failed";
    const auto with = context(0, 0);
    const Samples samples{data_.outer.train_all, data_.outer.train_labels, classes_};
    trial_.prediction = floor_contender().fit(samples, {}, with)->predict(data_.outer.test_all, with);
  }

  const StudySpec& spec_;
  const Entry& entry_;
  const ContenderSpec& record_;
  const SplitData& data_;
  int classes_;
  std::uint64_t seed_;
  Executor executor_;
  Trial trial_;
  std::size_t chosen_ = 0;
};

}  // namespace

Trial run_trial(const StudySpec& spec, const Entry& entry, const Split& split, const SplitData& data,
                int classes) {
  return Tuning(spec, entry, split, data, classes).run();
}

}  // namespace qupel
