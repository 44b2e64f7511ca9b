#include "qupel/cli/session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/contenders/contenders.h"
#include "qupel/problem/wording.h"
#include "qupel/record/environment.h"
#include "qupel/record/run_store.h"
#include "qupel/report/report.h"
#include "qupel/study/plan.h"
#include "qupel/study/rehearsal.h"
#include "qupel/study/runner.h"
#include "qupel/study/wording.h"

namespace qupel::cli {
namespace {

/// What is asked for: rows by class, or the range of the numbers.
std::string target_text(const Facts& facts) {
  if (!facts.target_range.empty())
    return fmt::format("{} from {:g} to {:g}", facts.target, facts.target_range[0], facts.target_range[1]);
  if (facts.classes.empty()) return facts.target;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < facts.classes.size(); ++i)
    texts.push_back(fmt::format("{}: {}", facts.classes[i], facts.class_counts[i]));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string lead_size(const Metric& metric, double lead) {
  return metric.share ? fmt::format("{:.0f} points", 100 * lead)
                      : fmt::format("{} of {}", size_text(metric, lead), metric.name);
}

void say_study(const StudySpec& spec, const Problem& problem, const Run& run, std::size_t total,
               const Console& console) {
  console.say(fmt::format(
      "study: {} ({}), {} on {}, {} tried by each; run {}", counted(problem.rows(), problem.row_noun()),
      target_text(problem.facts()), counted(spec.entries.size(), "contender"),
      counted(total / spec.entries.size(), "split"),
      counted(static_cast<std::size_t>(spec.configurations), "configuration"), run.directory().string()));
  const auto plan = planned_power(spec, problem, quantum_entries(spec));
  if (spec.protocol == Protocol::nested)
    console.say(fmt::format(
        "this study could show a lead of {} or more (found in 4 of 5 such studies){}",
        lead_size(problem.metric(spec.metric), plan.smallest_lead),
        spec.look > 1 ? fmt::format("; look {} at these rows is judged more strictly", spec.look) : ""));
  if (const auto done = run.trials_done(); done > 0 && done < total)
    console.say(fmt::format("resumed: {} of {} trials are done", done, total));
}

/// A study that ran under another version runs anew: says so, since nothing else changed.
void say_if_rebuilt(const RunStore& store, const Run& run, const std::string& hash, const Console& console) {
  if (run.trials_done() > 0) return;
  for (const auto& other : store.list())
    if (other.study_hash == hash && other.version != code_version())
      return console.say(
          fmt::format("note: {} ran this study under version {}; under this one, {}, it is a new run",
                      other.id, other.version, code_version()));
}

/// The study without what a continued look changes.
StudySpec same_question(StudySpec spec) {
  spec.name = spec.file = "";
  spec.repeats = spec.look = 1;
  return spec;
}

/// More repeats after a look at the same rows are a continued look: says so where the study does not.
void say_if_looked_before(const RunStore& store, const StudySpec& spec, const Problem& problem,
                          const Console& console) {
  for (const auto& other : store.list()) {
    if (other.data_hash != problem.facts().data_hash || other.verdict.empty() || !other.members.empty())
      continue;
    const auto earlier = store.study(other);
    if (earlier.repeats < spec.repeats && earlier.look >= spec.look &&
        same_question(earlier) == same_question(spec))
      return console.say(fmt::format(
          "warning: {} looked at these rows with {} and said \"{}\"; to look again with more keeps its error "
          "rate only as a continued look: set look = {} under [protocol]",
          other.id, counted(static_cast<std::size_t>(earlier.repeats), "repeat"), other.verdict,
          earlier.look + 1));
  }
}

StudyResult run_trials(const StudySpec& spec, const Problem& problem, Run& run, std::size_t total,
                       const SessionOptions& options, const Console& console, std::string_view what) {
  try {
    ProgressLine progress(what);
    return run_study(spec, problem, run, options.threads, progress);
  } catch (const Interrupted&) {
    console.say(fmt::format("{} of {} trials are kept in {}; the same command goes on:\n  {}",
                            run.trials_done(), total, run.directory().string(), console.command_line()));
    throw;
  }
}

std::string write_page(const std::filesystem::path& run, const std::string& html) {
  const auto file = run / "report.html";
  write_file(file, html);
  return file.string();
}

}  // namespace

std::string outcome(const std::string& findings, const std::string& run) {
  return fmt::format(
      "{0}\nreport  {1}/report.html\nstudy   {1}/study.toml (edit it and run it: qupel run)\nreplay  qupel "
      "replay {1}\n",
      findings, run);
}

RunStore run_store(const std::string& out) {
  return RunStore(out.empty() ? default_root() : std::filesystem::path(out), contenders());
}

void say_data(const Problem& problem, const Console& console) {
  constexpr std::size_t enough = 12;
  const auto& facts = problem.facts();
  if (!facts.summary.empty())
    console.say(fmt::format("read {}: {}", facts.source, facts.summary));
  else
    console.say(fmt::format(
        "read {}: {}, {}, target \"{}\" {}", facts.source, counted(facts.rows_read, "row"),
        counted(facts.columns, "column"), facts.target,
        facts.target_range.empty() ? fmt::format("with {} classes", facts.classes.size()) : "of numbers"));
  const auto& findings = facts.findings;
  const auto about_target = std::ranges::count(findings, facts.target, &Finding::column);  // the first ones
  const auto most = std::max(enough, static_cast<std::size_t>(about_target));
  for (std::size_t i = 0; i < std::min(most, findings.size()); ++i) {
    const auto& finding = findings[i];
    console.say(fmt::format("  {}{}{}{}", finding.level == Finding::Level::warning ? "warning: " : "",
                            finding.column, finding.column.empty() ? "" : ": ", finding.message));
  }
  if (findings.size() > most)
    console.say(fmt::format("  and {} more, see the report", findings.size() - most));
}

std::string write_report(const StudyResult& result) { return write_page(result.run, html_report(result)); }

std::string write_report(const CollectionResult& result) {
  return write_page(result.run, html_report(result));
}

void stay_within_budget(const std::vector<StudyToRun>& studies, const SessionOptions& options,
                        const Console& console) {
  if (options.max_cost.empty()) return;
  const auto budget = parse_money(options.max_cost);
  std::vector<DeviceNeed> needs;
  for (const auto& [spec, problem] : studies) {
    if (spec.devices.empty())
      throw InputError("--max-cost needs a device: on this computer nothing is paid for");
    if (spec.shots == 0)
      throw InputError("--max-cost without shots: devices sell shots, not exact values; ask for some");
    for (auto& need : rehearse(spec, problem)) needs.push_back(std::move(need));
  }
  require_affordable(studies.front().spec, needs, budget);
  double total = 0;
  for (const auto& need : needs) total += need.cost.amount;
  console.say(fmt::format("on the devices this would cost about {:.2f} of {:.2f} {}", total, budget.amount,
                          budget.currency));
}

StudyResult run_to_result(const StudySpec& spec, const Problem& problem, const SessionOptions& options,
                          const Console& console, std::string_view progress) {
  const auto total = problem.splits(splitting_of(spec)).size() * spec.entries.size();
  auto store = run_store(options.out);
  const auto run = store.open(spec, problem, static_cast<int>(total));
  say_study(spec, problem, *run, total, console);
  say_if_rebuilt(store, *run, study_hash(spec, problem.facts().data_hash), console);
  say_if_looked_before(store, spec, problem, console);
  auto result = run->finish(run_trials(spec, problem, *run, total, options, console, progress));
  write_report(result);
  return result;
}

void run_to_report(const StudySpec& spec, const Problem& problem, const SessionOptions& options,
                   const Console& console) {
  const auto result = run_to_result(spec, problem, options, console);
  console.print(options.json ? summary_json(result) + "\n"
                             : outcome(text_report(result, console.width(), console.colour()), result.run));
}

}  // namespace qupel::cli
