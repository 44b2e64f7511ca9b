#include "qupel/study/result.h"

#include <algorithm>

namespace qupel {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::quantum_better:
      return "quantum better";
    case Verdict::classical_better:
      return "classical better";
    case Verdict::equivalent:
      return "equivalent";
    case Verdict::no_advantage:
      return "no advantage";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

std::string_view verdict_text(const Comparison& comparison) {
  if (!comparison.quantum && comparison.verdict == Verdict::quantum_better) return "better";
  if (!comparison.quantum && comparison.verdict == Verdict::classical_better) return "worse";
  return to_string(comparison.verdict);
}

Metric metric_of_older_version(std::string_view name) {
  if (name == "log-loss") return {.name = "log-loss", .unit = {}, .higher_is_better = false};
  return {.name = std::string(name),
          .unit = {},
          .higher_is_better = name != "calibration-error",
          .high = 1,
          .share = true,
          .over_rows = name != "roc-auc",
          .read_as_number = name == "roc-auc"};
}

const std::vector<Metric>& metrics_of(const StudyResult& result) {
  static const std::vector<Metric> older{
      metric_of_older_version("accuracy"), metric_of_older_version("balanced-accuracy"),
      metric_of_older_version("roc-auc"), metric_of_older_version("log-loss"),
      metric_of_older_version("calibration-error")};
  return result.metrics.empty() ? older : result.metrics;
}

Metric metric_of(const StudyResult& result, std::string_view name) {
  const auto& all = metrics_of(result);
  if (const auto found = std::ranges::find(all, name, &Metric::name); found != all.end()) return *found;
  if (result.metrics.empty()) return metric_of_older_version(name);
  Metric unlisted;
  unlisted.name = name;
  return unlisted;
}

Metric metric_of(const StudyResult& result) { return metric_of(result, result.metric); }

}  // namespace qupel
