#include "qupel/study/contest.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "qupel/problem/tabular/features.h"
#include "qupel/problem/tabular/rows.h"
#include "qupel/study/inputs.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

/// The most frequent class of the rows outside the test set, as a prediction of it.
Classes majority_prediction(const TabularProblem& problem, const std::vector<std::size_t>& test_rows) {
  auto counts = class_counts(problem);
  for (const auto row : test_rows) --counts[static_cast<std::size_t>(problem.labels[row])];
  const auto most = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
  Classes prediction{std::vector<int>(test_rows.size(), static_cast<int>(most)),
                     Matrix<double>(test_rows.size(), counts.size())};
  for (std::size_t r = 0; r < test_rows.size(); ++r) prediction.probabilities(r, most) = 1;
  return prediction;
}

}  // namespace

Contest::Contest(const StudySpec& spec, const TabularProblem& problem,
                 const std::vector<EntryTrials>& by_entry, std::size_t prepared_columns)
    : spec_(spec), problem_(problem), by_entry_(by_entry), prepared_columns_(prepared_columns) {
  weights_ = row_weights();
  equals_ = duplicate_groups(problem);
  groups_ = spec.metric == "accuracy" ? std::vector<int>(problem.labels.size()) : problem.labels;
  for (std::size_t e = 0; e < spec.entries.size(); ++e) {
    const bool quantum = record(e).family == Family::quantum, entangled = quantum && is_entangled(e);
    (entangled ? quantum_ : others_).push_back(e);
    if (quantum && !entangled) unentangled_.push_back(e);
  }
}

const Contender& Contest::record(std::size_t entry) const { return spec_.entries[entry].contender(); }

bool Contest::is_entangled(std::size_t entry) const {
  std::map<std::string, bool> known;  // by settings: most splits share theirs
  std::size_t entangled = 0;
  for (const auto* trial : by_entry_[entry]) {
    std::string key;
    for (const auto& [name, value] : trial->settings) key += name + "=" + to_string(value) + ";";
    const auto [found, fresh] = known.emplace(key, false);
    if (fresh) {
      const auto width = input_width(spec_, prepared_columns_, spec_.entries[entry], trial->settings);
      const auto classes = static_cast<int>(problem_.classes.size());
      const auto cost = record(entry).circuit_cost(width, classes, trial->settings);
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
    chosen.push_back(
        *std::ranges::max_element(entries, {}, [&](std::size_t e) { return by_entry_[e][s]->validation; }));
  return chosen;
}

Readings Contest::collect(const std::function<Reading(std::size_t split)>& read) const {
  Readings scores{{}, Matrix<double>(problem_.labels.size(), static_cast<std::size_t>(design().repeats))};
  for (std::size_t s = 0; s < splits(); ++s) {
    const auto& trial = *by_entry_.front()[s];
    const auto [score, labels] = read(s);
    scores.by_fold.push_back(score);
    for (std::size_t i = 0; labels && i < trial.test_rows.size(); ++i)
      if (const auto row = trial.test_rows[i]; (*labels)[i] == problem_.labels[row])
        scores.right(row, static_cast<std::size_t>(trial.key.repeat)) = 1;
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

Readings Contest::floor() const {
  if (by_entry_.empty()) return {};
  Classes prediction;
  return collect([&](std::size_t s) {
    const auto& rows = by_entry_.front()[s]->test_rows;
    std::vector<int> truth;
    for (const auto row : rows) truth.push_back(problem_.labels[row]);
    prediction = majority_prediction(problem_, rows);
    const auto classes = static_cast<int>(problem_.classes.size());
    return Reading{score(prediction, truth, classes).at(spec_.metric), &prediction.labels};
  });
}

Read Contest::on_test_rows() const {
  return [this](const Trial& trial) {
    return Reading{trial.metrics.at(spec_.metric), &trial.prediction.labels};
  };
}

Matrix<double> Contest::row_weights() const {
  const bool alike = spec_.metric == "balanced-accuracy";
  if (spec_.protocol == Protocol::fixed || by_entry_.empty() || (!alike && spec_.metric != "accuracy"))
    return {};
  Matrix<double> weights(problem_.labels.size(), static_cast<std::size_t>(spec_.repeats));
  const auto classes = problem_.classes.size();
  for (const auto* trial : by_entry_.front()) {
    std::vector<double> counts(classes);
    for (const auto row : trial->test_rows) counts[static_cast<std::size_t>(problem_.labels[row])] += 1;
    const auto present = static_cast<double>(std::ranges::count_if(counts, [](double n) { return n > 0; }));
    for (const auto row : trial->test_rows) {
      const double of_class = counts[static_cast<std::size_t>(problem_.labels[row])];
      weights(row, static_cast<std::size_t>(trial->key.repeat)) =
          alike ? static_cast<double>(trial->test_rows.size()) / (present * of_class) : 1;
    }
  }
  return weights;
}

double counted_rows(std::string_view metric, const TabularProblem& problem) {
  const auto rows = static_cast<double>(problem.labels.size());
  if (metric == "accuracy") return rows;
  const auto counts = class_counts(problem);
  double inverse = 0;
  for (const auto count : counts) inverse += 1 / static_cast<double>(std::max<std::size_t>(count, 1));
  return static_cast<double>(counts.size() * counts.size()) / inverse;
}

Design Contest::design() const {
  return {.repeats = spec_.protocol == Protocol::fixed ? 1 : spec_.repeats,
          .rope = spec_.rope,
          .test_rows = counted_rows(spec_.metric, problem_) /
                       (spec_.protocol == Protocol::fixed ? 1 : spec_.outer_folds),
          .rows = problem_.labels.size(),
          .look = spec_.look};
}

void Contest::add(std::vector<Comparison>& comparisons, std::string_view name, const Readings& scores,
                  std::string_view against, const Readings& others, bool decides) const {
  if (scores.by_fold.empty() || others.by_fold.empty()) return;
  std::vector<double> differences(scores.by_fold.size());
  std::ranges::transform(scores.by_fold, others.by_fold, differences.begin(), std::minus<>());
  Spread spread;
  if (!weights_.empty()) {
    Matrix<double> right = scores.right;
    for (std::size_t i = 0; i < right.values().size(); ++i) right.values()[i] -= others.right.values()[i];
    spread = spread_of(right, weights_, groups_, equals_, differences);
  }
  comparisons.push_back(compare(std::string(name), std::string(against), spec_.metric, std::move(differences),
                                design(), spread));
  comparisons.back().decides = decides;
}

}  // namespace qupel
