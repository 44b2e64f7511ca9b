#pragma once
#include <string>

#include "qupel/cli/console.h"
#include "qupel/problem/tabular/tabular.h"
#include "qupel/record/run_store.h"
#include "qupel/study/collection.h"
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

// What commands that compute have in common.
namespace qupel::cli {

struct SessionOptions {
  std::string out;  ///< folder of the runs; "": the default
  int threads = 0;  ///< 0: all cores
  bool json = false;
  std::string max_cost;  ///< that devices may take, as 500USD; "": no limit
};

/// A study before it runs.
struct StudyToRun {
  const StudySpec& spec;
  const Problem& problem;
};
/// Tells what the devices of all these studies would cost, if --max-cost was given. @throws InputError if
/// that is more, naming the way out; or without a device, or without shots
void stay_within_budget(const std::vector<StudyToRun>& studies, const SessionOptions& options,
                        const Console& console);

/// The store that --out names.
RunStore run_store(const std::string& out);

/// Tells what was read and what was done about it.
void say_data(const Problem& problem, const Console& console);

/// Runs the study to its end, or goes on with it, and writes its report.
/// @param progress stands before every line of progress
/// @throws Interrupted after telling how to go on
StudyResult run_to_result(const StudySpec& spec, const Problem& problem, const SessionOptions& options,
                          const Console& console, std::string_view progress = "");

/// The same, and prints the outcome.
void run_to_report(const StudySpec& spec, const Problem& problem, const SessionOptions& options,
                   const Console& console);

/// What a run ends with for people: what was found, then where report, study and replay are.
std::string outcome(const std::string& findings, const std::string& run);

/// Writes report.html into the result's run folder; its path.
std::string write_report(const StudyResult& result);
std::string write_report(const CollectionResult& result);

}  // namespace qupel::cli
