#include <algorithm>
#include <map>
#include <tuple>

#include "qupel/study/trial.h"

namespace qupel {
namespace {

/// Of the values chosen most often the middle one, of two the smaller.
double most_frequent(const std::vector<double>& values) {
  std::map<double, int> counts;
  for (const double value : values) ++counts[value];
  const auto most = std::ranges::max_element(counts, {}, &std::pair<const double, int>::second)->second;
  std::vector<double> candidates;
  for (const auto& [value, count] : counts)
    if (count == most) candidates.push_back(value);
  return candidates[(candidates.size() - 1) / 2];
}

Adjustment most_frequent_adjustment(const std::vector<const Trial*>& trials) {
  std::map<std::string, std::vector<double>> chosen;
  for (const auto* trial : trials)
    for (const auto& [name, value] : trial->adjustment) chosen[name].push_back(value);
  Adjustment adjustment;
  for (const auto& [name, values] : chosen) adjustment[name] = most_frequent(values);
  return adjustment;
}

}  // namespace

ChosenSettings most_frequent_settings(const std::vector<Trial>& trials, const Metric& metric) {
  const bool all_failed = std::ranges::none_of(trials, [](const Trial& t) { return t.failure.empty(); });
  std::map<Settings, std::vector<const Trial*>> by_settings;
  for (const auto& trial : trials)
    if (all_failed || trial.failure.empty()) by_settings[trial.settings].push_back(&trial);
  ChosenSettings best;
  std::tuple<std::size_t, double, std::ptrdiff_t> most;
  for (const auto& [settings, chosen_by] : by_settings) {
    double validation = 0;
    for (const auto* trial : chosen_by)
      validation += trial->validation / static_cast<double>(chosen_by.size());
    const std::tuple here(chosen_by.size(), metric.oriented(validation), trials.data() - chosen_by.front());
    if (std::get<0>(most) > 0 && here <= most) continue;
    most = here;
    best = {settings, validation, most_frequent_adjustment(chosen_by)};
  }
  return best;
}

}  // namespace qupel
