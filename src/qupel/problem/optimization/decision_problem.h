#pragma once
#include <memory>
#include <vector>

#include "qupel/problem/optimization/decision.h"
#include "qupel/problem/problem.h"

namespace qupel {

/// What an answer's objective is compared with.
struct Reference {
  double value = 0;
  bool proven = false;  ///< the optimum; else the best that is known, or a bound
};

/// How a kind of decision calls the answer of its simple rule.
struct FloorWords {
  std::string name, noun, words;  ///< Problem::floor_name(), floor_noun(), floor_words()
};

/// Decisions of one kind, each a row. Several are units of their own; of a single one the units are repeats
/// with other random numbers. Nothing is learned from one row for another: a contender is tuned, and judged,
/// on the row itself, since how good an answer is shows without anybody's help.
///
/// Metrics: the gap to the reference, relative to it and at most 1; the objective; whether the answer is
/// feasible; whether it is the optimum (where one is proven); the mean gap of single tries; and how many
/// tries meet the optimum once with a probability of 99 % (ln 0.01 / ln(1 - share of tries that met it)). An
/// infeasible answer is no answer: it scores as the floor does, and its tries as gaps of 1.
class DecisionProblem : public Problem {
 public:
  using Row = std::shared_ptr<const Decision>;

  /// @param known references of the rows, where better ones are known than can be proven here
  /// @throws InputError without rows, or if they are of several kinds
  DecisionProblem(Facts facts, std::vector<Row> decisions, FloorWords floor,
                  std::vector<std::optional<Reference>> known = {});

  std::string_view kind() const override { return decisions_.front()->kind(); }
  const Facts& facts() const override { return facts_; }
  const std::vector<Metric>& metrics() const override { return metrics_; }
  const Decision& decision(std::size_t row) const { return *decisions_.at(row); }
  const Reference& reference(std::size_t row) const { return references_.at(row); }

  std::vector<Split> splits(const Splitting& splitting) const override;
  Work prepare(const Splitting& splitting, const Split& split) const override;
  Dependence dependence() const override { return Dependence::independent; }
  std::string split_words(const Splitting& splitting) const override;
  /// The qubits that the widest decision takes.
  int width(const InputChoice&) const override;

  Scores score(const Answer& answer, std::span<const std::size_t> rows) const override;
  std::string contradiction(const Answer& answer, std::span<const std::size_t> rows,
                            const Scores& scores) const override;
  Answer floor(const Task& task) const override;
  std::string_view row_noun() const override { return "instance"; }
  /// {"kind", "variables", "qubits", "sense", "instances", "optimum", "bound"}; the optimum is null unless it
  /// is proven, and both are null where there are several instances.
  std::string description() const override;
  /// Of the first instance the best feasible answer; of several a list, one for each.
  std::string solution(std::span<const Answered> answers) const override;
  /// The time to a solution, on the mean and with a probability of 99 %: the tries it takes, by the seconds
  /// a try took, after what came before the first, and no number if some answer's tries never met it; and
  /// the objective's time (seconds_to_answer).
  Scores overall_scores(std::span<const Answered> answers, std::span<const AnswerTime> times) const override;
  /// The gap against time for all contenders and, where instances differ in size, the tries and the time to
  /// a solution by size with their fits.
  std::vector<Plot> overview(std::span<const ContenderAnswers> contenders) const override;
  double overlap() const override { return overlap_; }
  /// Says that the rows share a part of what they are made from (Problem::overlap()).
  void set_overlap(double overlap) { overlap_ = overlap; }
  /// The best answer of the first instance as a drawing, and how often which objective was met.
  Figures figures(std::span<const Answered> answers) const override;
  std::string_view floor_name() const override { return floor_.name; }
  std::string_view floor_noun() const override { return floor_.noun; }
  std::string_view floor_words() const override { return floor_.words; }

 protected:
  /// The best feasible answer for a row among some; null if there is none.
  const Assignment* best_answer(std::span<const Answered> answers, std::size_t row) const;

 private:
  struct TimeToSolution {
    double tries, surely, on_the_mean;  ///< tries and seconds for 99 %, seconds on the mean
  };
  std::optional<TimeToSolution> time_to_solution(const Answered& answered, const AnswerTime& time) const;
  /// The share of an answer's tries that met the reference.
  double share_met(const Assignment& answer, std::size_t row) const;
  double gap(std::size_t row, double objective) const;
  /// The mean gap of the best of so many tries, drawn from those that an answer tells of.
  double gap_after(const Assignment& answer, std::size_t row, double tries) const;
  Series gap_by_time(const ContenderAnswers& contender) const;
  std::vector<Plot> by_size(std::span<const ContenderAnswers> contenders) const;
  void score_tries(const Assignment& answer, std::size_t row, Scores& scores) const;

  Facts facts_;
  std::vector<Row> decisions_;
  FloorWords floor_;
  std::vector<Reference> references_;
  std::optional<double> first_bound_;  ///< of the first decision
  std::vector<Metric> metrics_;
  double overlap_ = 0;
};

/// Facts with a short name and where the decisions come from.
Facts named_facts(std::string name, std::string source);

inline constexpr double most_tries = 1e9;  ///< to solution: more, or never, count as this

}  // namespace qupel
