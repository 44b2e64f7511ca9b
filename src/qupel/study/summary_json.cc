#include <nlohmann/json.hpp>

#include "qupel/study/json_archive.h"
#include "qupel/study/result.h"
#include "qupel/study/summary.h"

// What programs read on standard output; cli/schema/result.json describes it.
namespace qupel {
namespace {

using json = nlohmann::ordered_json;  // a number that JSON lacks (NaN, infinity) becomes null
constexpr int summary_schema_version = 1;

json intervals(const std::map<std::string, Interval>& metrics) {
  json object = json::object();
  for (const auto& [name, x] : metrics) object[name] = {{"mean", x.mean}, {"low", x.low}, {"high", x.high}};
  return object;
}

template <typename T, typename F>
json array(const std::vector<T>& items, F write) {
  json all = json::array();
  for (const auto& item : items) all.push_back(write(item));
  return all;
}

json cost(const Cost& x) {
  return {{"amount", x.amount}, {"currency", x.currency}, {"vendor", x.vendor}, {"date", x.date}};
}

json optional_number(const std::optional<double>& x) { return x ? json(*x) : json(nullptr); }

/// @param ideal metrics of the contender on a perfect quantum computer
json device_reading(const DeviceReading& x, const std::map<std::string, Interval>& ideal) {
  const auto all = x.spent();
  return {{"device", x.device},
          {"ideal", intervals(ideal)},
          {"noisy", intervals(x.noisy)},
          {"mitigated", intervals(x.mitigated)},
          {"trained_there", intervals(x.trained)},
          {"depth", x.ledger.depth},
          {"depth_limit", x.depth_limit},
          {"effective_qubits", x.effective_qubits},
          {"chosen_circuit",
           {{"depth", x.resources.depth},
            {"two_qubit", x.resources.two_qubit},
            {"expected_fidelity", x.resources.expected_fidelity}}},
          {"circuits", all.hardware_circuits},
          {"shots", all.shots},
          {"qpu_seconds", all.device_seconds},
          {"cost", cost({x.money, x.currency, x.vendor, {}, x.price_date})},
          {"bias", x.bias},
          {"squared_error", optional_number(x.squared_error)},
          {"mitigated_squared_error", optional_number(x.mitigated_squared_error)},
          {"mitigation_harms", x.mitigation_harms()},
          {"verdict", to_string(x.verdict)}};
}

json contender(const ContenderResult& x) {
  json devices = json::array();
  for (const auto& reading : x.devices) devices.push_back(device_reading(reading, x.metrics));
  json object{{"name", x.name},
              {"contender", x.contender},
              {"family", to_string(x.family)},
              {"inputs", x.inputs == Inputs::all ? "all" : "reduced"},
              {"status", x.status},
              {"metrics", intervals(x.metrics)},
              {"shot_metrics", intervals(x.shot_metrics)},
              {"scores", x.scores},
              {"entangled", x.entangled},
              {"seed_spread", x.seed_spread},
              {"circuits", x.ledger.circuits},
              {"hardware_circuits", x.ledger.hardware_circuits},
              {"shots", x.ledger.shots},
              {"qubits", x.qubits},
              {"depth", x.circuit_cost.depth},
              {"parameters", x.parameters},
              {"evaluations", x.ledger.circuits + x.ledger.gradients},
              {"devices", devices},
              {"seconds", x.seconds}};
  if (!x.solution.empty()) object["solution"] = json::parse(x.solution);
  return object;
}

json device_verdict(const StudyResult& result, const DeviceVerdict& x) {
  return {{"device", x.device},
          {"vendor", x.vendor},
          {"date", x.date},
          {"cost", cost(cost_on(result, x.device))},
          {"verdict", to_string(x.verdict)},
          {"comparisons", array(x.comparisons, comparison_summary<json>)},
          {"repairs", x.repairs}};
}

json side(const Side& x) {
  return {{"name", x.name},
          {"score", x.score.mean},
          {"low", x.score.low},
          {"high", x.score.high},
          {"chosen", x.chosen}};
}

json lead(const LeadAtSize& x) {
  return {
      {"share", x.share}, {"rows", x.rows}, {"difference", x.difference}, {"low", x.low}, {"high", x.high}};
}

json integrity_check(const Check& x) {
  return {{"code", x.code}, {"severity", to_string(x.severity)}, {"message", x.message}};
}

json finding(const Finding& x) {
  return {{"level", x.level == Finding::Level::info ? "info" : "warning"},
          {"column", x.column},
          {"message", x.message}};
}

json metric_figures(const Metric& x) {
  return {{"name", x.name},
          {"unit", x.unit},
          {"higher_is_better", x.higher_is_better},
          {"share", x.share},
          {"spread", x.spread}};
}

/// Binding energies of two fragments, by contender; empty unless that was asked for.
json binding_energies(const StudyResult& result) {
  json energies = json::object();
  for (const auto& c : result.contenders)
    if (const auto found = c.metrics.find("binding-kcal"); found != c.metrics.end())
      energies[c.name] = found->second.mean;
  return energies;
}

json data(const StudyResult& result) {
  return {{"source", result.source},
          {"target", result.target},
          {"rows", result.rows},
          {"rows_read", result.rows_read},
          {"columns", result.columns},
          {"classes", result.classes.size()},
          {"labels", result.classes},
          {"label_counts", result.class_counts},
          {"findings", array(result.findings, finding)}};
}

}  // namespace

std::string summary_json(const StudyResult& result, std::optional<bool> replayed) {
  json object{{"schema_version", summary_schema_version},
              {"run", result.run},
              {"report", result.run + "/report.html"},
              {"name", result.name},
              {"study_hash", result.study_hash},
              {"data_hash", result.data_hash},
              {"results_hash", result.results_hash},
              {"version", result.version},
              {"seed", result.seed}};
  if (replayed) object["replayed"] = *replayed;
  if (!result.problem_description.empty()) object["problem"] = json::parse(result.problem_description);
  if (auto energies = binding_energies(result); !energies.empty())
    object["binding_kcal"] = std::move(energies);
  if (!result.left_out.empty()) object["left_out"] = result.left_out;
  object.update(
      {{"verdict", to_string(result.verdict)},
       {"headline", result.headline},
       {"reason", result.reason},
       {"plan",
        {{"smallest_lead", result.plan.smallest_lead},
         {"rows", result.plan.rows},
         {"splits", result.plan.splits}}},
       {"look", result.look},
       {"task", result.task},
       {"metric", result.metric},
       {"metrics", array(result.metrics, metric_figures)},
       {"rope", result.rope},
       {"protocol", result.protocol},
       {"best_quantum", result.best_quantum},
       {"best_classical", result.best_classical},
       {"contenders", array(result.contenders, contender)},
       {"comparisons", array(result.comparisons, comparison_summary<json>)},
       {"ideal_verdict", to_string(result.ideal_verdict)},
       {"devices", array(result.devices, [&](const DeviceVerdict& x) { return device_verdict(result, x); })},
       {"with_shots", array(result.with_shots, comparison_summary<json>)},
       {"sides", array(result.sides, side)},
       {"lead_by_rows", array(result.lead_by_rows, lead)},
       {"verdicts_by_seed",
        array(result.verdicts_by_seed, [](Verdict v) { return std::string(to_string(v)); })},
       {"gates", array(result.checks, integrity_check)},
       {"data", data(result)},
       {"seconds", result.seconds},
       {"threads", result.threads}});
  return object.dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace qupel
