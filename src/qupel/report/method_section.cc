#include <fmt/format.h>

#include "qupel/model/quantum_classifier.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"

namespace qupel::report {
namespace {

std::string item(std::string_view term, std::string_view html) {
  return element("dt", "", term) + element("dd", "", html) + "\n";
}

std::string comparison_text(const StudyResult& result) {
  return fmt::format(
      "The score is {} on test rows. Two contenders are compared by their differences on identical splits; "
      "folds share training "
      "rows, so the posterior of the mean difference is the Student distribution of the Bayesian correlated "
      "t-test (Corani and "
      "Benavoli 2015), and p values come from the corrected resampled t-test (Nadeau and Bengio 2003) with a "
      "further allowance for "
      "overlapping training sets, adjusted by Holm over all quantum contenders. Differences within ±{} "
      "points count as none.",
      escaped(result.metric), number(100 * result.rope));
}

constexpr std::string_view rule =
    "The burden of proof lies with the costlier side. <b>Quantum better</b>: the probability of a gain "
    "beyond the band is at least 95% "
    "and the adjusted p value is below 0.05. <b>Not better</b>: that probability is at most 10%; then "
    "<b>classical better</b> if a loss "
    "beyond the band is at least as probable as practical equality, else <b>equivalent</b>. Anything between "
    "is "
    "<b>inconclusive</b>. The classical side is the contender with the best validation score inside each "
    "training set, on all "
    "columns.";

std::string stopping() {
  return fmt::format(
      "The training of a circuit by Adam stops when the mean loss of the last {0} steps differs from that of "
      "the {0} "
      "before by no more than sd / (2 √{0}), sd being that of the last; by L-BFGS when no derivative exceeds "
      "{1:g} or "
      "a step lowers the loss by less than {2:g} of it. A fit that reaches its limit first ({3} and {4} "
      "steps, times "
      "the study's effort) is unconverged, is marked, and counts.",
      circuit_adam.window, circuit_lbfgs.gradient_tolerance, circuit_lbfgs.relative_tolerance,
      circuit_adam.max_steps, circuit_lbfgs.max_steps);
}

constexpr std::string_view limits =
    "Circuits are simulated exactly and evaluated with finite shots besides; there is no hardware noise, no "
    "queue and no price in "
    "these numbers. The result holds for this table and these contenders, not for quantum learning at large.";

}  // namespace

std::string method_section(const StudyResult& result) {
  return element("dl", "class=\"method\"",
                 "\n" + item("Protocol", escaped(as_sentence(result.protocol))) +
                     item("Preparation",
                          "Scaling, missing values, categories and the reduction of columns are fitted on "
                          "training rows "
                          "only, inside every fold.") +
                     item("Comparison", comparison_text(result)) + item("Decision rule", rule) +
                     item("Early stopping", stopping()) +
                     item("Intervals",
                          "Of accuracies and log loss: BCa bootstrap over test rows; of other metrics: "
                          "corrected resampled t.") +
                     item("Limits", limits)) +
         "\n";
}

}  // namespace qupel::report
