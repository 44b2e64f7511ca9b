#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/problem/answer.h"
#include "qupel/problem/check.h"
#include "qupel/problem/facts.h"
#include "qupel/problem/figures.h"
#include "qupel/problem/instance.h"
#include "qupel/problem/metric.h"

// What the user brings. Studies, records and reports know problems only through this.
namespace qupel {

/// How a study asks for its splits.
enum class Protocol {
  nested,  ///< repeated k-fold; tuning by k-fold inside every training set
  fixed,   ///< the problem's own test rows, one split (reference benchmarks): no claim about differences is
           ///< made
};
struct Splitting {
  Protocol protocol = Protocol::nested;
  int outer_folds = 5, repeats = 2, inner_folds = 3;
  std::uint64_t seed = 0;
};

/// One unit of a study: what is learned from and what is asked, as rows of the problem (a table's rows,
/// geometries, graphs), in ascending order.
struct Split {
  int repeat = 0, fold = 0;
  std::vector<std::size_t> train, test;
};

/// Rows to learn from and rows to ask about, with their instances. Whatever their preparation needs, such as
/// medians and scales, is fitted on the rows to learn from and on no others.
struct Task {
  std::vector<std::size_t> learn_rows, ask_rows;
  std::shared_ptr<const Instance> learn, ask;
};

/// What all contenders of one split share: the task of the split, and tasks inside its training rows for
/// tuning (if there are none, the first settings are taken).
struct Work {
  Task outer;
  std::vector<Task> inner;
};

/// How a contender wants its inputs.
struct InputChoice {
  bool reduced = false;      ///< few columns, for circuits
  std::size_t columns = 0;   ///< of the reduced ones; 0: all
  std::string scaling = {};  ///< of the reduced ones; "": the default
};

/// What of an answer a metric looks at. Contenders need not fit the rest.
struct Needs {
  bool calibrated = true;  ///< it looks at probabilities; else at labels, or at the order of two classes only
  bool balanced = false;   ///< it counts classes alike, however many rows each has
};

/// Numbers, by name, that are learned from answers for held-out rows inside the training set and change later
/// answers: a power of class priors, the width of an interval.
using Adjustment = std::map<std::string, double>;

/// An answer for the rows that a task asks about.
struct Held {
  const Answer* answer;
  const Task* task;
};

/// An answer for some rows.
struct Answered {
  const Answer* answer;
  std::span<const std::size_t> rows;
};

/// A metric as a function of sums over rows, for the bootstrap.
struct RowSums {
  Matrix<double> sums;  ///< rows x summands; the first is how many answers there are for a row
  std::function<double(std::span<const double>)> score;
  bool proportion = false;  ///< the score is a share of rows: where all rows score alike, so that the
                            ///< bootstrap sees no variance, a binomial interval is taken
};

using Scores = std::map<std::string, double>;

/// Measured seconds of the final fit, with the settings chosen, and of its answer.
struct AnswerTime {
  double before = 0;  ///< the first try: training a circuit
  double tries = 0;   ///< all tries that the answer tells of
};

/// All answers of one contender.
struct ContenderAnswers {
  std::string name;
  std::vector<Answered> answers;
  std::vector<AnswerTime> times;  ///< one an answer
};

/// How the units of a problem depend on each other, which decides the statistics of differences.
enum class Dependence {
  resampled,    ///< splits of the same rows: training sets overlap
  independent,  ///< units have nothing in common: other molecules, other graphs
  complete,     ///< the units are all that is asked about, and an answer to one does not vary: nothing is
                ///< sampled, so differences are known and not estimated
};

class Problem {
 public:
  virtual ~Problem() = default;

  /// "classification", "regression", ...: what contenders state that they solve.
  virtual std::string_view kind() const = 0;
  virtual const Facts& facts() const = 0;
  std::size_t rows() const { return facts().rows; }
  /// How many numbers a contender answers for a row: one a class, or 1.
  virtual int outputs() const { return 1; }

  /// All that is measured; the first decides unless the study says otherwise.
  virtual const std::vector<Metric>& metrics() const = 0;
  const Metric& metric(std::string_view name) const;  ///< @throws InputError naming the nearest
  virtual Needs needs(const Metric&) const { return {}; }

  // ---- splits

  /// @throws InputError or SettingError if there are too few rows
  virtual std::vector<Split> splits(const Splitting& splitting) const = 0;
  virtual Work prepare(const Splitting& splitting, const Split& split) const = 0;
  virtual Dependence dependence() const { return Dependence::resampled; }
  /// The mean share of what two units are made from that they have in common, from 0 to below 1: days that
  /// two windows both choose by. Of units that are no resamples (Dependence::independent); their differences
  /// are then taken to correlate as much.
  virtual double overlap() const { return 0; }
  /// The splits in words: "2 repeats of stratified 5-fold cross-validation".
  virtual std::string split_words(const Splitting& splitting) const;
  /// How many rows the problem's own test set has, for Protocol::fixed; 0: it has none.
  virtual std::size_t fixed_test_rows() const { return 0; }
  /// The instance as a contender wants it; must not outlive the task.
  virtual std::shared_ptr<const Instance> view(const Instance& instance, const InputChoice& inputs) const;
  /// How many columns such an instance has; 0 where instances are no tables.
  virtual int width(const InputChoice&) const { return 0; }
  /// The same task with a share of its rows to learn from, for the learning curve; nothing if the problem has
  /// no such tasks.
  virtual std::optional<Task> fewer(const Task&, double /*share*/, std::uint64_t /*seed*/) const {
    return std::nullopt;
  }

  // ---- answers

  /// Every metric. @throws InputError if the answer is of another kind or length than the rows
  virtual Scores score(const Answer& answer, std::span<const std::size_t> rows) const = 0;
  /// Why this answer, or these scores, cannot belong to these rows; "" if they can.
  virtual std::string contradiction(const Answer&, std::span<const std::size_t> /*rows*/,
                                    const Scores&) const {
    return "";
  }
  /// The answer that needs no model. Every contender must beat it, and a fit that failed counts as it.
  virtual Answer floor(const Task& task) const = 0;
  virtual std::string_view floor_name() const = 0;   ///< "majority"
  virtual std::string_view floor_noun() const = 0;   ///< "the majority class"
  virtual std::string_view floor_words() const = 0;  ///< "always predicting the most frequent class"

  /// The adjustments that tuning chooses from; the first is used while settings are searched. If there are
  /// none, nothing is adjusted.
  virtual std::vector<Adjustment> adjustments(const Metric&) const { return {}; }
  /// Adds to the adjustment what answers for held-out rows, by models with the chosen settings, show.
  virtual void learn(std::span<const Held>, Adjustment&) const {}
  /// Changes an answer by the adjustment. @param task whose rows the model learned from
  virtual void adjust(const Adjustment&, const Task&, Answer&) const {}

  // ---- rows, for statistics

  /// How much better the first answer is than the second on every row, so that the mean over the rows, by
  /// row_weights(), is the difference of their oriented scores; with no second answer the first one's own
  /// score. Empty for a metric that is no mean over rows.
  virtual std::vector<double> row_leads(const Answer&, const Answer* /*other*/,
                                        std::span<const std::size_t> /*rows*/, const Metric&) const {
    return {};
  }
  /// How much each of these rows, asked together, counts in their score (mean 1).
  virtual std::vector<double> row_weights(std::span<const std::size_t> rows, const Metric&) const {
    return std::vector<double>(rows.size(), 1);
  }
  /// Rows whose mean is taken off together where the variance over rows is estimated.
  virtual std::vector<int> row_groups(const Metric&) const { return std::vector<int>(rows()); }
  /// For each row the first row that equals it: equal rows are evidence about one place only.
  virtual std::vector<std::size_t> equal_rows() const;
  /// How many rows, counted alike, give a score of this metric the same variance.
  virtual double counted_rows(const Metric&) const { return static_cast<double>(rows()); }
  /// About the largest difference that one row makes which one answer gets right and the other wrong. The
  /// variance over rows is at least that of one such row, for equal answers are no certainty.
  virtual double row_grain(const Metric&) const { return 1; }
  /// The variance of a row's lead that is assumed before anything runs.
  virtual double assumed_variance(const Metric&) const { return 0.25; }
  /// The score as a function of sums over the problem's rows; nothing if it is none.
  virtual std::optional<RowSums> row_sums(std::span<const Answered>, const Metric&) const {
    return std::nullopt;
  }

  // ---- checks and figures

  /// Integrity checks. @param test_sets of the study. @param deciding the metric that the study looks at
  virtual std::vector<Check> checks(std::span<const std::vector<std::size_t>> /*test_sets*/,
                                    const Metric& /*deciding*/) const {
    return {};
  }
  virtual Figures figures(std::span<const Answered>) const { return {}; }

  // ---- in the problem's own terms, for programs and people

  /// What one row is called: "row", "instance", "molecule".
  virtual std::string_view row_noun() const { return "row"; }
  /// The problem as a JSON object, {"kind": "maxcut", "variables": 16, ...}; "": there is nothing to say that
  /// Facts do not.
  virtual std::string description() const { return ""; }
  /// The best of these answers as a JSON value: a tour as a list of nodes, bits by variable name; "": none.
  virtual std::string solution(std::span<const Answered>) const { return ""; }
  /// What is known of all answers of a contender together, and what follows from measured time, such as the
  /// time to a solution; no part of what replays. @param times one an answer
  virtual Scores overall_scores(std::span<const Answered>, std::span<const AnswerTime> /*times*/) const {
    return {};
  }
  /// Charts of all contenders together.
  virtual std::vector<Plot> overview(std::span<const ContenderAnswers>) const { return {}; }
};

}  // namespace qupel
