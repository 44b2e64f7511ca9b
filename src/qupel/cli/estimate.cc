#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/circuit/final_measurements.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/cli/command.h"
#include "qupel/cli/device_options.h"
#include "qupel/cli/session.h"
#include "qupel/cli/signals.h"
#include "qupel/compile/limits.h"
#include "qupel/contenders/contenders.h"
#include "qupel/device/price.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/placement.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/study/entries.h"
#include "qupel/study/inputs.h"
#include "qupel/study/ownership.h"
#include "qupel/study/rehearsal.h"

// What a circuit or a study would take of a device, before anything runs.
namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

struct EstimateOptions {
  std::string what, observable;
  OnDeviceOptions on;
  std::size_t shots = 1000;
  std::string max_cost, out;
  Demand demand;
  bool json = false;
};

/// One circuit, as often as it would run.
struct Need {
  Placement placement;
  long long circuits = 0;  ///< with error mitigation
  double here_seconds = 0, device_seconds = 0;
  Cost cost;
};

struct Totals {
  long qubits = 0, two_qubit = 0, depth = 0, depth_limit = 0;
  int effective_qubits = 0;
  double expected_fidelity = 1;
  long long circuits = 0, shots = 0;
  double qpu_seconds = 0, here_seconds = 0;
  Cost cost;
  std::string bottleneck;
};

class Estimator {
 public:
  Estimator(const EstimateOptions& options, const Console& console)
      : options_(options),
        device_(device_of(options.on.device, console)),
        mitigation_(mitigation(names_of(options.on.mitigate))) {}

  Totals circuit() {
    const auto program = read_qasm_file(options_.what);
    const auto body = split_final_measurements(program.circuit).body;
    add(body, observable_of(body));
    return totals();
  }

  /// What one shot of each circuit costs: nothing is had for less.
  double least_cost() const {
    double sum = 0;
    for (const auto& need : needs_) sum += need.placement.charge(1, need.circuits).amount;
    return sum;
  }

  Totals study() {
    auto spec = parse_study(read_file(options_.what), options_.what, contenders());
    spec.shots = options_.shots;
    spec.devices = device_entries({options_.on.device});
    spec.mitigate = names_of(options_.on.mitigate);
    const auto problem = load_problem(spec);
    for (const auto& need : rehearse(spec, *problem)) {
      const auto& entry = *std::ranges::find(spec.entries, need.contender, &Entry::name);
      const auto circuit = circuit_of(spec, *problem, entry, default_settings(entry));
      add(circuit_of_an_answer(entry.contender(), circuit.page.qasm), need);
    }
    if (needs_.empty())
      throw InputError(fmt::format("{}: no contender of this study runs circuits", options_.what));
    return totals();
  }

 private:
  std::vector<Observable> observable_of(const Circuit& circuit) const {
    if (!options_.observable.empty()) return {parse_observable(options_.observable)};
    std::vector<Observable> all;
    for (int q = 0; q < circuit.qubits(); ++q) all.push_back(Observable::z(q));
    return all;
  }

  /// A contender's circuit as often as a study needs it.
  void add(const Circuit& circuit, const DeviceNeed& need) {
    const auto each = std::max(1LL, forecast(circuit, {Observable::z(0)}).circuits);
    const auto all = forecast(circuit, {Observable::z(0)}, static_cast<std::size_t>(need.circuits / each));
    needs_.push_back({placed(circuit, device_), need.circuits, all.seconds, need.seconds, need.cost});
  }

  /// A rehearsal compiles every circuit that a mitigation runs, so folded ones are charged with all their
  /// gates.
  void add(const Circuit& circuit, std::vector<Observable> observables) {
    const auto once = forecast(circuit, observables);
    auto execution = on_device();
    execution.rehearsal = true;
    Executor rehearsal(execution);
    const auto prepared = rehearsal.prepare(circuit, std::move(observables));
    rehearsal.expectations(prepared, Matrix<double>(1, 0), {});
    const auto& taken = rehearsal.ledger();
    auto placement = placed(circuit, device_);
    auto price = placement.charge(options_.shots, 1);
    price.amount = taken.money;
    needs_.push_back({std::move(placement), taken.hardware_circuits, once.seconds, taken.device_seconds,
                      std::move(price)});
  }

  Execution on_device() const {
    return {.device = device_,
            .shots = options_.shots,
            .mitigation = mitigation_.get(),
            .precision = Precision::double_};
  }

  CostForecast forecast(const Circuit& circuit, std::vector<Observable> observables,
                        std::size_t samples = 1) {
    Executor executor(on_device());
    const auto prepared = executor.prepare(circuit, std::move(observables));
    return executor.forecast_expectations(prepared, samples);
  }

  Totals totals() const {
    Totals all;
    all.depth_limit = std::numeric_limits<long>::max();
    all.effective_qubits = effective_qubits(*device_);
    for (const auto& need : needs_) {
      const auto& resources = need.placement.resources;
      const double limit = depth_limit(*device_, std::max(1, resources.qubits));
      all.qubits = std::max<long>(all.qubits, resources.qubits);
      all.two_qubit = std::max(all.two_qubit, resources.two_qubit);
      all.depth = std::max(all.depth, resources.depth);
      if (std::isfinite(limit)) all.depth_limit = std::min(all.depth_limit, std::lround(limit));
      all.expected_fidelity = std::min(all.expected_fidelity, resources.expected_fidelity);
      all.circuits += need.circuits;
      all.shots += need.circuits * static_cast<long long>(options_.shots);
      all.here_seconds += need.here_seconds;
      all.qpu_seconds += need.device_seconds;
      const double before = all.cost.amount;
      all.cost = need.cost;
      all.cost.amount += before;
    }
    if (all.depth_limit == std::numeric_limits<long>::max()) all.depth_limit = 0;
    all.bottleneck = bottleneck(all);
    return all;
  }

  /// What would have to be better first.
  static std::string bottleneck(const Totals& all) {
    if (all.expected_fidelity < std::exp(-1))
      return "errors: less than 1/e of an ideal expectation value is left";
    if (all.depth_limit > 0 && all.depth > all.depth_limit)
      return "depth: the circuit is deeper than the device goes";
    constexpr double day = 86400, much = 1000;
    if (all.qpu_seconds > day) return "time on the device";
    if (all.cost.amount > much) return "money";
    if (!std::isfinite(all.here_seconds)) return "none: it would run there; this computer cannot simulate it";
    if (all.here_seconds > all.qpu_seconds) return "time on this computer, if it is simulated";
    return "none: it would run";
  }

  const EstimateOptions& options_;
  std::shared_ptr<const Device> device_;
  std::unique_ptr<Mitigation> mitigation_;
  std::vector<Need> needs_;
};

json cost_json(const Cost& cost) {
  return {{"amount", cost.amount},
          {"currency", cost.currency},
          {"vendor", cost.vendor},
          {"plan", cost.plan},
          {"date", cost.date}};
}

std::string as_json(const Totals& all) {
  const json object{
      {"schema_version", 1},
      {"qubits", all.qubits},
      {"two_qubit", all.two_qubit},
      {"depth", all.depth},
      {"depth_limit", all.depth_limit},
      {"effective_qubits", all.effective_qubits},
      {"expected_fidelity", all.expected_fidelity},
      {"circuits", all.circuits},
      {"shots", all.shots},
      {"qpu_seconds", all.qpu_seconds},
      {"cost", cost_json(all.cost)},
      {"here_seconds", std::isfinite(all.here_seconds) ? json(all.here_seconds) : json(nullptr)},
      {"bottleneck", all.bottleneck}};
  return object.dump() + "\n";
}

std::string as_json(const std::vector<Ownership>& all, const Demand& demand) {
  json rows = json::array();
  for (const auto& each : all)
    rows.push_back({{"contender", each.contender},
                    {"family", to_string(each.family)},
                    {"machine", each.machine},
                    {"trained_there", each.trained_there},
                    {"training", cost_json(each.training)},
                    {"thousand_answers", cost_json(each.thousand_answers)},
                    {"total", cost_json(each.total)}});
  return json{{"schema_version", 1},
              {"answers_a_day", demand.answers_a_day},
              {"days", demand.days},
              {"ownership", std::move(rows)}}
             .dump() +
         "\n";
}

std::string as_text(const std::vector<Ownership>& all, const Demand& demand) {
  const auto money = [](const Cost& cost) { return fmt::format("{:.4g} {}", cost.amount, cost.currency); };
  auto text = fmt::format(
      "trained once, then {:g} answers a day for {:g} days\n\n{:<28} {:<34} {:>14} {:>16} {:>16}\n",
      demand.answers_a_day, demand.days, "contender", "machine", "training", "1000 answers", "in all");
  for (const auto& each : all)
    text += fmt::format("{:<28} {:<34} {:>14} {:>16} {:>16}\n", each.contender,
                        each.machine + (each.trained_there ? ", trained there" : ""), money(each.training),
                        money(each.thousand_answers), money(each.total));
  return text + "\nGPUs are charged for the seconds measured here, the most they could take\n";
}

/// Of a finished run: what its models cost to own.
void estimate_ownership(const EstimateOptions& options, const Console& console) {
  const auto store = run_store(options.out);
  const auto all = ownership(store.result(store.find(options.what)), options.demand);
  console.print(options.json ? as_json(all, options.demand) : as_text(all, options.demand));
}

std::string as_text(const Totals& all) {
  auto text = fmt::format(
      "qubits      {}, of {} that count on this device\ntwo-qubit   {}\ndepth       {} of {}\nfidelity    {:.3g} "
      "expected\ncircuits    {}\nshots       {}\ndevice      {}\nhere        {}\n",
      all.qubits, all.effective_qubits, all.two_qubit, all.depth,
      all.depth_limit > 0 ? fmt::format("{}", all.depth_limit) : "any", all.expected_fidelity, all.circuits,
      all.shots, duration(all.qpu_seconds),
      std::isfinite(all.here_seconds) ? duration(all.here_seconds)
                                      : "no engine of this computer can simulate it");
  if (!all.cost.currency.empty())
    text += fmt::format("price       {:.2f} {} ({}, {})\n", all.cost.amount, all.cost.currency,
                        all.cost.vendor, all.cost.date);
  return text + fmt::format("bottleneck  {}\n", all.bottleneck);
}

/// Whether it names a run, and no circuit or study: those are files.
bool is_run(const std::string& what) {
  const std::filesystem::path path(what);
  return path.extension() != ".toml" && path.extension() != ".qasm" &&
         !std::filesystem::is_regular_file(path);
}

void estimate(const EstimateOptions& options, const Console& console) {
  end_at_first_signal();  // there is nothing to keep
  if (is_run(options.what) && options.on.device.empty()) return estimate_ownership(options, console);
  if (options.on.device.empty()) throw InputError("estimate needs --device: what it would run on");
  std::optional<Money> budget;
  if (!options.max_cost.empty()) budget = parse_money(options.max_cost);
  Estimator estimator(options, console);
  const auto all =
      std::filesystem::path(options.what).extension() == ".toml" ? estimator.study() : estimator.circuit();
  console.print(options.json ? as_json(all) : as_text(all));
  if (!budget) return;
  if (all.cost.currency.empty())
    throw InputError(fmt::format("--max-cost: no price of {} is known", options.on.device));
  if (affordable(all.cost, *budget)) return;
  auto why = fmt::format("--max-cost: this would cost {:.2f} {}, more than {:.6g} {}", all.cost.amount,
                         all.cost.currency, budget->amount, budget->currency);
  if (const double least = estimator.least_cost(); least > budget->amount)
    why += fmt::format("; one shot of each circuit costs {:.2f} {} already", least, all.cost.currency);
  throw InputError(why);
}

}  // namespace

void add_estimate(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<EstimateOptions>();
  auto* command = app.add_subcommand(
      "estimate", "what a circuit or a study would take of a device, and what owning a run's models costs");
  command
      ->add_option(
          "WHAT", options->what,
          "a circuit in OpenQASM, or a study file (what answering its test rows takes, models being "
          "trained on this computer), or without --device a finished run (what owning its models costs)")
      ->type_name("")
      ->required();
  add_device(*command, options->on);
  command->add_option("--observable", options->observable, "of the circuit (default: Z on every qubit)")
      ->type_name("SUM");
  command->add_option("--shots", options->shots, "of every circuit (default: 1000)")
      ->type_name("N")
      ->transform(whole_number(1, 1'000'000'000));
  add_max_cost(*command, options->max_cost);
  command
      ->add_option("--answers-a-day", options->demand.answers_a_day,
                   "of a run: rows that its model answers every day (default: 1000)")
      ->type_name("N")
      ->check(CLI::Range(0.0, 1e15));
  command->add_option("--days", options->demand.days, "of a run: for so many days (default: 365)")
      ->type_name("N")
      ->check(CLI::Range(0.0, 1e6));
  add_out(*command, options->out);
  add_json(*command, options->json);
  command->footer(
      "Examples:\n  qupel estimate study.toml --device ibm-torino --mitigate zne\n"
      "  qupel estimate breast-cancer --answers-a-day 20000 --days 730");
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { estimate(*options, console); }; });
}

}  // namespace qupel::cli
