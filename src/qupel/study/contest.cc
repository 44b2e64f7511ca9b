#include "qupel/study/contest.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "qupel/study/inputs.h"

namespace qupel {

Contest::Contest(const StudySpec& spec, const Problem& problem, const std::vector<EntryTrials>& by_entry)
    : spec_(spec),
      problem_(problem),
      metric_(problem.metric(spec.metric)),
      by_entry_(by_entry),
      equals_(problem.equal_rows()),
      groups_(problem.row_groups(metric_)) {
  answer_by_the_floor();
  for (std::size_t e = 0; e < spec.entries.size(); ++e) {
    const bool quantum = record(e).family == Family::quantum, entangled = quantum && is_entangled(e);
    (entangled ? quantum_ : others_).push_back(e);
    if (quantum && !entangled) unentangled_.push_back(e);
  }
}

/// Learns from all rows outside the test set.
void Contest::answer_by_the_floor() {
  if (by_entry_.empty()) return;
  for (const auto* trial : by_entry_.front()) {
    Task task{{}, trial->test_rows, nullptr, nullptr};
    std::vector<bool> tested(problem_.rows());
    for (const auto row : trial->test_rows) tested[row] = true;
    for (std::size_t row = 0; row < tested.size(); ++row)
      if (!tested[row]) task.learn_rows.push_back(row);
    floor_answers_.push_back(problem_.floor(task));
  }
  floor_ = collect([&](std::size_t s) {
    const auto& rows = by_entry_.front()[s]->test_rows;
    return Reading{problem_.score(floor_answers_[s], rows).at(metric_.name), &floor_answers_[s]};
  });
}

const Contender& Contest::record(std::size_t entry) const { return spec_.entries[entry].contender(); }

bool Contest::is_entangled(std::size_t entry) const {
  if (!record(entry).circuit_cost) return true;  // a program's circuits are not ours to see: its word counts
  std::map<std::string, bool> known;             // by settings: most splits share theirs
  std::size_t entangled = 0;
  for (const auto* trial : by_entry_[entry]) {
    std::string key;
    for (const auto& [name, value] : trial->settings) key += name + "=" + to_string(value) + ";";
    const auto [found, fresh] = known.emplace(key, false);
    if (fresh) {
      const auto width = problem_.width(input_choice(spec_.entries[entry], trial->settings));
      const auto cost = record(entry).circuit_cost(width, problem_.outputs(), trial->settings);
      found->second = cost.two_qubit + cost.larger > 0;
    }
    entangled += found->second ? 1 : 0;
  }
  return 2 * entangled > by_entry_[entry].size();
}

std::vector<std::size_t> Contest::others_on_reduced() const {
  std::vector<std::size_t> found;
  for (const auto e : others_)
    if (spec_.entries[e].inputs == Inputs::reduced) found.push_back(e);
  return found;
}

std::vector<std::size_t> Contest::chosen(const std::vector<std::size_t>& entries) const {
  std::vector<std::size_t> chosen;
  for (std::size_t s = 0; s < splits() && !entries.empty(); ++s)
    chosen.push_back(*std::ranges::max_element(
        entries, {}, [&](std::size_t e) { return metric_.oriented(by_entry_[e][s]->validation); }));
  return chosen;
}

std::optional<std::size_t> Contest::best_validated() const {
  std::optional<std::size_t> best;
  double highest = 0;
  for (std::size_t e = 0; e < by_entry_.size(); ++e) {
    double sum = 0;
    for (const auto* trial : by_entry_[e]) sum += metric_.oriented(trial->validation);
    if (record(e).floor || by_entry_[e].empty() || (best && sum <= highest)) continue;
    best = e;
    highest = sum;
  }
  return best;
}

Readings Contest::collect(const std::function<Reading(std::size_t split)>& read) const {
  Readings scores;
  for (std::size_t s = 0; s < splits(); ++s) {
    const auto [score, answer] = read(s);
    scores.by_fold.push_back(score);
    scores.answers.push_back(answer);
  }
  return scores;
}

Readings Contest::scores(std::size_t entry, const Read& read) const {
  return collect([&](std::size_t s) { return read(*by_entry_[entry][s]); });
}

Readings Contest::scores(const std::vector<std::size_t>& chosen, const Read& read) const {
  if (chosen.empty()) return {};
  return collect([&](std::size_t s) { return read(*by_entry_[chosen[s]][s]); });
}

Read Contest::on_test_rows() const {
  return [this](const Trial& trial) {
    return Reading{trial.exact().metrics.at(metric_.name), &trial.exact().answer};
  };
}

int resampled_repeats(const StudySpec& spec, const Problem& problem) {
  const bool resampled = problem.dependence() == Dependence::resampled && spec.protocol == Protocol::nested;
  return resampled ? spec.repeats : 1;
}

Design Contest::design() const {
  const bool independent = problem_.dependence() != Dependence::resampled;
  const int repeats = resampled_repeats(spec_, problem_);
  const double folds = static_cast<double>(std::max<std::size_t>(splits(), 1)) / repeats;
  return {.repeats = repeats,
          .rope = spec_.rope * metric_.spread,
          .test_rows = metric_.share && !independent ? problem_.counted_rows(metric_) / folds : 0,
          .rows = problem_.rows(),
          .look = spec_.look,
          .widest = metric_.widest_difference(),
          .independent = independent,
          .overlap = independent ? problem_.overlap() : 0,
          .complete = problem_.dependence() == Dependence::complete};
}

Spread Contest::spread(const Readings& scores, const Readings& others, std::span<const double> leads) const {
  if (spec_.protocol == Protocol::fixed || by_entry_.empty()) return {};
  const auto repeats = static_cast<std::size_t>(design().repeats);
  Matrix<double> by_row(problem_.rows(), repeats), weights(problem_.rows(), repeats);
  for (std::size_t s = 0; s < splits(); ++s) {
    const auto& trial = *by_entry_.front()[s];
    if (!scores.answers[s]) return {};
    const auto of_fold = problem_.row_leads(*scores.answers[s], others.answers[s], trial.test_rows, metric_);
    if (of_fold.empty()) return {};
    const auto counts = problem_.row_weights(trial.test_rows, metric_);
    for (std::size_t i = 0; i < of_fold.size(); ++i) {
      by_row(trial.test_rows[i], static_cast<std::size_t>(trial.key.repeat)) = of_fold[i];
      weights(trial.test_rows[i], static_cast<std::size_t>(trial.key.repeat)) = counts[i];
    }
  }
  return spread_of(by_row, weights, groups_, equals_, leads, problem_.row_grain(metric_));
}

void Contest::add(std::vector<Comparison>& comparisons, std::string_view name, const Readings& scores,
                  std::string_view against, const Readings& others, bool decides) const {
  if (scores.by_fold.empty() || others.by_fold.empty()) return;
  std::vector<double> leads(scores.by_fold.size());
  std::ranges::transform(scores.by_fold, others.by_fold, leads.begin(),
                         [&](double own, double other) { return metric_.oriented(own - other); });
  const auto spread_of_rows = spread(scores, others, leads);
  comparisons.push_back(compare(std::string(name), std::string(against), spec_.metric, std::move(leads),
                                design(), spread_of_rows));
  comparisons.back().decides = decides;
}

}  // namespace qupel
