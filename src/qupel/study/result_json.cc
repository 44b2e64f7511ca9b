#include <nlohmann/json.hpp>

#include "qupel/study/json_archive.h"
#include "qupel/study/result.h"

// Trials and results as JSON and back: what each structure holds.
namespace qupel {

// `archive.seconds` marks what is measured and never replays.

template <typename A>
void fields(A& archive, Interval& x) {
  archive("mean", x.mean)("low", x.low)("high", x.high);
}
template <typename A>
void fields(A& archive, Classes& x) {
  archive("labels", x.labels)("probabilities", x.probabilities);
}
template <typename A>
void fields(A& archive, Numbers& x) {
  archive("values", x.values)("half_width", x.half_width);
}
template <typename A>
void fields(A& archive, Energy& x) {
  archive("value", x.value);
}
template <typename A>
void fields(A& archive, Assignment& x) {
  archive("values", x.values).newer("tried", x.tried).newer("tries", x.tries);
}
template <typename A, typename Kind>
void answer_fields(A& archive, const std::string& kind, Answer& x) {
  if (kind != to_string(Answer(Kind{}))) return;
  if (!std::holds_alternative<Kind>(x)) x = Kind{};
  fields(archive, std::get<Kind>(x));
}
template <typename A>
void fields(A& archive, Answer& x) {
  std::string kind(to_string(x));
  archive("kind", kind);
  answer_fields<A, Classes>(archive, kind, x);
  answer_fields<A, Numbers>(archive, kind, x);
  answer_fields<A, Energy>(archive, kind, x);
  answer_fields<A, Assignment>(archive, kind, x);
}
template <typename A>
void fields(A& archive, Evaluation& x) {
  archive("answer", x.answer)("metrics", x.metrics);
  archive.unless(Ledger{}, "ledger", x.ledger);
}
template <typename A>
void fields(A& archive, FitInfo& x) {
  archive("converged", x.converged)("reason", x.reason)("steps", x.steps)("losses", x.losses)("parameters",
                                                                                              x.parameters);
}
template <typename A>
void fields(A& archive, Ledger& x) {
  archive.newer("hardware_circuits", x.hardware_circuits);
  archive("circuits", x.circuits)("gradients", x.gradients)("shots", x.shots)(
      "one_qubit_gates", x.one_qubit_gates)("two_qubit_gates", x.two_qubit_gates)("depth", x.depth)("qubits",
                                                                                                    x.qubits);
  archive.unless(0LL, "mitigation_circuits", x.mitigation_circuits);
  archive.seconds("seconds", x.seconds);
  archive.seconds("device_seconds", x.device_seconds);
  archive.seconds("money", x.money);
}
template <typename A>
void fields(A& archive, TrialKey& x) {
  archive("entry", x.entry)("repeat", x.repeat)("fold", x.fold)("problem", x.problem)("execution",
                                                                                      x.execution);
}
template <typename A>
void fields(A& archive, Refit& x) {
  archive("score", x.score)("answer", x.answer);
}
template <typename A>
void fields(A& archive, Trial& x) {
  archive("key", x.key)("settings", x.settings)("validation", x.validation)("validations", x.validations)(
      "test_rows", x.test_rows)("evaluations", x.evaluations)("train_score", x.train_score)("fit", x.fit)(
      "failure", x.failure)("unconverged", x.unconverged)("fits", x.fits)(
      "failed_in_tuning", x.failed_in_tuning)("adjustment", x.adjustment)("smaller", x.smaller)(
      "reseeded", x.reseeded)("ledger", x.ledger);
  archive.unless(std::string(), "failure_in_tuning", x.failure_in_tuning).unless(0, "timed_out", x.timed_out);
  archive.seconds("predict_seconds", x.predict_seconds);
  archive.seconds("fit_seconds", x.fit_seconds);
  archive.seconds("seconds", x.seconds);
}
template <typename A>
void fields(A& archive, Finding& x) {
  archive("level", x.level)("column", x.column)("message", x.message);
}
template <typename A>
void fields(A& archive, Column& x) {  // without its cells
  archive("name", x.name)("type", x.type)("levels", x.levels)("missing", x.missing)("used", x.used);
}
template <typename A>
void fields(A& archive, EncodingGrowth& x) {
  archive("encoding", x.encoding)("features", x.features)("qubits", x.qubits)("two_qubit", x.two_qubit)(
      "depth", x.depth)("gates", x.gates);
}
template <typename A>
void fields(A& archive, CircuitCost& x) {
  archive("qubits", x.qubits)("gates", x.gates)("one_qubit", x.one_qubit)("two_qubit", x.two_qubit)(
      "larger", x.larger)("depth", x.depth)("two_qubit_depth", x.two_qubit_depth);
}
template <typename A>
void fields(A& archive, PlannedPower& x) {
  archive("smallest_lead", x.smallest_lead)("rows", x.rows)("splits", x.splits);
}
template <typename A>
void fields(A& archive, CircuitTraining& x) {
  archive("adam_window", x.adam_window)("adam_steps", x.adam_steps)("lbfgs_steps", x.lbfgs_steps)(
      "gradient_tolerance", x.gradient_tolerance)("relative_tolerance", x.relative_tolerance);
}
template <typename A>
void fields(A& archive, Side& x) {
  archive("name", x.name)("score", x.score)("scores", x.scores)("chosen", x.chosen);
}
template <typename A>
void fields(A& archive, LeadAtSize& x) {
  archive("share", x.share)("rows", x.rows)("difference", x.difference)("low", x.low)("high", x.high);
}
template <typename A>
void fields(A& archive, Resources& x) {
  archive("one_qubit", x.one_qubit)("two_qubit", x.two_qubit)("depth", x.depth)(
      "two_qubit_depth", x.two_qubit_depth)("duration", x.duration)("expected_fidelity", x.expected_fidelity)(
      "qubits", x.qubits);
}
template <typename A>
void fields(A& archive, TimelineOperation& x) {
  archive("name", x.name)("qubits", x.qubits)("start", x.start)("duration", x.duration);
}
template <typename A>
void fields(A& archive, Timeline& x) {
  archive("operations", x.operations)("layout", x.layout)("left_out", x.left_out);
}
template <typename A>
void fields(A& archive, MappedCoupling& x) {
  archive("first", x.first)("second", x.second)("error", x.error)("dead", x.dead);
}
template <typename A>
void fields(A& archive, DeviceMap& x) {
  archive("readout_errors", x.readout_errors)("dead", x.dead)("couplings", x.couplings);
}
template <typename A>
void fields(A& archive, DeviceReading& x) {
  archive.newer("squared_error", x.squared_error)
      .newer("mitigated_squared_error", x.mitigated_squared_error)
      .newer("trained_ledger", x.trained_ledger);
  archive("device", x.device)("noisy", x.noisy)("mitigated", x.mitigated)("trained", x.trained)(
      "bias", x.bias)("ledger", x.ledger)("mitigation_ledger", x.mitigation_ledger)("resources", x.resources)(
      "depth_limit", x.depth_limit)("effective_qubits", x.effective_qubits)("money", x.money)(
      "currency", x.currency)("vendor", x.vendor)("price_date", x.price_date)("verdict", x.verdict);
  archive.newer("timeline", x.timeline);
}
template <typename A>
void fields(A& archive, DeviceVerdict& x) {
  archive("device", x.device)("vendor", x.vendor)("date", x.date)("repairs", x.repairs)(
      "comparisons", x.comparisons)("verdict", x.verdict);
  archive.newer("map", x.map);
}
template <typename A>
void fields(A& archive, Series& x) {
  archive("name", x.name)("points", x.points)("line", x.line);
}
template <typename A>
void fields(A& archive, Plot& x) {
  archive("title", x.title)("x_label", x.x_label)("y_label", x.y_label)("series", x.series)(
      "logarithmic_x", x.logarithmic_x)("logarithmic_y", x.logarithmic_y);
}
template <typename A>
void fields(A& archive, NetworkDrawing::Node& x) {
  archive("label", x.label)("x", x.x)("y", x.y)("group", x.group);
}
template <typename A>
void fields(A& archive, NetworkDrawing::Edge& x) {
  archive("from", x.from)("to", x.to)("strong", x.strong);
}
template <typename A>
void fields(A& archive, NetworkDrawing& x) {
  archive("title", x.title)("nodes", x.nodes)("edges", x.edges);
}
template <typename A>
void fields(A& archive, ContenderResult& x) {
  archive("name", x.name)("contender", x.contender)("summary", x.summary)("family", x.family)(
      "inputs", x.inputs)("status", x.status)("metrics", x.metrics)("shot_metrics", x.shot_metrics)(
      "scores", x.scores)("validation", x.validation)("train_score", x.train_score)("chosen", x.chosen)(
      "confusion", x.figures.confusion)("calibration", x.figures.calibration)(
      "learning_curve", x.learning_curve)("trials", x.trials)("unconverged", x.unconverged)(
      "failed", x.failed)("fits", x.fits)("parameters", x.parameters)("ledger", x.ledger)("qubits", x.qubits)(
      "circuit_cost", x.circuit_cost)("drawing", x.drawing)("qasm", x.qasm)("growth", x.growth);
  if (!x.floor) x.floor = x.contender == "majority";  // in results of older versions
  archive.newer("floor", x.floor)
      .newer("score_by_rows", x.score_by_rows)
      .newer("seed_spread", x.seed_spread)
      .newer("roc", x.figures.roc)
      .newer("true_and_predicted", x.figures.true_and_predicted)
      .newer("entangled", x.entangled)
      .newer("devices", x.devices)
      .newer("solution", x.solution)
      .newer("plots", x.figures.plots)
      .newer("networks", x.figures.networks);
  archive.seconds("seconds", x.seconds);
  archive.seconds("predict_seconds_per_1000", x.predict_seconds_per_1000);
}
template <typename A>
void fields(A& archive, StudyResult& x) {
  archive("run", x.run)("name", x.name)("study_toml", x.study_toml)("study_hash", x.study_hash)(
      "data_hash", x.data_hash)("version", x.version)("seed", x.seed)("protocol", x.protocol)(
      "metric", x.metric)("rope", x.rope)("outer_folds", x.outer_folds)("repeats", x.repeats)(
      "inner_folds", x.inner_folds)("configurations", x.configurations);
  archive("source", x.source)("target", x.target)("rows", x.rows)("rows_read", x.rows_read)(
      "columns", x.columns)("prepared_columns", x.prepared_columns)("features", x.features)(
      "classes", x.classes)("class_counts", x.class_counts)("columns_seen", x.columns_seen)(
      "findings", x.findings)("shots", x.shots);
  archive("contenders", x.contenders)("comparisons", x.comparisons)("gates", x.checks)("verdict", x.verdict)(
      "reason", x.reason)("best_classical", x.best_classical)("best_quantum", x.best_quantum)(
      "results_hash", x.results_hash)("threads", x.threads)("environment", x.environment);
  archive.newer("task", x.task)
      .newer("metrics", x.metrics)
      .newer("floor_words", x.floor_words)
      .newer("target_range", x.target_range)
      .newer("problem_summary", x.problem_summary)
      .newer("problem_description", x.problem_description)
      .newer("row_noun", x.row_noun)
      .newer("left_out", x.left_out)
      .newer("overview", x.overview);
  archive.newer("headline", x.headline)
      .newer("plan", x.plan)
      .newer("look", x.look)
      .newer("sides", x.sides)
      .newer("with_shots", x.with_shots)
      .newer("devices", x.devices)
      .newer("ideal_verdict", x.ideal_verdict)
      .newer("lead_by_rows", x.lead_by_rows)
      .newer("verdicts_by_seed", x.verdicts_by_seed)
      .newer("circuit_training", x.circuit_training)
      .newer("noise", x.noise);
  archive.seconds("seconds", x.seconds);
}

namespace {

/// A trial as older versions stored it: one kind of answer, exact and with shots side by side.
nlohmann::json upgraded(nlohmann::json trial) {
  if (trial.contains("evaluations")) return trial;
  const auto classes = [](nlohmann::json answer) {
    answer["kind"] = "classes";
    return answer;
  };
  auto& evaluations = trial["evaluations"] = nlohmann::json::object();
  evaluations[exact_execution] = {{"answer", classes(trial.at("prediction"))},
                                  {"metrics", trial.at("metrics")}};
  if (!trial.at("with_shots").is_null())
    evaluations[shots_execution] = {{"answer", classes(trial.at("with_shots"))},
                                    {"metrics", trial.at("shot_metrics")}};
  trial["adjustment"] = nlohmann::json::object();
  if (const auto power = trial.value("prior_power", 0.0); power != 0)
    trial["adjustment"]["prior-power"] = power;
  const nlohmann::json none = {{"rows", 0}, {"columns", 0}, {"values", nlohmann::json::array()}};
  for (const char* list : {"smaller", "reseeded"}) {
    if (!trial.contains(list)) trial[list] = nlohmann::json::array();
    for (auto& refit : trial[list])
      refit["answer"] = {{"kind", "classes"}, {"labels", refit.at("labels")}, {"probabilities", none}};
  }
  auto& key = trial.at("key");
  key["problem"] = "";
  key["execution"] = exact_execution;
  return trial;
}

}  // namespace

std::string to_json(const Trial& trial, bool with_seconds) {
  return written<nlohmann::json>(trial, with_seconds);
}
Trial trial_from_json(std::string_view json) {
  return read_value<nlohmann::json, Trial>("trial", [&] { return upgraded(nlohmann::json::parse(json)); });
}
std::string to_json(const StudyResult& result) { return written<nlohmann::json>(result, true); }
StudyResult study_result_from_json(std::string_view json) {
  return read<nlohmann::json, StudyResult>(json, "result");
}

}  // namespace qupel
