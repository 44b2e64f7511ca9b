#pragma once
#include <optional>
#include <string>
#include <vector>

#include "qupel/record/run_store.h"

// What `qupel runs` prints for programs, and how two runs differ.
namespace qupel::cli {

struct RunComparison {
  struct Choice {
    std::string key, a, b;  ///< a key of the study file, or "code version", "data"; "" where a study lacks it
  };
  struct Score {
    std::string contender;
    std::optional<double> a, b;  ///< mean of the study's metric; nothing where the contender did not run
  };
  std::string run_a, run_b, verdict_a, verdict_b, metric_a, metric_b;
  bool same_results = false;    ///< all trials, bit for bit
  std::vector<Choice> choices;  ///< those that differ
  std::vector<Score> scores;    ///< every contender of either
};

RunComparison compare_runs(const RunInfo& a, const StudyResult& result_a, const RunInfo& b,
                           const StudyResult& result_b);

std::string to_text(const RunComparison& comparison);
std::string to_json(const RunComparison& comparison);

std::string runs_json(const std::string& root, const std::vector<RunInfo>& runs);
/// @param summary what `qupel run` printed for it, as JSON; "" for an unfinished run
std::string run_json(const RunInfo& run, const std::string& summary);

}  // namespace qupel::cli
