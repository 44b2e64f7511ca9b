#include "qupel/study/break_even.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "qupel/base/interrupt.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/inputs.h"
#include "qupel/study/rehearsal.h"
#include "qupel/study/trial.h"
#include "qupel/study/verdict.h"
#include "qupel/study/wording.h"

namespace qupel {
namespace {

constexpr double smallest_factor = 1.0 / 1024;
constexpr int bisections = 4;
constexpr std::size_t most_shots = 1'000'000;

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

  /// Copies of all trials in which the leaders have an evaluation on the device, mitigated as the study says.
  std::vector<Trial> on(const std::vector<Trial>& trials, const std::shared_ptr<const Device>& device,
                        std::size_t shots, int threads) const {
    auto all = trials;
    const auto technique = mitigation(spec_.mitigate);
    parallel_for(fits_.size(), threads, [&](std::size_t i) {
      check_interrupt();
      const auto& [trial, work, model] = fits_[i];
      auto& copy = all[static_cast<std::size_t>(trial - trials.data())];
      const auto number = static_cast<std::uint64_t>(trial - trials.data());
      Executor executor({.device = device,
                         .shots = shots,
                         .mitigation = technique.get(),
                         .precision = Precision::double_,
                         .seed = derive(spec_.seed, {key_of("break-even"), number})});
      const FitContext context{.seed = executor.execution().seed, .executor = &executor};
      auto& evaluation = copy.evaluations[device->name];
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

/// The trials of each entry, split after split: a run keeps them in the order in which they were finished.
std::vector<EntryTrials> by_entry(const StudySpec& spec, const std::vector<Trial>& trials) {
  std::vector<EntryTrials> all(spec.entries.size());
  for (const auto& trial : trials) {
    const auto entry = std::ranges::find(spec.entries, trial.key.entry, &Entry::name);
    if (entry != spec.entries.end())
      all[static_cast<std::size_t>(entry - spec.entries.begin())].push_back(&trial);
  }
  for (auto& of_entry : all)
    std::ranges::sort(of_entry, {},
                      [](const Trial* trial) { return std::pair(trial->key.repeat, trial->key.fold); });
  return all;
}

/// Judges leaders on scaled devices, as often as is asked.
class Sweep {
 public:
  Sweep(const StudySpec& spec, const Problem& problem, const std::vector<Trial>& trials,
        const DeviceEntry& entry, const FittedAgain& fits, int threads)
      : spec_(spec), problem_(problem), trials_(trials), entry_(entry), fits_(fits), threads_(threads) {}

  BreakEvenPoint judge(double factor, std::size_t shots) const {
    const auto device = std::make_shared<const Device>(with_errors_scaled(*entry_.device, factor));
    const auto there = fits_.on(trials_, device, shots, threads_);
    const auto comparisons = compare_under(Contest(spec_, problem_, by_entry(spec_, there)), device->name);
    BreakEvenPoint point{
        .factor = factor, .two_qubit_error = medians(*device).two_qubit_error, .shots = shots};
    point.verdict = overall_verdict(comparisons);
    if (const auto* c = decisive(comparisons))
      point.difference = c->difference, point.low = c->low, point.high = c->high;
    return point;
  }

  /// @returns the largest factor at which the lead is left, of those tried; else the smallest one
  double over_errors(BreakEven& found) const {
    double high = 1, low = 1;
    const auto leads_at = [&](double factor) {
      return leads(found.points.emplace_back(judge(factor, spec_.shots)));
    };
    while (!(found.flips = leads_at(low)) && low > smallest_factor) high = low, low /= 2;
    for (int i = 0; found.flips && low < 1 && i < bisections; ++i) {
      const double middle = std::sqrt(low * high);
      (leads_at(middle) ? low : high) = middle;
    }
    std::ranges::sort(found.points, std::greater{}, &BreakEvenPoint::factor);
    return low;
  }

  /// Fewer shots while the lead is left; more of them until it is.
  void over_shots(double factor, BreakEven& found) const {
    found.shot_points = {*std::ranges::find(found.points, factor, &BreakEvenPoint::factor)};
    const auto leads_with = [&](std::size_t shots) {
      return leads(found.shot_points.emplace_back(judge(factor, shots)));
    };
    if (found.flips) {
      found.shots = spec_.shots;
      for (auto shots = spec_.shots / 2; shots > 0 && leads_with(shots); shots /= 2) found.shots = shots;
    } else {
      for (auto shots = 10 * spec_.shots; shots <= most_shots && !found.flips; shots *= 10)
        if ((found.flips = leads_with(shots))) found.shots = shots;
    }
    std::ranges::sort(found.shot_points, std::greater{}, &BreakEvenPoint::shots);
  }

 private:
  static bool leads(const BreakEvenPoint& point) { return point.verdict == Verdict::quantum_better; }

  const StudySpec& spec_;
  const Problem& problem_;
  const std::vector<Trial>& trials_;
  const DeviceEntry& entry_;
  const FittedAgain& fits_;
  int threads_;
};

/// What a thousand predictions take of a device.
struct Predictions {
  double seconds = 0;
  Cost cost = {};
};

/// As the run measured it.
std::optional<Predictions> as_measured(const StudyResult& result, const ContenderResult& quantum,
                                       const std::string& device) {
  for (const auto& reading : quantum.devices) {
    if (reading.device != device) continue;
    const auto& needed = reading.mitigated.empty() ? reading.ledger : reading.mitigation_ledger;
    const double thousands = static_cast<double>(result.rows) * std::max(1, result.repeats) / 1000;
    return Predictions{needed.device_seconds / thousands,
                       {needed.money / thousands, reading.currency, reading.vendor, {}, reading.price_date}};
  }
  return std::nullopt;
}

/// As a rehearsal says: of a device that the run does not name.
std::optional<Predictions> as_rehearsed(StudySpec spec, const Problem& problem, const StudyResult& result,
                                        const ContenderResult& quantum, const DeviceEntry& entry) {
  std::erase_if(spec.entries, [&](const Entry& each) { return each.name != quantum.name; });
  spec.devices = {entry};
  spec.train_on_devices = false;
  const auto needs = rehearse(spec, problem);
  if (needs.empty()) return std::nullopt;
  auto need = needs.front();
  if (!std::exchange(spec.mitigate, {}).empty()) {  // it answers without mitigation, too
    const auto plain = rehearse(spec, problem).front();
    need.seconds -= plain.seconds;
    need.cost.amount -= plain.cost.amount;
  }
  const double thousands = static_cast<double>(result.rows) * std::max(1, result.repeats) / 1000;
  need.cost.amount /= thousands;
  return Predictions{need.seconds / thousands, need.cost};
}

/// How many times longer a thousand predictions take on the device, and how many times more they cost, than
/// by the best that is not quantum.
void compare_costs(const StudySpec& spec, const Problem& problem, const StudyResult& result,
                   const DeviceEntry& entry, BreakEven& found) {
  const ContenderResult* quantum = nullptr;
  const ContenderResult* rival = nullptr;
  for (const auto& c : result.contenders) {
    if (c.name == result.best_quantum) quantum = &c;
    if (c.name == result.best_classical) rival = &c;
  }
  if (quantum == nullptr || rival == nullptr || rival->predict_seconds_per_1000 <= 0) return;
  auto needed = as_measured(result, *quantum, entry.device->name);
  if (!needed) needed = as_rehearsed(spec, problem, result, *quantum, entry);
  if (!needed || needed->seconds <= 0) return;
  const auto shots = static_cast<double>(found.shots.value_or(spec.shots));
  const double share = spec.shots > 0 ? shots / static_cast<double>(spec.shots) : 1;
  found.speed_factor = share * needed->seconds / rival->predict_seconds_per_1000;
  constexpr double dollars_per_core_second = 0.0425 / 3600;
  if (needed->cost.amount > 0 && needed->cost.currency == "USD")
    found.price_factor =
        share * needed->cost.amount / (rival->predict_seconds_per_1000 * dollars_per_core_second);
}

/// Under which conditions a device was judged: "with 1000 shots", "with 1000 shots and zne, readout".
std::string conditions(const StudySpec& spec, std::size_t shots) {
  auto text = fmt::format("with {} shots of every circuit", shots);
  if (const auto technique = mitigation(spec.mitigate)) text += fmt::format(" and {}", technique->name());
  return text;
}

std::string reason(const StudySpec& spec, const Problem& problem, const std::string& device, double factor,
                   const BreakEven& found) {
  if (!found.flips)
    return fmt::format("even with {:.2g} of the errors of {} the lead is not shown there, {} or up to {}",
                       factor, device, conditions(spec, spec.shots), most_shots);
  const auto& all = found.shots > spec.shots ? found.shot_points : found.points;
  const auto& flip = *std::ranges::find_if(all, [&](const BreakEvenPoint& point) {
    return point.factor == factor && point.verdict == Verdict::quantum_better;
  });
  const auto lead = lead_text(problem.metric(spec.metric), flip.difference);
  auto text =
      factor == 1
          ? fmt::format("{} as it is leaves the lead: {}", device, lead)
          : fmt::format(
                "a device like {} with {:.2g} of its errors (a two-qubit error of {:.2g}) leaves a lead of {}",
                device, factor, flip.two_qubit_error, lead);
  text += fmt::format(", {}", conditions(spec, flip.shots));
  if (found.shots < flip.shots) text += fmt::format("; {} shots are enough", *found.shots);
  return text;
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
  const auto ideal = result.devices.empty() ? result.verdict : result.ideal_verdict;
  const auto leaders = leaders_of(result);
  if (ideal != Verdict::quantum_better || leaders.empty()) {
    compare_costs(spec, problem, result, entry, found);
    found.reason =
        fmt::format("the verdict on a perfect quantum computer is \"{}\" already, and noise only takes away",
                    to_string(ideal));
    return found;
  }
  FittedAgain fits(spec, problem, trials, leaders);
  fits.fit(threads, progress);
  const Sweep sweep(spec, problem, trials, entry, fits, threads);
  const double factor = sweep.over_errors(found);
  if (spec.shots > 0) sweep.over_shots(factor, found);
  if (found.flips) found.two_qubit_error = medians(with_errors_scaled(*entry.device, factor)).two_qubit_error;
  compare_costs(spec, problem, result, entry, found);
  found.reason = reason(spec, problem, entry.device->name, factor, found);
  return found;
}

}  // namespace qupel
