#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/result.h"
#include "qupel/study/statistics.h"

namespace qupel {

/// What overlapping training sets add to the correlation of test folds beyond Nadeau and Bengio's n_test /
/// n_train. One constant for intervals, probabilities and p values (docs/statistics.md, "Why 0.15").
constexpr double overlap_allowance = 0.15;

/// How differences were measured, and how strictly they are judged.
struct Design {
  int repeats = 1;     ///< of the cross-validation
  double rope = 0.01;  ///< region of practical equivalence, in units of the metric
  /// Rows of a test fold, as many as its score is made of; 0: unknown.
  double test_rows = 0;
  std::size_t rows = 0;  ///< of the table: what `rows_needed` is a multiple of; 0: not asked
  int look = 1;          ///< which look at these rows this is
  double widest = 1;     ///< the largest difference that two scores can have; infinite: no limit
  /// The units have nothing in common (other molecules, other graphs): their differences are a plain sample.
  bool independent = false;
  double overlap = 0;  ///< of independent units: Problem::overlap()
  /// Nothing is sampled (Dependence::complete): the mean difference is known.
  bool complete = false;
};

/// The levels of a look: who follows "n more repeats would decide it" looks again at the
/// same rows, and is judged more strictly from then on, so that all looks together keep the
/// error rate of 5 % (docs/statistics.md).
struct Levels {
  double test;   ///< of the test for "quantum better", after Holm
  double claim;  ///< a claim needs a probability of 1 - this
};
Levels levels_of(int look);

/// What each row tells of a difference. @param right rows x repeats: 1 where only the contender is right, -1
/// where only the other is, 0 else. @param weights of the same shape: how much a row counts in its fold's
/// score (1 for accuracy; mean 1 in a fold). @param group of each row: rows whose mean is taken off together
/// (all for accuracy, a class each where classes count alike). @param equals of each row: its set of equal
/// rows, which tell of one place in the table however often they stand there With e = weight * (right - group
/// mean), summed over a set of equal rows, for N rows, r repeats and k folds:
///   within = sum over sets of the variance of e over the repeats, over N (r = 1: of e^2 / sqrt k),
///   rows = max(sum over sets of (mean of e)^2, grain^2) / (N - 1): equal predictions are no certainty,
///   fits = max(0, mean over repeats of the variance of the folds' differences - mean of e^2 k / N) / (k r).
Spread spread_of(const Matrix<double>& right, const Matrix<double>& weights, std::span<const int> group,
                 std::span<const std::size_t> equals, std::span<const double> differences, double grain = 1);

/// The mean difference is Student t around the mean of the differences. With a spread, its variance is
///   A + fits,  A = (rows + (k+1)/2 within) / N,
/// degrees of freedom by Satterthwaite: (A + fits)^2 / (A^2 / (sets-1) + fits^2 / (kr-1)). Sampling of rows,
/// of training sets and of whole fits are told apart, so that stable learners are not punished for what
/// unstable ones do; (k+1)/2 stands for what shared training rows hide (measured: docs/statistics.md).
/// Without one (ROC-AUC is no mean over rows), scale^2 = var (1/n + 1/(k-1) + overlap_allowance) and n - 1
/// degrees, n = k r: the corrected resampled t-test of Nadeau and Bengio 2003, where `var` is the
/// differences' variance, but at least the binomial variance p (1 - p) / test_rows, p being the share of rows
/// that the mean absolute difference stands for, one row more right and one more wrong; with test_rows
/// unknown at least mean^2 / (n + 1), the variance that one more difference of 0 would leave of equal ones.
/// One fold a repeat (a fixed split) says nothing.
/// @param more_repeats, row_factor: what it would be with more repeats, or so many times the rows
Posterior mean_difference(const Comparison& comparison, const Design& design, std::size_t more_repeats = 0,
                          double row_factor = 1);

/// Differences say how much better `contender` is than `against`, by test fold, repeats one after the other:
/// score(contender) - score(against), or the other way round where less is better. Intervals end at
/// +-design.widest. The verdict is set by decide().
/// @throws InputError for a NaN difference, or differences that are no multiple of `repeats`
Comparison compare(std::string contender, std::string against, std::string metric,
                   std::vector<double> differences, const Design& design, const Spread& spread = {});

/// Applies Holm over the comparisons that decide, and sets verdicts, `repeats_needed` and `rows_needed`. Each
/// of the others is judged by the same rule as a family of its own; there, read "quantum" as contender and
/// "classical" as against. With the look's levels:
///  - quantum better: P(difference > rope) >= 1 - claim and the two-sided test of no difference below `test`,
///    both after Holm over all quantum contenders;
///  - classical better: P(difference < -rope) >= 1 - claim, and the test of no difference below `claim`;
///  - equivalent: P(within the rope) >= 1 - claim;
///  - no advantage: P(difference > rope) <= claim: a lead that matters is ruled out, who is better is not
///    shown;
///  - inconclusive: all else.
/// Measured error rates: docs/statistics.md.
void decide(std::span<Comparison> comparisons, const Design& design);

/// The study's verdict from the comparisons that decide. "Quantum better" if one of them is; the other claims
/// are about all of them: "classical better" and "equivalent" if each is that, "no advantage" if each rules a
/// lead out, in whatever way. Inconclusive if none decides.
Verdict overall_verdict(std::span<const Comparison> comparisons);

/// The comparison that the verdict rests on: of those that decide one that claims a lead, then the one most
/// likely to be a lead (in results of older versions the best quantum contender's), of equally
/// likely ones the largest. Null if none decides.
const Comparison* decisive(std::span<const Comparison> comparisons);

/// What is known about a side's lead over the floor contender.
enum class Learning {
  shown,      ///< better than the floor, by the rule of decide()
  ruled_out,  ///< a lead beyond the rope is ruled out
  open,       ///< neither: not enough rows to tell
};
/// Shown if the two were not compared.
Learning learning(std::span<const Comparison> comparisons, std::string_view side);

}  // namespace qupel
