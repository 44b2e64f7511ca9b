#include "qupel/study/break_even.h"

#include <fmt/format.h>

#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/cli/command.h"
#include "qupel/cli/device_options.h"
#include "qupel/cli/session.h"
#include "qupel/record/run_store.h"
#include "qupel/report/break_even_chart.h"
#include "qupel/study/wording.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

struct BreakEvenOptions {
  std::string run, device, out;
  std::optional<std::string> mitigate;  ///< none: as in the run
  std::optional<std::size_t> shots;     ///< none: as in the run
  std::string chart;                    ///< a file; "": none
  int threads = 0;
  bool json = false;
};

json optional_number(const std::optional<double>& value) { return value ? json(*value) : json(nullptr); }

json points_json(const std::vector<BreakEvenPoint>& points) {
  json all = json::array();
  for (const auto& point : points)
    all.push_back({{"factor", point.factor},
                   {"two_qubit_error", point.two_qubit_error},
                   {"shots", point.shots},
                   {"difference", point.difference},
                   {"low", point.low},
                   {"high", point.high},
                   {"verdict", to_string(point.verdict)}});
  return all;
}

std::string as_json(const BreakEven& found) {
  const json object{{"schema_version", 1},
                    {"flips", found.flips},
                    {"device", found.device},
                    {"two_qubit_error", optional_number(found.two_qubit_error)},
                    {"shots", found.shots ? json(*found.shots) : json(nullptr)},
                    {"price_factor", optional_number(found.price_factor)},
                    {"speed_factor", optional_number(found.speed_factor)},
                    {"reason", found.reason},
                    {"points", points_json(found.points)},
                    {"shot_points", points_json(found.shot_points)}};
  return object.dump() + "\n";
}

std::string table_of(const std::vector<BreakEvenPoint>& points, const Metric& metric) {
  if (points.empty()) return "";
  auto text =
      fmt::format("\n{:>8}  {:>15}  {:>8}  {:>22}  verdict\n", "errors", "two-qubit error", "shots", "lead");
  for (const auto& point : points)
    text += fmt::format("{:>8.4g}  {:>15.3g}  {:>8}  {:>22}  {}\n", point.factor, point.two_qubit_error,
                        point.shots, lead_text(metric, point.difference), to_string(point.verdict));
  return text;
}

std::string as_text(const BreakEven& found, const Metric& metric) {
  auto text = fmt::format("{}\n", found.flips ? "a device flips it" : "no device flips it");
  text += found.reason + "\n";
  text += table_of(found.points, metric) + table_of(found.shot_points, metric);
  if (found.speed_factor)
    text +=
        fmt::format("\nto predict as fast as the best that is not quantum it must be {:.3g} times faster\n",
                    *found.speed_factor);
  if (found.price_factor)
    text += fmt::format("to predict as cheaply it must be {:.3g} times cheaper\n", *found.price_factor);
  return text;
}

/// Other shots or another mitigation than the run's: what it measured of its devices is then not what is
/// asked.
void change_conditions(const BreakEvenOptions& options, StudySpec& spec, StudyResult& result) {
  if (!options.mitigate && !options.shots) return;
  if (options.mitigate) spec.mitigate = names_of(*options.mitigate);
  if (options.shots) spec.shots = *options.shots;
  for (auto& contender : result.contenders) contender.devices.clear();
}

void run_break_even(const BreakEvenOptions& options, const Console& console) {
  const auto store = run_store(options.out);
  const auto run = store.find(options.run);
  auto result = store.result(run);
  auto spec = store.study(run);
  change_conditions(options, spec, result);
  auto devices = spec.devices;
  if (!options.device.empty()) devices = device_entries({options.device});
  if (devices.empty())
    throw InputError("--device is missing: the run names no device that could be better or worse");
  const auto problem = load_problem(spec);
  if (problem->facts().data_hash != run.data_hash)
    throw InputError(fmt::format("{} was changed after run {}; run the study again", run.source, run.id));
  ProgressLine progress;
  const auto found =
      break_even(spec, *problem, result, store.trials(run), devices.front(), options.threads, progress);
  const auto& metric = problem->metric(spec.metric);
  console.print(options.json ? as_json(found) : as_text(found, metric));
  if (!options.chart.empty()) write_file(options.chart, report::break_even_chart(found, metric));
}

}  // namespace

void add_break_even(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<BreakEvenOptions>();
  auto* command = app.add_subcommand("break-even", "which device would flip the verdict of a run?");
  command->add_option("RUN", options->run, "its name, the beginning of it, or its folder")
      ->type_name("")
      ->required();
  command
      ->add_option("--device", options->device,
                   "the device whose errors are scaled (default: the first one of the run)")
      ->type_name("NAME");
  command
      ->add_option("--mitigate", options->mitigate,
                   "error mitigation on these devices (default: that of the run)")
      ->type_name("LIST");
  command->add_option("--shots", options->shots, "of every circuit (default: those of the run)")
      ->type_name("N")
      ->transform(whole_number(1, 1'000'000));
  command
      ->add_option("--chart", options->chart,
                   "draws the leads over errors and shots into a file (SVG), if devices were tried")
      ->type_name("FILE");
  add_out(*command, options->out);
  add_threads(*command, options->threads);
  add_json(*command, options->json);
  command->footer("Example:\n  qupel break-even breast-cancer --device ibm-torino");
  command->callback([options, &chosen] {
    chosen = [options](const Console& console) { run_break_even(*options, console); };
  });
}

}  // namespace qupel::cli
