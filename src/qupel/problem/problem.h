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
#include "qupel/problem/facts.h"
#include "qupel/problem/figures.h"
#include "qupel/problem/gate.h"
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

/// Instances prepared by what the rows to learn from tell, and by nothing else.
struct Task {
  std::vector<std::size_t> learn_rows, ask_rows;
  std::shared_ptr<const Instance> learn, ask;
};

/// Everything that the contenders of one split share: the split itself, and tasks inside its training rows to
/// tune on (none: the first settings are taken).
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

/// What a metric looks at: what need not be fitted is left out.
struct Needs {
  bool calibrated = true;  ///< probabilities; else labels, or the order of two classes
  bool balanced = false;   ///< classes count alike
};

/// What is learned from answers on held-out rows inside the training set and applied to later answers, by
/// name: a power of class priors, the width of an interval.
using Adjustment = std::map<std::string, double>;

/// An answer for the rows that a task asks.
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
  Matrix<double> sums;  ///< rows x summands; the first is how often a row was asked
  std::function<double(std::span<const double>)> score;
  bool proportion = false;  ///< of rows, so that a binomial interval holds where the bootstrap sees none
};

using Scores = std::map<std::string, double>;

/// How units of a problem hang together: the statistics of differences follow it.
enum class Dependence {
  resampled,    ///< splits of the same rows: training sets overlap
  independent,  ///< units have nothing in common: other molecules, other graphs
};

class Problem {
 public:
  virtual ~Problem() = default;

  /// "classification", "regression", ...: what contenders state that they solve.
  virtual std::string_view kind() const = 0;
  virtual const Facts& facts() const = 0;
  std::size_t rows() const { return facts().rows; }
  /// Numbers that a contender answers for a row: classes, or 1.
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
  /// The splits in words: "2 repeats of stratified 5-fold cross-validation".
  virtual std::string split_words(const Splitting& splitting) const;
  /// The rows that have a test set of their own, for Protocol::fixed.
  virtual std::size_t fixed_test_rows() const { return 0; }
  /// The instance as a contender wants it; must not outlive the task.
  virtual std::shared_ptr<const Instance> view(const Instance& instance, const InputChoice& inputs) const;
  /// How many columns that is; 0 where there are none.
  virtual int width(const InputChoice&) const { return 0; }
  /// The same task with fewer rows to learn from, for the learning curve; nothing if there is no such thing.
  virtual std::optional<Task> fewer(const Task&, double /*share*/, std::uint64_t /*seed*/) const {
    return std::nullopt;
  }

  // ---- answers

  /// Every metric. @throws InputError if the answer is of another kind or length than the rows
  virtual Scores score(const Answer& answer, std::span<const std::size_t> rows) const = 0;
  /// Why an answer, or its scores, cannot be one for these rows; "" if it can.
  virtual std::string contradiction(const Answer&, std::span<const std::size_t> /*rows*/,
                                    const Scores&) const {
    return "";
  }
  /// What needs no model: what everybody must beat, and what a fit that failed counts as.
  virtual Answer floor(const Task& task) const = 0;
  virtual std::string_view floor_name() const = 0;   ///< "majority"
  virtual std::string_view floor_noun() const = 0;   ///< "the majority class"
  virtual std::string_view floor_words() const = 0;  ///< "always predicting the most frequent class"

  /// Candidates that tuning chooses from, the first one used while settings are searched; none: nothing is
  /// adjusted.
  virtual std::vector<Adjustment> adjustments(const Metric&) const { return {}; }
  /// Adds what held-out answers of the chosen settings tell.
  virtual void learn(std::span<const Held>, Adjustment&) const {}
  /// Changes an answer of a model that learned from the task's rows.
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
  /// For each row the first that equals it: such rows tell of one place.
  virtual std::vector<std::size_t> equal_rows() const;
  /// Rows that a metric counts.
  virtual double counted_rows(const Metric&) const { return static_cast<double>(rows()); }
  /// By how much one row that one answer gets right and another wrong can differ at most, about: equal
  /// answers are no certainty.
  virtual double row_grain(const Metric&) const { return 1; }
  /// The variance of a row's lead that is assumed before anything runs.
  virtual double assumed_variance(const Metric&) const { return 0.25; }
  /// @param rows of the result are the problem's
  virtual std::optional<RowSums> row_sums(std::span<const Answered>, const Metric&) const {
    return std::nullopt;
  }

  // ---- checks and figures

  /// @param test_sets of the study; @param deciding metric
  virtual std::vector<Gate> checks(std::span<const std::vector<std::size_t>> /*test_sets*/,
                                   const Metric& /*deciding*/) const {
    return {};
  }
  virtual Figures figures(std::span<const Answered>) const { return {}; }
};

}  // namespace qupel
