#include "qupel/report/example.test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>

#include "qupel/base/random.h"
#include "qupel/contenders/contenders.h"
#include "qupel/encode/encoding.h"

namespace qupel::report {
namespace {

constexpr int repeats = 3, folds = 5, features = 4;

struct Sketch {
  std::string name;
  double accuracy, seconds;
  const char* status = "ok";
};

std::vector<Sketch> sketches() {
  return {{"variational", .931, 41.2},
          {"reuploading", .944, 78.5, "unconverged"},
          {"quantum-kernel", .952, 6.31},
          {"variational-separable", .928, 17.7},
          {"reuploading-separable", .939, 30.2},
          {"quantum-kernel-separable", .958, 3.37},
          {"fourier-features", .968, 0.82},
          {"majority", .399, 0.003},
          {"logistic", .981, 0.31},
          {"svm-rbf", .984, 0.22},
          {"gradient-boosting", .969, 5.8},
          {"random-forest", .979, 3.9},
          {"mlp", .978, 9.4},
          {"logistic@reduced", .962, 0.2},
          {"svm-rbf@reduced", .967, 0.19}};
}

/// Folds differ together: easy ones are easy for all.
std::vector<double> scores_of(const std::string& name, double accuracy) {
  Random shared(1), own(key_of(name));
  std::vector<double> scores;
  for (int i = 0; i < repeats * folds; ++i) {
    const double rows = 36, noise = .02 * shared.normal() + .012 * own.normal();
    scores.push_back(std::clamp(std::round(rows * (accuracy + noise)) / rows, 0.0, 1.0));
  }
  return scores;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

EncodingGrowth growth_of(std::string_view name) {
  EncodingGrowth growth;
  growth.encoding = name;
  for (int n = 1; n <= 1024; n *= 2) {
    const auto cost = encoding(name).cost(n, {});
    long gates = 0;
    for (const auto& [gate, amount] : cost.gates) gates += amount;
    growth.features.push_back(n);
    growth.qubits.push_back(cost.qubits);
    growth.two_qubit.push_back(cost.two_qubit);
    growth.depth.push_back(cost.depth);
    growth.gates.push_back(gates);
  }
  return growth;
}

void describe_circuit(const Contender& spec, ContenderResult& c) {
  if (!spec.circuit_cost) return;
  c.circuit_cost = spec.circuit_cost(features, 3, {});
  c.qubits = c.circuit_cost.qubits;
  const auto page = spec.circuit_page(features, 3, {});
  c.drawing = page.drawing;
  c.qasm = page.qasm;
  c.parameters = 24;
  if (c.contender.starts_with("variational")) c.growth = {growth_of("angle-y")};
  if (c.contender == "quantum-kernel") c.growth = {growth_of("iqp-full")};
  if (c.contender == "quantum-kernel-separable") c.growth = {growth_of("amplitude")};
  c.ledger.add_circuits(c.circuit_cost, 148'000, 0);
  c.ledger.add_circuits(c.circuit_cost, 540, 1000);
  c.ledger.gradients = c.contender.starts_with("quantum-kernel") ? 0 : 121'000;
  c.ledger.hardware_circuits = 29'400'000;
  const double shot = c.metrics.at("accuracy").mean - .011;
  c.shot_metrics["accuracy"] = {shot, shot - .025, shot + .021};
}

void spend(double seconds, ContenderResult& c) {
  c.seconds = seconds;
  c.predict_seconds_per_1000 = seconds / 900;
  auto& stages = c.ledger.seconds;
  stages[Stage::tune] = .87 * seconds;
  if (c.circuit_cost.gates.empty()) {
    stages[Stage::classical] = .93 * seconds;
    return;
  }
  stages[Stage::encode] = .06 * seconds;
  stages[Stage::execute] = .71 * seconds;
  stages[Stage::optimise] = .09 * seconds;
  stages[Stage::classical] = .04 * seconds;
}

void choose_settings(const Contender& spec, ContenderResult& c) {
  for (const auto& parameter : spec.hyperparameters) {
    const auto& values = parameter.values;
    auto& chosen = c.chosen[parameter.name];
    chosen[to_string(values.front())] += values.size() > 1 ? 11 : 15;
    if (values.size() > 1) chosen[to_string(values[1])] += 4;
  }
}

ContenderResult contender_of(const Sketch& sketch) {
  ContenderResult c;
  c.name = sketch.name;
  c.contender = sketch.name.substr(0, sketch.name.find('@'));
  const auto& spec = *contenders().at(c.contender);
  c.summary = spec.summary;
  c.family = spec.family;
  c.floor = spec.floor;
  c.inputs =
      sketch.name.ends_with("@reduced") || spec.inputs == Inputs::reduced ? Inputs::reduced : Inputs::all;
  c.status = sketch.status;
  c.scores = scores_of(sketch.name, sketch.accuracy);
  const double mean = mean_of(c.scores);
  c.metrics = {{"accuracy", {mean, mean - .021, std::min(1.0, mean + .016)}},
               {"balanced-accuracy", {mean - .003, mean - .03, std::min(1.0, mean + .02)}},
               {"calibration-error", {.061, .04, .083}},
               {"log-loss", {.21, .17, .26}},
               {"roc-auc", {.991, .98, .997}}};
  c.validation = mean - .004;
  c.train_score = std::min(1.0, mean + .02);
  c.figures.confusion = {{171, 5, 1}, {7, 203, 3}, {0, 4, 140}};
  c.figures.calibration = {{.47, .4}, {.55, .61}, {.65, .62}, {.75, .81}, {.86, .84}, {.97, .985}};
  c.score_by_rows = {{.25, mean - .061}, {.5, mean - .023}, {1, mean}};
  c.seed_spread = spec.family == Family::quantum ? .0042 : 0;
  c.entangled = spec.family == Family::quantum;
  c.trials = repeats * folds;
  c.unconverged = c.status == "ok" ? 0 : 2;
  c.fits = 15 * 25;
  c.parameters = 14;
  choose_settings(spec, c);
  describe_circuit(spec, c);
  spend(sketch.seconds, c);
  if (c.ledger.gradients > 0 || c.contender == "mlp")
    for (int step = 0; step < 80; ++step)
      c.learning_curve.push_back(.25 + .85 * std::exp(-step / 14.0) +
                                 .01 * std::sin(step * sketch.accuracy * 9));
  return c;
}

/// A comparison of likely numbers: the mean's normal distribution stands for the study's rule.
Comparison judged(std::string contender, std::string against, const std::vector<double>& differences) {
  Comparison c;
  c.contender = std::move(contender);
  c.against = std::move(against);
  c.metric = "accuracy";
  c.differences = differences;
  c.difference = mean_of(differences);
  c.p_better = c.p_equivalent = c.p_worse = 1.0 / 3;
  c.low = -1, c.high = 1;
  if (differences.size() < 2) return c;
  const auto n = static_cast<double>(differences.size());
  double square = 0;
  for (const double d : differences) square += (d - c.difference) * (d - c.difference) / (n - 1);
  const double scale = std::sqrt(square * (1 / n + .4)), rope = .01, certain = .95;
  const auto above = [&](double value) {
    return .5 * std::erfc((value - c.difference) / scale / std::sqrt(2));
  };
  c.low = c.difference - 1.96 * scale, c.high = c.difference + 1.96 * scale;
  c.p_better = above(rope), c.p_worse = 1 - above(-rope), c.p_equivalent = 1 - c.p_better - c.p_worse;
  c.p_value = c.p_holm = 2 * std::min(above(0), 1 - above(0));
  c.repeats = repeats;
  c.verdict = c.p_better >= certain       ? Verdict::quantum_better
              : c.p_worse >= certain      ? Verdict::classical_better
              : c.p_equivalent >= certain ? Verdict::equivalent
              : 1 - c.p_better >= certain ? Verdict::no_advantage
                                          : Verdict::inconclusive;
  return c;
}

class Comparisons {
 public:
  explicit Comparisons(StudyResult& result) : result_(result) {
    const auto best = scores("svm-rbf");
    add("best quantum", scores("quantum-kernel"), "best classical", best, false);
    for (const auto* name : {"variational", "reuploading", "quantum-kernel"})
      add(name, scores(name), "best classical", best, true);
    for (const auto* name : {"variational", "reuploading", "quantum-kernel"})
      add(name, scores(name), std::string(name) + "-separable", scores(std::string(name) + "-separable"),
          false);
    for (const auto* name : {"variational", "reuploading", "quantum-kernel"})
      add(name, scores(name), "best classical@reduced", scores("svm-rbf@reduced"), false);
    for (const auto* name :
         {"variational-separable", "reuploading-separable", "quantum-kernel-separable", "fourier-features"})
      add(name, scores(name), "best classical", best, false);
    for (const auto* name : {"logistic", "svm-rbf"})
      add(std::string(name) + "@reduced", scores(std::string(name) + "@reduced"), name, scores(name), false);
    add("best classical", best, "majority", scores("majority"), false);
    result_.comparisons.back().against_floor = true;
  }

 private:
  const std::vector<double>& scores(const std::string& name) const {
    return std::find_if(result_.contenders.begin(), result_.contenders.end(),
                        [&](auto& c) { return c.name == name; })
        ->scores;
  }
  void add(std::string a, const std::vector<double>& left, std::string b, const std::vector<double>& right,
           bool decides) {
    std::vector<double> differences(left.size());
    std::transform(left.begin(), left.end(), right.begin(), differences.begin(), std::minus<>());
    result_.comparisons.push_back(judged(std::move(a), std::move(b), differences));
    result_.comparisons.back().decides = decides;
  }

  StudyResult& result_;
};

Side side_of_verdict(const StudyResult& r, std::string_view name, std::string_view mostly,
                     std::map<std::string, int> chosen) {
  const auto& c = *std::ranges::find(r.contenders, mostly, &ContenderResult::name);
  auto interval = c.metrics.at("accuracy");
  interval.mean -= .004;
  return {std::string(name), interval, c.scores, std::move(chosen)};
}

/// What the verdict's repair added to results.
void describe_reach(StudyResult& r) {
  r.headline = "No. A classical model is better here: the best of all others leads by 3.2 points.";
  r.plan = {.118, 178, repeats * folds};
  r.sides = {
      side_of_verdict(r, best_quantum, "quantum-kernel", {{"quantum-kernel", 11}, {"reuploading", 4}}),
      side_of_verdict(r, best_classical, "svm-rbf",
                      {{"svm-rbf", 8}, {"logistic", 4}, {"svm-rbf@reduced", 2}, {"fourier-features", 1}})};
  for (const auto& c : r.comparisons)
    if (c.decides) r.with_shots.push_back(c);
  for (auto& c : r.with_shots) c.difference -= .009, c.low -= .012, c.high -= .008;
  r.lead_by_rows = {
      {.25, 35.6, -.061, -.102, -.02}, {.5, 71.2, -.044, -.071, -.017}, {1, 142.4, -.032, -.05, -.014}};
  r.verdicts_by_seed = {Verdict::classical_better, Verdict::classical_better, Verdict::classical_better};
}

void describe_study(StudyResult& r) {
  r.run = "qupel-runs/wine-3f2a91c0d4e7";
  r.name = "wine";
  r.study_toml =
      "[study]\nname = \"wine\"\nseed = 7\n\n[data]\nset = \"wine\"\n\n[protocol]\nouter_folds = 5\nrepeats "
      "= 3\n";
  r.study_hash = std::string(64, '3');
  r.data_hash = std::string(64, 'd');
  r.results_hash = std::string(64, 'e');
  r.version = "0.1.0+3ba7cd9";
  r.seed = 7;
  r.protocol =
      "3 repeats of stratified 5-fold cross-validation, the same splits for all; in every training set 8 "
      "configurations a contender are tried by stratified 3-fold cross-validation";
  r.metric = "accuracy";
  r.outer_folds = folds;
  r.repeats = repeats;
  r.inner_folds = 3;
  r.configurations = 8;
  r.shots = 1000;
  r.circuit_training = {.adam_window = 100,
                        .adam_steps = 1000,
                        .lbfgs_steps = 1000,
                        .gradient_tolerance = 1e-4,
                        .relative_tolerance = 1e-5};
  r.noise = "none";
  r.seconds = 112.4;
  r.threads = 2;
  r.environment = {{"date", "2026-11-28T15:20:31Z"},
                   {"cpu", "AMD EPYC 7B13"},
                   {"memory", "23.5 GiB"},
                   {"instruction set", "AVX2"},
                   {"compiler", "GNU 12.2.0 Release"}};
}

void describe_data(StudyResult& r) {
  r.source = "wine.csv";
  r.target = "cultivar";
  r.rows = 178;
  r.rows_read = 180;
  r.columns = 15;
  r.prepared_columns = 13;
  r.features = features;
  r.classes = {"Barbera", "Barolo", "Grignolino"};
  r.class_counts = {48, 59, 71};
  r.columns_seen = {{"alcohol", ColumnType::numeric, {}, {}, {}, 0, true},
                    {"bottled", ColumnType::date, {}, {}, {}, 3, true},
                    {"sample id", ColumnType::identifier, {}, {}, {}, 0, false}};
  r.findings = {
      {Finding::Level::info, "", "semicolons separate the fields, decimals have commas"},
      {Finding::Level::warning, "sample id", "looks like an identifier (all 180 values differ): left out"},
      {Finding::Level::info, "bottled", "3 of 180 cells are missing: the training rows' median stands in"},
      {Finding::Level::warning, "cultivar", "2 rows without a label are left out"}};
}

std::vector<Check> all_checks() {
  using enum Check::Severity;
  return {
      {"leak", passed, "no column is a copy of the target; the best one alone is \"flavanoids\" (79.2 %)"},
      {"duplicate", warning,
       "2 of 178 rows (1.1 %) have the same features as another row, in 1 "
       "set; equal rows are kept in one fold"},
      {"granularity", passed, "the scores of 225 trials follow from their stored predictions"},
      {"train-is-test", passed, "no row of 15 test sets equals a row trained on"},
      {"above-validation", passed,
       "no contender tests above its validation by more than chance allows (highest +0.8 points)"},
      {"failed-fit", warning,
       "final fits stopped before they converged: reuploading in 2 of 15; raise effort under [execution]"},
      {"unequal-budget", passed,
       "every contender tried 8 configurations a training set; fewer settings exist for majority (1)"},
      {"imbalance", passed, "the rarest class, \"Barbera\", has 48 of 178 rows (27.0 %)"},
      {"too-small", passed, "178 rows, 35 in the smallest test set"}};
}

StudyResult refused_study() {
  auto r = example_study();
  r.checks[0] = {
      "leak", Check::Severity::refused,
      "\"grade\" (100.0 %) is a copy of the target under other names; leave it out with drop under [data]"};
  r.verdict = Verdict::inconclusive;
  r.headline = "No verdict: an integrity check refuses this comparison.";
  r.reason = "refused by the leak check: " + r.checks[0].message;
  return r;
}

StudyResult fixed_split_study() {
  auto r = example_study();
  r.outer_folds = r.repeats = 1;
  r.verdict = Verdict::inconclusive;
  for (auto& c : r.contenders) c.scores.resize(1);
  for (auto& c : r.comparisons) {
    const bool decides = c.decides;
    c = judged(c.contender, c.against, {c.differences.front()});
    c.decides = decides;
  }
  return r;
}

StudyResult study_without(Family family) {
  auto r = example_study();
  std::erase_if(r.comparisons, [&](const auto& c) {
    const auto named = std::ranges::find(r.contenders, c.contender, &ContenderResult::name);
    return named == r.contenders.end() || named->family == family;
  });
  std::erase_if(r.contenders, [&](const auto& c) { return c.family == family; });
  return r;
}

StudyResult nan_study() {
  auto r = example_study();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   infinity = std::numeric_limits<double>::infinity();
  auto& c = r.contenders.front();
  for (auto& [name, interval] : c.metrics) interval = {nan, nan, nan};
  c.shot_metrics["accuracy"] = {nan, nan, nan};
  c.scores.assign(c.scores.size(), nan);
  c.learning_curve = {nan, infinity, .5, .4, nan};
  c.seconds = c.validation = c.train_score = nan;
  c.status = "failed";
  c.figures.calibration = {{nan, nan}};
  r.contenders[1].metrics["log-loss"] = {infinity, 1, infinity};
  r.comparisons.front().difference = nan;
  r.comparisons.front().p_better = nan;
  return r;
}

StudyResult many_classes_study() {
  auto r = example_study();
  r.classes.clear();
  r.class_counts.clear();
  for (int k = 0; k < 10; ++k) {
    r.classes.push_back("digit " + std::to_string(k));
    r.class_counts.push_back(18);
  }
  for (auto& c : r.contenders) {
    c.figures.confusion.assign(10, std::vector<int>(10, 1));
    for (std::size_t k = 0; k < 10; ++k) c.figures.confusion[k][k] = 44;
  }
  return r;
}

StudyResult huge_names_study() {
  auto r = example_study();
  for (auto& name : r.classes) name += fmt::format("{:w>80} of the {:m>40}", "", "");
  for (auto& c : r.contenders) c.name += "-with-a-name-that-somebody-thought-through-" + std::string(60, 'x');
  r.target = r.source = std::string(200, 'y');
  r.comparisons.clear();
  return r;
}

}  // namespace

StudyResult example_study() {
  StudyResult r;
  describe_study(r);
  describe_data(r);
  for (const auto& sketch : sketches()) r.contenders.push_back(contender_of(sketch));
  const Comparisons comparisons(r);
  r.checks = all_checks();
  r.best_classical = "svm-rbf";
  r.best_quantum = "quantum-kernel";
  r.verdict = r.comparisons.front().verdict;
  r.reason =
      "the best quantum contender (most often quantum-kernel) scores -3.2 points against the best classical "
      "one (most often "
      "svm-rbf), 95 % interval -5.0 to -1.4; the chance that it is better by more than 1 point is 0.0 %";
  describe_reach(r);
  return r;
}

StudyResult example_of_older_version() {
  auto r = example_study();
  r.headline.clear();
  r.plan = {};
  r.sides.clear();
  r.with_shots.clear();
  r.lead_by_rows.clear();
  r.verdicts_by_seed.clear();
  r.environment.erase("date");
  r.circuit_training = {};
  r.noise.clear();
  for (auto& c : r.comparisons) c.decides |= c.contender == best_quantum;
  for (auto& c : r.contenders) {
    c.score_by_rows.clear();
    c.figures.roc.clear();
    c.seed_spread = 0;
    c.ledger.hardware_circuits = 0;
    c.entangled = false;
  }
  return r;
}

StudyResult example_with_two_classes() {
  auto r = example_study();
  r.headline = "Undecided. There are not enough rows to tell.";
  r.verdict = Verdict::inconclusive;
  r.look = 2;
  r.classes = {"harmless", "harmful"};
  r.class_counts = {107, 71};
  double hardness = .2;
  for (auto& c : r.contenders) {
    hardness += .01;
    c.figures.confusion = {{301, 20}, {14, 199}};
    for (int i = 0; i <= 60; ++i) c.figures.roc.emplace_back(i / 60.0, std::pow(i / 60.0, hardness));
  }
  for (auto& c : r.comparisons)
    if (c.decides) {
      c.verdict = Verdict::inconclusive;
      c.p_worse = .5, c.p_equivalent = .3, c.p_better = .2;
      c.difference = -.004, c.low = -.031, c.high = .023;
      c.repeats_needed = 12, c.rows_needed = 900;
    }
  auto& leading = *std::ranges::find(r.comparisons, "reuploading", &Comparison::contender);
  leading.difference = .031, leading.low = .008, leading.high = .054;
  leading.p_worse = .002, leading.p_equivalent = .018, leading.p_better = .98, leading.p_holm = .066;
  r.verdicts_by_seed = {Verdict::inconclusive, Verdict::inconclusive, Verdict::no_advantage};
  return r;
}

namespace {

/// What belongs to classes taken out of a study, and its scores, leads and bounds made those of `metric`.
void measure_otherwise(StudyResult& r, const std::vector<Metric>& metrics,
                       const std::function<double(double)>& score, double scale) {
  const auto& metric = metrics.front();
  r.metrics = metrics;
  r.metric = metric.name;
  r.rope = .01 * metric.spread;
  r.classes.clear();
  r.class_counts.clear();
  r.plan.smallest_lead *= scale;
  std::erase_if(r.checks, [](const Check& check) {
    return check.code == "imbalance" || check.code == "above-validation";
  });
  std::erase_if(r.findings, [](const Finding& finding) { return finding.column == "cultivar"; });
  const auto changed = [&](const Interval& x) {
    const double one = score(x.low), two = score(x.high);
    return Interval{score(x.mean), std::min(one, two), std::max(one, two)};
  };
  for (auto& c : r.contenders) {
    const auto mean = c.metrics.at("accuracy");
    c.metrics.clear();
    for (const auto& m : metrics) c.metrics[m.name] = changed(mean);
    if (const auto shots = c.shot_metrics.find("accuracy"); shots != c.shot_metrics.end())
      c.shot_metrics = {{metric.name, changed(shots->second)}};
    for (auto& x : c.scores) x = score(x);
    for (auto& [share, x] : c.score_by_rows) x = score(x);
    c.validation = score(c.validation), c.train_score = score(c.train_score);
    c.seed_spread *= scale;
    c.figures = {};
  }
  for (auto& side : r.sides) {
    side.score = changed(side.score);
    for (auto& x : side.scores) x = score(x);
  }
  for (auto* all : {&r.comparisons, &r.with_shots})
    for (auto& c : *all) {
      c.metric = metric.name;
      c.difference *= scale, c.low *= scale, c.high *= scale;
    }
  for (auto& at : r.lead_by_rows) at.difference *= scale, at.low *= scale, at.high *= scale;
  r.reason = "the quantum side does not lead";
  r.headline = "No. A classical model is better here.";
}

}  // namespace

StudyResult example_of_numbers() {
  auto r = example_study();
  constexpr double spread = 77;
  r.task = "regression";
  r.floor_words = "always predicting the mean";
  r.target = "progression";
  r.target_range = {25, 346, 152.13, spread};
  measure_otherwise(
      r,
      {{.name = "rmse",
        .unit = {},
        .higher_is_better = false,
        .decides = true,
        .over_rows = true,
        .spread = spread},
       {.name = "r2", .unit = {}, .low = -1e300, .high = 1},
       {.name = "coverage", .unit = {}, .high = 1, .share = true}},
      [](double accuracy) { return 130 - spread * accuracy; }, spread);
  for (auto& c : r.contenders)
    for (int i = 0; i < 50; ++i)
      c.figures.true_and_predicted.emplace_back(30 + 6 * i, 90 + 3 * i + 10 * (i % 7));
  return r;
}

StudyResult example_of_factors() {
  auto r = example_study();
  r.task = "factorisation";
  r.floor_words = "trying no divisor";
  r.source = "numbers.txt";
  r.target = "factors";
  r.columns = r.prepared_columns = r.features = 0;
  r.columns_seen.clear();
  r.findings.clear();
  r.checks = {r.checks[2], r.checks[5], r.checks[8]};
  r.protocol = "every number once";
  measure_otherwise(
      r,
      {{.name = "share-factored", .unit = {}, .high = 1, .share = true, .decides = true},
       {.name = "divisions", .unit = "tries", .higher_is_better = false, .high = 1e300}},
      [](double accuracy) { return accuracy; }, 1);
  std::erase_if(r.comparisons, [&](const Comparison& c) {
    const auto reduced = std::string_view("@reduced");
    return c.contender.ends_with(reduced) || c.against.ends_with(reduced);
  });
  std::erase_if(r.contenders, [](const auto& c) { return c.name.ends_with("@reduced"); });
  for (auto& side : r.sides) side.chosen = {{side.name == best_quantum ? "quantum-kernel" : "svm-rbf", 15}};
  for (auto& c : r.contenders) c.growth.clear();
  return r;
}

StudyResult example_on_devices() {
  auto r = example_study();
  r.ideal_verdict = Verdict::no_advantage;
  DeviceVerdict torino{"ibm-torino",         "IBM", "2025-02-26", {"T2 of qubit 3 was cut"}, {},
                       Verdict::no_advantage};
  torino.map.readout_errors = {.01, .02, .03, .04, .05};
  torino.map.dead = {4};
  torino.map.couplings = {{0, 1, .003, false}, {1, 2, .004, false}, {2, 3, .02, false}, {3, 4, 1, true}};
  r.devices = {torino, {"of-old", "nobody", "2020-01-01", {}, {}, Verdict::inconclusive}};
  for (auto& c : r.contenders) {
    if (c.name != "quantum-kernel") continue;
    DeviceReading reading;
    reading.device = "ibm-torino";
    reading.noisy = {{r.metric, {.80, .75, .85}}};
    reading.mitigated = {{r.metric, {.84, .80, .88}}};
    reading.ledger.hardware_circuits = 100, reading.ledger.depth = 20, reading.ledger.device_seconds = 60;
    reading.mitigation_ledger = reading.ledger;
    reading.mitigation_ledger.hardware_circuits = 300;
    reading.resources = {10, 4, 12, 4, 1.5, .9, 3};
    reading.timeline = {{{"sx", {0}, 0, .1}, {"cz", {0, 1}, .1, .4}, {"cz", {1, 2}, 1.1, .4}}, {1, 2}, 0};
    reading.depth_limit = 150, reading.effective_qubits = 9;
    reading.money = 88, reading.currency = "USD", reading.vendor = "IBM", reading.price_date = "2026-05";
    c.devices = {reading, reading};
    c.devices[1].device = "of-old", c.devices[1].timeline = {}, c.devices[1].mitigated = {};
  }
  return r;
}

Comparison comparison_with(Verdict verdict, double p_worse, double p_equivalent, double p_better) {
  Comparison c;
  c.contender = "quantum-kernel";
  c.against = best_classical;
  c.metric = "accuracy";
  c.verdict = verdict;
  c.p_worse = p_worse, c.p_equivalent = p_equivalent, c.p_better = p_better;
  return c;
}

StudyResult study_with_text(const std::string& text) {
  auto r = example_study();
  for (auto* field : {&r.run, &r.name, &r.study_toml, &r.study_hash, &r.data_hash, &r.version, &r.protocol,
                      &r.source, &r.target, &r.reason, &r.headline, &r.results_hash})
    *field += text;
  for (auto& name : r.classes) name += text;
  for (auto& column : r.columns_seen) column.name += text;
  for (auto& finding : r.findings) finding.column += text, finding.message += text;
  for (auto& check : r.checks) check.message += text;
  r.checks.push_back({text, Check::Severity::warning, text});
  for (auto& c : r.contenders) {
    for (auto* field : {&c.name, &c.summary, &c.drawing, &c.qasm, &c.status}) *field += text;
    for (auto& growth : c.growth) growth.encoding += text;
    c.chosen[text] = {{text, 3}};
    c.circuit_cost.gates[text] = 1;
  }
  for (auto& c : r.comparisons) {
    c.contender += text;
    if (!c.against.starts_with("best classical")) c.against += text;
  }
  r.best_classical += text;
  r.best_quantum += text;
  for (auto& c : r.with_shots) c.contender += text;
  for (auto& side : r.sides) side.chosen[text] = 1;
  r.environment[text] = text;
  return r;
}

std::vector<NamedStudy> edge_studies() {
  auto no_comparisons = example_study();
  no_comparisons.comparisons.clear();
  return {{"nothing", {}},
          {"no-comparisons", no_comparisons},
          {"fixed-split", fixed_split_study()},
          {"older", example_of_older_version()},
          {"two-classes", example_with_two_classes()},
          {"many-classes", many_classes_study()},
          {"numbers", example_of_numbers()},
          {"factors", example_of_factors()},
          {"no-quantum", study_without(Family::quantum)},
          {"no-classical", study_without(Family::classical)},
          {"no-inspired", study_without(Family::quantum_inspired)},
          {"nan", nan_study()},
          {"huge-names", huge_names_study()},
          {"devices", example_on_devices()},
          {"refused", refused_study()}};
}

void keep_page(const std::string& name, const std::string& page) {
  std::ofstream(std::string(QUPEL_BINARY_DIR) + "/report-" + name + ".html") << page;
}

}  // namespace qupel::report
