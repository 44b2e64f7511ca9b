#include "qupel/study/break_even.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "qupel/base/interrupt.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/inputs.h"
#include "qupel/study/trial.h"
#include "qupel/study/verdict.h"
#include "qupel/study/wording.h"

namespace qupel {
namespace {

constexpr double smallest_factor = 1.0 / 1024;
constexpr int bisections = 4;

/// The contenders that lead on a perfect quantum computer, fitted once more on every split.
class FittedAgain {
 public:
  FittedAgain(const StudySpec& spec, const Problem& problem, const std::vector<Trial>& trials,
              const std::vector<std::string>& leaders)
      : spec_(spec), problem_(problem), splits_(problem.splits(splitting_of(spec))) {
    for (const auto& trial : trials)
      if (std::ranges::find(leaders, trial.key.entry) != leaders.end()) fits_.push_back({&trial, {}, {}});
  }

  void fit(int threads, Progress& progress) {
    std::size_t done = 0;
    std::mutex mutex;
    parallel_for(fits_.size(), threads, [&](std::size_t i) {
      check_interrupt();
      auto& [trial, work, model] = fits_[i];
      const auto& split = split_of(trial->key);
      work = problem_.prepare(splitting_of(spec_), split);
      model = fit_for_good(spec_, problem_, entry_of(trial->key), split, work,
                           ChosenSettings{trial->settings, trial->validation, trial->adjustment})
                  .model;
      const std::scoped_lock lock(mutex);
      progress.advance(++done, fits_.size(), trial->key.entry);
    });
  }

  /// Copies of all trials in which the leaders have an evaluation on the device.
  std::vector<Trial> on(const std::vector<Trial>& trials, const std::shared_ptr<const Device>& device,
                        const std::string& name, int threads) const {
    auto all = trials;
    parallel_for(fits_.size(), threads, [&](std::size_t i) {
      check_interrupt();
      const auto& [trial, work, model] = fits_[i];
      auto& copy = all[static_cast<std::size_t>(trial - trials.data())];
      Executor executor({.device = device,
                         .precision = Precision::double_,
                         .seed = derive(spec_.seed, {key_of("break-even")})});
      const FitContext context{.seed = executor.execution().seed, .executor = &executor};
      auto& evaluation = copy.evaluations[name];
      evaluation.answer = model->answer(
          *problem_.view(*work.outer.ask, input_choice(entry_of(trial->key), trial->settings)), context);
      problem_.adjust(trial->adjustment, work.outer, evaluation.answer);
      evaluation.metrics = problem_.score(evaluation.answer, trial->test_rows);
    });
    return all;
  }

 private:
  struct Fit {
    const Trial* trial;
    Work work;
    std::unique_ptr<Fitted> model;
  };
  const Split& split_of(const TrialKey& key) const {
    return *std::ranges::find_if(
        splits_, [&](const Split& split) { return split.repeat == key.repeat && split.fold == key.fold; });
  }
  const Entry& entry_of(const TrialKey& key) const {
    return *std::ranges::find(spec_.entries, key.entry, &Entry::name);
  }

  const StudySpec& spec_;
  const Problem& problem_;
  std::vector<Split> splits_;
  std::vector<Fit> fits_;
};

std::vector<std::string> leaders_of(const StudyResult& result) {
  std::vector<std::string> leaders;
  for (const auto& c : result.comparisons)
    if (c.decides && c.verdict == Verdict::quantum_better) leaders.push_back(c.contender);
  return leaders;
}

BreakEvenPoint judged(const StudySpec& spec, const Problem& problem, const std::vector<Trial>& trials,
                      const std::string& execution, double factor, const Device& device) {
  std::vector<EntryTrials> by_entry(spec.entries.size());
  for (std::size_t i = 0; i < trials.size(); ++i) by_entry[i % spec.entries.size()].push_back(&trials[i]);
  const Contest contest(spec, problem, by_entry);
  const auto comparisons = compare_under(contest, execution);
  BreakEvenPoint point{.factor = factor, .two_qubit_error = medians(device).two_qubit_error};
  point.verdict = overall_verdict(comparisons);
  if (const auto* c = decisive(comparisons))
    point.difference = c->difference, point.low = c->low, point.high = c->high;
  return point;
}

/// How many times longer a thousand predictions take on the device than by the best that is not quantum.
void compare_costs(const StudyResult& result, const DeviceEntry& entry, BreakEven& found) {
  const ContenderResult* quantum = nullptr;
  const ContenderResult* rival = nullptr;
  for (const auto& c : result.contenders) {
    if (c.name == result.best_quantum) quantum = &c;
    if (c.name == result.best_classical) rival = &c;
  }
  if (quantum == nullptr || rival == nullptr || rival->predict_seconds_per_1000 <= 0) return;
  for (const auto& reading : quantum->devices) {
    const auto& needed = reading.mitigated.empty() ? reading.ledger : reading.mitigation_ledger;
    if (reading.device != entry.device->name || needed.device_seconds <= 0) continue;
    const double predictions = static_cast<double>(result.rows) * std::max(1, result.repeats);
    found.speed_factor = 1000 * needed.device_seconds / predictions / rival->predict_seconds_per_1000;
    constexpr double dollars_per_core_second = 0.0425 / 3600;
    if (needed.money > 0 && reading.currency == "USD")
      found.price_factor =
          1000 * needed.money / predictions / (rival->predict_seconds_per_1000 * dollars_per_core_second);
  }
}

}  // namespace

Device with_errors_scaled(Device device, double factor) {
  device.name += fmt::format(" with {:.4g} of its errors", factor);
  for (auto& qubit : device.qubits) {
    qubit.t1 /= factor;
    qubit.t2 /= factor;
    qubit.one_for_zero *= factor;
    qubit.zero_for_one *= factor;
  }
  for (auto& gate : device.gates) gate.error *= factor;
  return device;
}

BreakEven break_even(const StudySpec& spec, const Problem& problem, const StudyResult& result,
                     const std::vector<Trial>& trials, const DeviceEntry& entry, int threads,
                     Progress& progress) {
  BreakEven found;
  found.device = entry.device->name;
  compare_costs(result, entry, found);
  const auto ideal = result.devices.empty() ? result.verdict : result.ideal_verdict;
  const auto leaders = leaders_of(result);
  if (ideal != Verdict::quantum_better || leaders.empty()) {
    found.reason = fmt::format(
        "no device flips it: the verdict on a perfect quantum computer is \"{}\", and noise only takes away",
        to_string(ideal));
    return found;
  }
  FittedAgain fits(spec, problem, trials, leaders);
  fits.fit(threads, progress);
  const auto judge = [&](double factor) {
    const auto device = std::make_shared<const Device>(with_errors_scaled(*entry.device, factor));
    const auto there = fits.on(trials, device, device->name, threads);
    return found.points.emplace_back(judged(spec, problem, there, device->name, factor, *device));
  };
  double high = 1, low = 1;
  while (judge(low).verdict != Verdict::quantum_better && low > smallest_factor) high = low, low /= 2;
  found.flips = found.points.back().verdict == Verdict::quantum_better;
  for (int i = 0; found.flips && low < 1 && i < bisections; ++i) {
    const double middle = std::sqrt(low * high);
    (judge(middle).verdict == Verdict::quantum_better ? low : high) = middle;
  }
  std::ranges::sort(found.points, std::greater{}, &BreakEvenPoint::factor);
  if (!found.flips) {
    found.reason = fmt::format("even with {:.2g} of the errors of {} the lead is not shown there", low,
                               entry.device->name);
    return found;
  }
  const auto& flip = *std::ranges::find(found.points, low, &BreakEvenPoint::factor);
  found.two_qubit_error = flip.two_qubit_error;
  found.reason = low == 1 ? fmt::format("{} as it is leaves the lead: {}", entry.device->name,
                                        lead_text(problem.metric(spec.metric), flip.difference))
                          : fmt::format(
                                "a device like {} with {:.2g} of its errors (a two-qubit error of {:.2g}) "
                                "leaves a lead of {}",
                                entry.device->name, low, flip.two_qubit_error,
                                lead_text(problem.metric(spec.metric), flip.difference));
  return found;
}

}  // namespace qupel
