#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/compile/compile.h"
#include "qupel/compile/timeline.h"
#include "qupel/contend/contender.h"
#include "qupel/problem/problem.h"

// What a study found, from one fold of one contender (Trial) to the whole (StudyResult). JSON in and out.
namespace qupel {

/// Names one unit of work that is committed when it is finished: one fit,
/// with its answers under every execution.
struct TrialKey {
  std::string entry;  ///< Entry::name
  int repeat = 0, fold = 0;
  std::string problem = {};    ///< its name
  std::string execution = {};  ///< under which it was trained
  friend auto operator<=>(const TrialKey&, const TrialKey&) = default;
};

/// The executions of a study: how circuits run when a fitted model answers.
inline constexpr const char *exact_execution = "exact", *shots_execution = "shots";

/// What a fitted model answers for the test rows under one execution.
struct Evaluation {
  Answer answer;
  Scores metrics;
  Ledger ledger = {};  ///< of the executions that are not the exact one: what answering took
};

/// The chosen settings fitted once more, differently: what it answers for the test rows.
struct Refit {
  double score = 0;  ///< by the study's metric
  Answer answer;     ///< without probabilities
};

/// One contender tuned and fitted on one training set, and its answers for the test rows. Everything but
/// `seconds` (here, in the ledger, of prediction) replays bit for bit.
struct Trial {
  TrialKey key;
  Settings settings;                   ///< chosen inside the training rows
  double validation = 0;               ///< mean inner score of the chosen settings, by the study's metric
  std::vector<double> validations;     ///< inner score of each configuration tried
  std::vector<std::size_t> test_rows;  ///< indices into the problem's rows
  std::map<std::string, Evaluation> evaluations;  ///< of the same fitted model, by execution
  double train_score = 0;                         ///< the study's metric on the training rows
  FitInfo fit;                                    ///< of the final fit
  std::string failure;            ///< not empty: the fit failed, and the floor answered in its place
  int unconverged = 0, fits = 0;  ///< over tuning and final fit
  int failed_in_tuning = 0;       ///< fits of the tuning that failed: their settings lose
  std::string failure_in_tuning;  ///< why the first of them failed
  int timed_out = 0;      ///< fits of any kind that a limit of wall-clock time ended: another run may differ
  Adjustment adjustment;  ///< of answers, learned on the inner folds
  std::vector<Refit> smaller;   ///< fitted on each of `curve_shares` of the training rows
  std::vector<Refit> reseeded;  ///< fitted from other random seeds
  Ledger ledger;
  double fit_seconds = 0;      ///< wall clock of the final fit; 0 in runs of older versions
  double predict_seconds = 0;  ///< wall clock of predicting the test rows, exactly
  double seconds = 0;

  const Evaluation& exact() const { return evaluations.at(exact_execution); }
  /// Null where no circuit runs, and so no shot.
  const Evaluation* with_shots() const {
    const auto found = evaluations.find(shots_execution);
    return found == evaluations.end() ? nullptr : &found->second;
  }
};

/// Shares of the training rows on which a trial is fitted besides all of them, for the learning curve.
inline constexpr double curve_shares[] = {0.25, 0.5};

struct Interval {
  double mean = 0, low = 0, high = 0;  ///< 95 percent
};

/// What a comparison shows (docs/statistics.md). The first three are claims with evidence for them; `no
/// advantage` rules out a gain beyond the region of equivalence without showing who is better.
enum class Verdict { quantum_better, classical_better, equivalent, no_advantage, inconclusive };
std::string_view to_string(Verdict verdict);

/// Sides of comparisons that stand for the contender with the best validation score in each training set:
///  - best quantum: of all quantum contenders with an entangled circuit
///  - best classical: of all others, on all columns and on the reduced ones, quantum-inspired ones among
///    them: what a classical computer does as cheaply. The verdict's rival.
///  - best classical@reduced: of those that see the same reduced columns as the quantum contenders
constexpr std::string_view best_quantum = "best quantum", best_classical = "best classical",
                           best_classical_reduced = "best classical@reduced";

/// Where the variance of a mean difference comes from, told from single rows (mean_difference in verdict.h).
struct Spread {
  double rows = 0;      ///< variance, over the rows, of a row's mean difference; equal rows count as one
  double within = 0;    ///< variance of a row's difference over the repeats: other training sets, same row
  double fits = 0;      ///< variance of the mean that whole fits add beyond their rows
  double count = 0;     ///< of rows; 0: nothing is known by rows
  double distinct = 0;  ///< of sets of equal rows: what the degrees of freedom count
  double grain = 1;     ///< of a row's lead: equal answers are no certainty
};

/// A paired comparison on identical splits; difference = contender - against.
struct Comparison {
  std::string contender, against, metric;
  double difference = 0, low = 0, high = 0;  ///< mean and 95 % interval
  double p_better = 0, p_equivalent = 0, p_worse = 0;
  double p_value = 1, p_holm = 1;  ///< corrected resampled t-test, two-sided, and after Holm
  /// More repeats that would decide at the seen difference, as a continued look; 0: decided, or none would.
  std::size_t repeats_needed = 0;
  /// Rows that would decide at the seen difference with the same folds and repeats; 0: decided, or no number
  /// of rows below a thousand times as many would.
  std::size_t rows_needed = 0;
  /// Belongs to the verdict's family: an entangled quantum contender against its rival.
  bool decides = false;
  bool quantum = true;         ///< `contender` is quantum, or best quantum
  bool against_floor = false;  ///< `against` looks at no feature: what anybody who learned anything beats
  std::vector<double> differences;  ///< one a test fold, in order
  Spread spread;                    ///< not stored: the verdict has read it
  int repeats = 1;                  ///< of the cross-validation that gave the differences
  Verdict verdict = Verdict::inconclusive;
};

/// What a contender's circuits take of a device and what its noise makes of the model; of all test rows.
struct DeviceReading {
  std::string device;
  std::map<std::string, Interval> noisy, mitigated;  ///< metrics; mitigated: empty without mitigation
  /// Of models trained under the device's noise, mitigated if that was asked for; empty without such
  /// training.
  std::map<std::string, Interval> trained;
  double bias = 0;  ///< of the study's metric: noisy minus ideal, mean over the splits
  /// Mean squared difference of the answers (probabilities of classes, or numbers) from the ideal ones: bias
  /// and variance together, as many shots as there were. Nothing where that is not known.
  std::optional<double> squared_error, mitigated_squared_error;
  Ledger ledger, mitigation_ledger, trained_ledger;
  /// Of all that ran there.
  Ledger spent() const;
  /// Whether mitigation took the answers farther away from the ideal ones than noise had.
  bool mitigation_harms() const {
    return squared_error && mitigated_squared_error && *mitigated_squared_error > *squared_error;
  }
  Resources resources;   ///< of the circuit with the settings chosen most often
  Timeline timeline;     ///< of that circuit; empty in runs of older versions
  long depth_limit = 0;  ///< layers that leave 1/e of an ideal expectation value; 0: no limit
  int effective_qubits = 0;
  double money = 0;  ///< for all of these circuits
  std::string currency, vendor, price_date;
  Verdict verdict = Verdict::inconclusive;  ///< of this contender against the rival
};

/// One contender over all its trials.
struct ContenderResult {
  std::string name, contender, summary;
  Family family = Family::classical;
  bool floor = false;  ///< looks at no feature
  Inputs inputs = Inputs::all;
  std::string status;  ///< "ok", "unconverged" (a final fit did not converge), "failed" (a fit failed)
  std::map<std::string, Interval>
      metrics;  ///< accuracy, balanced-accuracy, roc-auc, log-loss, calibration-error
  std::map<std::string, Interval> shot_metrics;
  std::vector<double> scores;              ///< the study's metric by test fold, in order
  double validation = 0, train_score = 0;  ///< means
  std::map<std::string, std::map<std::string, int>>
      chosen;                          ///< hyperparameter -> value -> folds that chose it
  Figures figures;                     ///< of all answers for test rows
  std::vector<double> learning_curve;  ///< training loss by step of the first fold's final fit
  /// Share of the training rows and the mean test score of fits on it; the last is all rows.
  std::vector<std::pair<double, double>> score_by_rows;
  double seed_spread = 0;  ///< standard deviation of the score over random seeds of the fit, same split
  /// Of a quantum contender: whether the settings chosen in most splits give a circuit with entangling gates.
  bool entangled = false;
  int trials = 0, unconverged = 0, failed = 0, fits = 0;
  long parameters = 0;
  Ledger ledger;
  double seconds = 0;
  double predict_seconds_per_1000 = 0;  ///< measured prediction time for 1000 rows (0: not measured)
  int qubits = 0;                       ///< of the circuit with the settings chosen most often
  CircuitCost circuit_cost;
  std::string drawing, qasm;  ///< of that circuit; empty without one
  std::vector<EncodingGrowth> growth;
  std::vector<DeviceReading> devices;  ///< of a quantum contender, in the study's order
  std::string solution;                ///< its best answer in the problem's own terms, as JSON; "": none
};

/// The verdict of a comparison: "quantum better" and "classical better" where its contender is quantum, else
/// "better" and "worse".
std::string_view verdict_text(const Comparison& comparison);

/// What a study could show, known before it runs (plan.h).
struct PlannedPower {
  double smallest_lead = 0;  ///< of a quantum contender, in units of the metric, found in 4 of 5 such studies
  std::size_t rows = 0, splits = 0;
};

/// A side of the verdict: the contender chosen by validation score in each training set.
struct Side {
  std::string name;                   ///< best_quantum or best_classical
  Interval score;                     ///< of the study's metric over the test folds
  std::vector<double> scores;         ///< by test fold
  std::map<std::string, int> chosen;  ///< contender -> splits in which it was chosen
};

/// The difference of the verdict's sides when both are trained on a share of the training rows.
struct LeadAtSize {
  double share = 1;
  double rows = 0;  ///< training rows, mean over the splits
  double difference = 0, low = 0, high = 0;
};

/// Two qubits of a device that are coupled.
struct MappedCoupling {
  int first = 0, second = 0;
  double error = 0;  ///< of its best two-qubit operation
  bool dead = false;
};

/// What a picture of a device shows.
struct DeviceMap {
  std::vector<double> readout_errors;  ///< by qubit: the mean of both errors
  std::vector<int> dead;               ///< qubits that are never used
  std::vector<MappedCoupling> couplings;
};

/// The study's verdict on a device: the quantum side reads its circuits there, mitigated if it is.
struct DeviceVerdict {
  std::string device, vendor, date;
  std::vector<std::string> repairs;     ///< of its calibration
  std::vector<Comparison> comparisons;  ///< those that decide
  Verdict verdict = Verdict::inconclusive;
  DeviceMap map = {};  ///< empty in runs of older versions
};

struct StudyResult {
  std::string run;  ///< directory
  std::string name, study_toml, study_hash, data_hash, version;
  std::string task = "classification";  ///< the problem's kind
  std::vector<Metric> metrics;          ///< all that is measured; empty in runs of older versions
  std::string floor_words;              ///< what everybody must beat, in words
  std::uint64_t seed = 0;
  std::string protocol;  ///< a sentence
  std::string metric;
  double rope = 0.01;
  int outer_folds = 0, repeats = 0, inner_folds = 0, configurations = 0;

  std::string source, target;
  std::string problem_summary;        ///< of what is no table (Facts::summary)
  std::string problem_description;    ///< the same for programs, a JSON object; "": none
  std::string row_noun = "row";       ///< what one row is called
  std::vector<std::string> left_out;  ///< contenders that cannot solve it, each with the reason
  std::size_t rows = 0, rows_read = 0, columns = 0, prepared_columns = 0, features = 0;
  std::vector<std::string> classes;
  std::vector<std::size_t> class_counts;
  std::vector<double> target_range;  ///< of numbers: smallest, largest, mean, standard deviation
  std::vector<Column> columns_seen;  ///< names and types only (no cells)
  std::vector<Finding> findings;
  std::size_t shots = 0;
  // What the program did that no setting says, so that a report tells of the run and not of today's program.
  // Empty or 0 in results of older versions.
  CircuitTraining circuit_training;  ///< of the quantum contenders that train circuits
  std::string noise;  ///< of the computer that ran the circuits: "none" if it was a perfect one

  std::vector<ContenderResult> contenders;
  std::vector<Plot> overview;  ///< charts of all contenders together
  std::vector<Comparison> comparisons;
  std::vector<Check> checks;
  Verdict verdict = Verdict::inconclusive;
  std::string headline;                      ///< the answer in a sentence; empty in runs of older versions
  std::string reason;                        ///< one sentence
  std::string best_classical, best_quantum;  ///< chosen most often inside the training folds
  PlannedPower plan;
  int look = 1;             ///< which look at these rows this is: 2 and up are continued (docs/statistics.md)
  std::vector<Side> sides;  ///< best quantum, best classical
  std::vector<Comparison> with_shots;  ///< deciding comparisons with the quantum side read with finite shots
  std::vector<DeviceVerdict> devices;  ///< in the study's order; the first one's is the study's verdict
  Verdict ideal_verdict = Verdict::inconclusive;  ///< of a perfect quantum computer, an upper bound
  std::vector<LeadAtSize> lead_by_rows;           ///< best quantum against best classical, fewest rows first
  std::vector<Verdict> verdicts_by_seed;  ///< the verdict with the fits of each random seed, its own first

  std::string results_hash;  ///< SHA-256 over all trials without seconds: what a replay compares
  double seconds = 0;        ///< wall clock of the whole run, all sessions together
  int threads = 0;
  std::map<std::string, std::string> environment;  ///< machine, compiler, versions, instruction set
};

/// All that a result measures: as it says, or what older versions measured, which knew classes only.
const std::vector<Metric>& metrics_of(const StudyResult& result);
/// One of them; what is in none of them is a number without bounds.
Metric metric_of(const StudyResult& result, std::string_view name);
/// The one that the study is decided by.
Metric metric_of(const StudyResult& result);
/// A metric as older versions, which stored nothing but its name, had it: a share, log loss apart.
Metric metric_of_older_version(std::string_view name);

/// A stored trial or result has a format that this program does not know.
class NewerFormat : public InputError {
  using InputError::InputError;
};

/// JSON with the number of its format. Older formats are read, too.
/// @throws NewerFormat, InputError if it is none
std::string to_json(const Trial& trial, bool with_seconds = true);
Trial trial_from_json(std::string_view json);
std::string to_json(const StudyResult& result);
StudyResult study_result_from_json(std::string_view json);

/// The JSON object that `audit`, `run` and `replay` print (cli/schema/result.json describes it).
std::string summary_json(const StudyResult& result, std::optional<bool> replayed = std::nullopt);

}  // namespace qupel
