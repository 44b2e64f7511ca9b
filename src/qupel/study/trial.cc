#include "qupel/study/trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/study/entries.h"
#include "qupel/study/inputs.h"
#include "qupel/study/runner.h"
#include "qupel/study/search.h"

namespace qupel {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

constexpr std::uint64_t final_fit = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t other_seeds = 2;

/// An answer as a refit keeps it.
Answer without_probabilities(Answer answer) {
  if (auto* classes = std::get_if<Classes>(&answer)) classes->probabilities = {};
  return answer;
}

/// One entry on one split: what all of its fits share.
class Tuning {
 public:
  Tuning(const StudySpec& spec, const Problem& problem, const Entry& entry, const Split& split,
         const Work& work)
      : spec_(spec),
        problem_(problem),
        metric_(problem.metric(spec.metric)),
        entry_(entry),
        record_(entry.contender()),
        work_(work),
        seed_(derive(spec.seed, {key_of(record_.name), static_cast<std::uint64_t>(split.repeat),
                                 static_cast<std::uint64_t>(split.fold)})),
        adjustments_(problem.adjustments(metric_)),
        executor_(spec.precision),
        aside_(spec.precision) {
    trial_.key = {entry.name, split.repeat, split.fold, problem.facts().name, exact_execution};
    trial_.test_rows = split.test;
  }

  FinalFit fit_for_good(const std::optional<ChosenSettings>& chosen) {
    if (chosen)
      trial_.settings = chosen->settings;
    else
      tune();
    auto model = fit(trial_.settings, work_.outer, context(chosen_, final_fit));
    return {chosen.value_or(ChosenSettings{trial_.settings, trial_.validation, trial_.adjustment}),
            std::move(model)};
  }

  Trial run() {
    const auto start = std::chrono::steady_clock::now();
    tune();
    executor_.ledger().seconds[Stage::tune] += seconds_since(start);
    if (const auto failure = attempt([this] { fit_and_answer(); })) answer_as_the_floor(*failure);
    for (auto& [execution, evaluation] : trial_.evaluations)
      evaluation.metrics = problem_.score(evaluation.answer, trial_.test_rows);
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
            .balanced = problem_.needs(metric_).balanced};
  }

  void tune() {
    if (work_.inner.empty()) {
      trial_.settings = default_settings(entry_);
      return;
    }
    const InnerScore score = [this](const Settings& settings, std::size_t index, std::size_t f) {
      check_interrupt();
      return metric_.oriented(inner_score(settings, index, f));
    };
    auto found = search(entry_, spec_.configurations, static_cast<int>(work_.inner.size()),
                        derive(seed_, {key_of("configurations")}), score);
    trial_.settings = std::move(found.settings);
    trial_.validation = metric_.oriented(found.validation);
    for (const double validation : found.validations)
      trial_.validations.push_back(metric_.oriented(validation));
    chosen_ = found.index;
    choose_adjustment();
    held_.clear();
  }

  /// A failed fit scores worst in its fold.
  double inner_score(const Settings& settings, std::size_t index, std::size_t f) {
    const auto& task = work_.inner[f];
    auto with = context(index, f);
    with.for_search = true;
    with.calibrated = problem_.needs(metric_).calibrated;
    double found = metric_.worst();
    const auto failure = attempt([&] {
      auto answer = ask(*fit(settings, task, with), *task.ask, settings, with);
      found = score_of(answer, task, first_adjustment());
      held_[{index, f}] = std::move(answer);
    });
    if (failure) {
      ++trial_.unconverged;  // a fit that failed did not converge either; it loses
      if (trial_.failed_in_tuning++ == 0) trial_.failure_in_tuning = *failure;
    }
    return found;
  }

  /// @returns why it failed; nothing if it did not. An interruption and a lack of memory are no failure of
  /// the contender's: they end the run.
  std::optional<std::string> attempt(const std::function<void()>& work) {
    try {
      work();
      return std::nullopt;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const TimeLimitMet& error) {
      ++trial_.timed_out;
      return error.what();
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  Adjustment first_adjustment() const { return adjustments_.empty() ? Adjustment{} : adjustments_.front(); }

  double score_of(Answer answer, const Task& task, const Adjustment& adjustment) const {
    problem_.adjust(adjustment, task, answer);
    return problem_.score(answer, task.ask_rows).at(metric_.name);
  }

  /// The adjustment with the best mean over the inner folds, of the settings chosen; then what else their
  /// held-out answers tell.
  void choose_adjustment() {
    trial_.adjustment = first_adjustment();
    for (const auto& adjustment : adjustments_) {
      double mean = 0;
      for (std::size_t f = 0; f < work_.inner.size(); ++f)
        if (const auto kept = held_.find({chosen_, f}); kept != held_.end())
          mean +=
              score_of(kept->second, work_.inner[f], adjustment) / static_cast<double>(work_.inner.size());
      if (metric_.oriented(mean) > metric_.oriented(trial_.validation))
        trial_.validation = mean, trial_.adjustment = adjustment;
    }
    std::vector<Held> held;
    for (std::size_t f = 0; f < work_.inner.size(); ++f)
      if (const auto kept = held_.find({chosen_, f}); kept != held_.end())
        held.push_back({&kept->second, &work_.inner[f]});
    problem_.learn(held, trial_.adjustment);
  }

  /// The rows as a fit with these settings sees them.
  std::shared_ptr<const Instance> seen(const Instance& instance, const Settings& settings) const {
    return problem_.view(instance, input_choice(entry_, settings));
  }

  std::unique_ptr<Fitted> fit(const Settings& settings, const Task& task, const FitContext& with) {
    ++trial_.fits;
    auto model = fit_once(settings, task, with);
    if (!model->info().converged) ++trial_.unconverged;
    return model;
  }

  std::unique_ptr<Fitted> fit_once(const Settings& settings, const Task& task, const FitContext& with) const {
    const StageTimer timer(&with.executor->ledger(), Stage::classical);
    return record_.fit(*seen(*task.learn, settings), own_settings(entry_, settings), with);
  }

  Answer ask(const Fitted& model, const Instance& instance, const Settings& settings,
             const FitContext& with) const {
    return model.answer(*seen(instance, settings), with);
  }

  void fit_and_answer() {
    const auto with = context(chosen_, final_fit);
    const auto& task = work_.outer;
    auto start = std::chrono::steady_clock::now();
    const auto model = fit(trial_.settings, task, with);
    trial_.fit = model->info();
    trial_.fit_seconds = seconds_since(start);
    start = std::chrono::steady_clock::now();
    trial_.evaluations[exact_execution].answer =
        adjusted(ask(*model, *task.ask, trial_.settings, with), task);
    trial_.predict_seconds = seconds_since(start);
    const auto on_training_rows = adjusted(ask(*model, *task.learn, trial_.settings, with), task);
    trial_.train_score = problem_.score(on_training_rows, task.learn_rows).at(metric_.name);
    if (work_.inner.empty()) trial_.validation = trial_.train_score;
    if (!record_.has_circuit()) return;
    if (spec_.shots > 0) answer_with_shots(*model, with);
    if (record_.family == Family::quantum) answer_on_devices(*model, with);
  }

  /// Answers that would take this computer too long are left out: a report has no score with shots then.
  void answer_with_shots(const Fitted& model, const FitContext& with) {
    constexpr double most_seconds = 20;
    try {
      answer_under({.shots = spec_.shots,
                    .precision = spec_.precision,
                    .budget = {.seconds = most_seconds},
                    .seed = derive(with.seed, {key_of("shots")})},
                   shots_execution, model, with);
      executor_.ledger() += std::exchange(trial_.evaluations[shots_execution].ledger, {});
    } catch (const OverBudget&) {
      trial_.evaluations.erase(shots_execution);
    }
  }

  void answer_on_devices(const Fitted& model, const FitContext& with) {
    for (const auto& entry : spec_.devices) {
      answer_on(entry, model, with, false);
      if (spec_.train_on_devices) answer_on(entry, *fit_under_noise(entry, model, with), with, true);
    }
  }

  /// The settings chosen, trained on exact expectation values under the device's noise: circuits go on from
  /// the ideal model's parameters, for a gradient under noise takes many times as long as an ideal one.
  std::unique_ptr<Fitted> fit_under_noise(const DeviceEntry& entry, const Fitted& ideal, FitContext with) {
    Executor there({.device = entry.device, .precision = Precision::double_});
    Archive before;
    with.executor = &there;
    if (record_.training && record_.load) {
      ideal.save(before);
      with.trained_before = &before;
    }
    ++trial_.fits;
    return fit_once(trial_.settings, work_.outer, with);
  }

  void answer_on(const DeviceEntry& entry, const Fitted& model, const FitContext& with, bool trained) {
    Execution there{.device = entry.device,
                    .shots = spec_.shots,
                    .precision = Precision::double_,
                    .seed = derive(with.seed, {key_of(execution_on(entry, false, trained))})};
    answer_under(there, execution_on(entry, false, trained), model, with);
    const auto technique = mitigation(spec_.mitigate);
    if (technique == nullptr) return;
    there.mitigation = technique.get();
    answer_under(there, execution_on(entry, true, trained), model, with);
  }

  /// The same fitted model under another execution, with a ledger of its own.
  void answer_under(const Execution& execution, const std::string& name, const Fitted& model,
                    FitContext with) {
    Executor executor(execution);
    with.executor = &executor;
    auto& evaluation = trial_.evaluations[name];
    evaluation.answer = adjusted(ask(model, *work_.outer.ask, trial_.settings, with), work_.outer);
    evaluation.ledger = executor.ledger();
  }

  Answer adjusted(Answer answer, const Task& task) const {
    problem_.adjust(trial_.adjustment, task, answer);
    return answer;
  }

  /// The same settings on fewer rows, and from other random seeds: what the verdict would be there.
  void fit_for_comparison() {
    for (std::size_t i = 0; i < std::size(curve_shares); ++i)
      if (const auto fewer =
              problem_.fewer(work_.outer, curve_shares[i], derive(seed_, {key_of("fewer rows")})))
        trial_.smaller.push_back(refit(*fewer, final_fit - 1 - i));
    for (std::uint64_t i = 0; i < other_seeds; ++i)
      trial_.reseeded.push_back(refit(work_.outer, final_fit / 2 + i));
  }

  /// A fit that fails answers like the floor.
  Refit refit(const Task& task, std::uint64_t key) {
    auto answer = answer_after_refit(task, key);
    const double scored = problem_.score(answer, trial_.test_rows).at(metric_.name);
    return {scored, without_probabilities(std::move(answer))};
  }

  Answer answer_after_refit(const Task& task, std::uint64_t key) {
    auto with = context(chosen_, key);
    with.executor = &aside_;
    Answer answer;
    const auto failure = attempt([&] {
      const auto model = fit_once(trial_.settings, task, with);
      answer = adjusted(ask(*model, *task.ask, trial_.settings, with), task);
    });
    return failure ? problem_.floor(work_.outer) : answer;
  }

  void answer_as_the_floor(std::string failure) {
    trial_.failure = std::move(failure);
    trial_.fit.converged = false;
    trial_.fit.reason = "failed";
    trial_.evaluations.clear();
    trial_.evaluations[exact_execution].answer = problem_.floor(work_.outer);
  }

  const StudySpec& spec_;
  const Problem& problem_;
  const Metric& metric_;
  const Entry& entry_;
  const Contender& record_;
  const Work& work_;
  std::uint64_t seed_;
  std::vector<Adjustment> adjustments_;
  Executor executor_;
  Executor aside_;  // of fits that are no part of the contender's cost
  Trial trial_;
  std::size_t chosen_ = 0;
  /// Of inner folds, by settings tried and fold.
  std::map<std::pair<std::size_t, std::size_t>, Answer> held_;
};

}  // namespace

FinalFit fit_for_good(const StudySpec& spec, const Problem& problem, const Entry& entry, const Split& split,
                      const Work& work, const std::optional<ChosenSettings>& chosen) {
  return Tuning(spec, problem, entry, split, work).fit_for_good(chosen);
}

Trial run_trial(const StudySpec& spec, const Problem& problem, const Entry& entry, const Split& split,
                const Work& work) {
  return Tuning(spec, problem, entry, split, work).run();
}

}  // namespace qupel
