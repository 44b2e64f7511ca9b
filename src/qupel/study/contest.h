#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/result.h"
#include "qupel/study/spec.h"
#include "qupel/study/verdict.h"

namespace qupel {

/// All trials of one entry, in the order of the splits.
using EntryTrials = std::vector<const Trial*>;

/// What is read off a finished trial: a score by the study's metric and the answer for its test rows.
struct Reading {
  double score = 0;
  const Answer* answer = nullptr;
};
using Read = std::function<Reading(const Trial&)>;

/// The scores of a contender, or of contenders chosen in each split.
struct Readings {
  std::vector<double> by_fold;
  std::vector<const Answer*> answers;  ///< one a fold; null: nothing was answered, which scores 0
};

/// How many repeats of a cross-validation a study's differences are of; 1 where its units are no resamples.
int resampled_repeats(const StudySpec& spec, const Problem& problem);

/// Who stands on which side of a study's verdict, and the scores that its comparisons are made of. It keeps
/// references to what it was made of.
class Contest {
 public:
  Contest(const StudySpec& spec, const Problem& problem, const std::vector<EntryTrials>& by_entry);

  /// Entries of the quantum side: of a quantum contender, with entangling gates in the circuits of the
  /// settings chosen in more than half of the splits. What has none is no quantum model.
  const std::vector<std::size_t>& quantum() const { return quantum_; }
  /// Quantum contenders that chose circuits without entangling gates: they stand on the other side.
  const std::vector<std::size_t>& unentangled() const { return unentangled_; }
  /// Everybody else: classical and quantum-inspired, on all columns and on the reduced ones.
  const std::vector<std::size_t>& others() const { return others_; }
  /// Those of the others that see the reduced columns.
  std::vector<std::size_t> others_on_reduced() const;

  /// In every split, the entry with the best validation score there.
  std::vector<std::size_t> chosen(const std::vector<std::size_t>& entries) const;

  /// The entry with the best mean validation score over all splits, the floor apart; none if there is no
  /// other.
  std::optional<std::size_t> best_validated() const;

  Readings scores(std::size_t entry, const Read& read) const;
  /// Of chosen entries, one a split. No scores for none.
  Readings scores(const std::vector<std::size_t>& chosen, const Read& read) const;
  /// Of what needs no model, so that it stands below every study.
  const Readings& floor() const { return floor_; }

  /// The score and the labels on the test rows.
  Read on_test_rows() const;
  const std::string& name(std::size_t entry) const { return spec_.entries[entry].name; }
  const Contender& record(std::size_t entry) const;
  const StudySpec& spec() const { return spec_; }
  const Problem& problem() const { return problem_; }
  const Metric& metric() const { return metric_; }
  const EntryTrials& trials(std::size_t entry) const { return by_entry_[entry]; }
  std::size_t splits() const { return by_entry_.empty() ? 0 : by_entry_.front().size(); }
  Design design() const;

  /// How much better the first side is than the second; nothing for a side without scores.
  void add(std::vector<Comparison>& comparisons, std::string_view name, const Readings& scores,
           std::string_view against, const Readings& others, bool decides = false) const;

 private:
  bool is_entangled(std::size_t entry) const;

  Readings collect(const std::function<Reading(std::size_t split)>& read) const;
  void answer_by_the_floor();
  /// What single rows tell of the difference; nothing if the score is no mean over rows.
  Spread spread(const Readings& scores, const Readings& others, std::span<const double> leads) const;

  const StudySpec& spec_;
  const Problem& problem_;
  const Metric& metric_;
  const std::vector<EntryTrials>& by_entry_;
  std::vector<Answer> floor_answers_;
  Readings floor_;
  std::vector<std::size_t> equals_;  // of rows: sets of equal ones
  std::vector<int> groups_;          // of rows: whose means are taken off together (spread_of)
  std::vector<std::size_t> quantum_, unentangled_, others_;
};

}  // namespace qupel
