#include <fmt/format.h>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"

namespace qupel::report {
namespace {

std::string code(std::string_view text) { return element("code", "", escaped(text)); }

std::string identity(const StudyResult& result) {
  std::vector<std::vector<std::string>> rows{{"study, SHA-256", code(result.study_hash)},
                                             {"data, SHA-256", code(result.data_hash)},
                                             {"results, SHA-256", code(result.results_hash)},
                                             {"seed", code(std::to_string(result.seed))},
                                             {"Qupel", code(result.version)},
                                             {"threads", code(std::to_string(result.threads))},
                                             {"wall-clock", code(duration(result.seconds))}};
  for (const auto& [name, value] : result.environment)
    if (name != "version") rows.push_back({escaped(name), code(value)});
  return table("hashes, versions and machine", {"what", "value"}, rows, "identity");
}

}  // namespace

std::string replay_section(const StudyResult& result) {
  const auto run = result.run.empty() ? std::string("RUN") : result.run;
  const auto study = result.run.empty() ? std::string("study.toml") : result.run + "/study.toml";
  const auto commands = fmt::format(
      "qupel replay {}\n    runs it again and compares every trial bit for bit\n"
      "qupel run {}\n    the same study; after an edit, a new run\n"
      "qupel report {}\n    writes this page again\n",
      run, study, run);
  auto html = paragraph("lead",
                        "The same study on the same data gives the same bits, for any number of threads. All "
                        "times are measured and "
                        "stand outside the hashes.") +
              preformatted("commands", commands) + identity(result);
  if (!result.study_toml.empty())
    html += listing("The study file", preformatted("the study file", result.study_toml));
  return html;
}

}  // namespace qupel::report
