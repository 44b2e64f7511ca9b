#include <fmt/format.h>

#include <algorithm>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/report/wording.h"

namespace qupel::report {
namespace {

std::string item(std::string_view term, std::string_view html) {
  return element("dt", "", term) + element("dd", "", html) + "\n";
}

std::string budget(const StudyResult& result) {
  return fmt::format(
      "How much is spent, the same for all contenders: {} of {} {}s, {}{}, and up to {} tried "
      "by every contender in each training set. The budgets small, default and large of qupel audit are "
      "such choices; the study file holds them.",
      count(static_cast<double>(result.rows)), count(static_cast<double>(result.rows_read)), result.row_noun,
      is_table(result)
          ? plural(static_cast<double>(result.features), "column") + " for the quantum contenders, "
          : std::string(),
      plural(static_cast<double>(splits_of(result)), "test split"),
      plural(result.configurations, "configuration"));
}

std::string what_it_could_show(const StudyResult& result) {
  const auto& plan = result.plan;
  return fmt::format(
      "Known before anything runs: with {} and {} such a study finds a quantum contender that leads by {} "
      "in 4 of 5 cases. Smaller leads are mostly missed: undecided does not mean equal.",
      plural(static_cast<double>(plan.rows), result.row_noun),
      plural(static_cast<double>(plan.splits), "test split"),
      escaped(lead_size(metric_of(result), plan.smallest_lead)));
}

constexpr std::string_view from_rows =
                               "from single rows (sampling of rows, of training sets and of whole fits)",
                           from_resplits = "by the corrected resampled t-test (Nadeau and Bengio 2003)";

/// Runs of older versions had classes alone.
bool of_classes(const StudyResult& result) { return !result.classes.empty(); }

std::string source_of_variance(const StudyResult& result) {
  if (of_classes(result)) return fmt::format("{}, for ROC-AUC {}", from_rows, from_resplits);
  return std::string(metric_of(result).over_rows ? from_rows : from_resplits);
}

std::string comparison_text(const StudyResult& result) {
  return fmt::format(
      "The score is {} on test rows. Two contenders are compared by their differences on identical splits. "
      "The mean difference has a Student distribution, the same for intervals, probabilities and p values; "
      "its variance is told {}. p values and chances of a lead are adjusted by Holm over the quantum "
      "contenders that decide. Differences within ±{} count as none.",
      escaped(result.metric), source_of_variance(result), escaped(lead_size(metric_of(result), result.rope)));
}

std::string rule(const StudyResult& result) {
  return fmt::format(
      "Three verdicts are claims, and each has a probability of at least 95\u00A0% behind it. <b>Quantum "
      "better</b>: a circuit that entangles gains more than the band, and its adjusted p value confirms "
      "it. <b>Classical better</b>: every quantum contender loses more than the band. <b>Equivalent</b>: "
      "each differs by less than the band. <b>No advantage</b>: a gain beyond the band is ruled out at "
      "95\u00A0% for each; who is better is not shown. Anything else is <b>inconclusive</b>. All looks "
      "at the same rows share one error rate of 5\u00A0%, so later ones are judged more strictly. The "
      "rival is the best of all contenders that are not quantum{}, quantum-inspired ones and circuits "
      "without entangling gates among them, chosen by validation score inside each training set.",
      on_which_columns(result));
}

constexpr std::string_view preparation =
    "Scaling, missing values, categories and the reduction of columns are fitted on "
    "training rows only, inside every fold.";

std::string stopping(const CircuitTraining& rules) {
  return fmt::format(
      "The training of a circuit by Adam stops when the mean loss of the last {0} steps differs from that "
      "of the {0} before by no more than sd / (2 √{0}), sd being that of the last; by L-BFGS when no "
      "derivative exceeds {1} or a step lowers the loss by less than {2} of it. A fit that reaches its "
      "limit first ({3} and {4} steps, times the study's effort) is unconverged, is marked, and counts.",
      rules.adam_window, number(rules.gradient_tolerance), number(rules.relative_tolerance), rules.adam_steps,
      rules.lbfgs_steps);
}

std::string unit_of_differences(const Metric& metric) {
  if (metric.share && metric.higher_is_better)
    return "<b>Point</b>: a hundredth of the score, so that 80\u00A0% and 81\u00A0% differ by one.";
  return fmt::format("<b>Lead</b>: how much {} the {} is; a positive one is better{}.",
                     metric.higher_is_better ? "higher" : "lower", escaped(metric.name),
                     metric.share ? ", and a point is a hundredth of the score" : "");
}

std::string words(const StudyResult& result) {
  return fmt::format(
      "<b>Contender</b>: a kind of model with its search space. {} <b>Split</b>: one division into "
      "training and test rows. <b>Separable twin</b>: the same circuit without entangling gates. "
      "<b>Shot</b>: one run of a circuit with one measured outcome. <b>Simulated evaluation</b>: "
      "one circuit computed exactly, whatever a device would need for it. <b>NISQ</b>: today's "
      "quantum computers, small and noisy.",
      unit_of_differences(metric_of(result)));
}

std::string intervals(const StudyResult& result) {
  return fmt::format(
      "Of {}: BCa bootstrap over test rows; of other metrics: corrected resampled t, as for the two sides of "
      "the verdict. They tell of the test rows drawn, not of other training sets or random seeds.",
      of_classes(result) ? "accuracies and log loss" : "metrics that follow from sums over rows");
}

std::string limits(const StudyResult& result) {
  const std::string_view computer =
      result.noise == "none" && result.devices.empty()
          ? "Circuits are simulated exactly and evaluated with finite shots besides; there is no hardware "
            "noise, no queue and no price in these numbers. "
          : "";
  return fmt::format("{}The result holds for {} and these contenders, not for quantum {} at large.", computer,
                     is_table(result) ? "this table" : "these problems",
                     is_table(result) ? "learning" : "computing");
}

}  // namespace

std::string method_section(const StudyResult& result) {
  return element("dl", "class=\"method\"",
                 "\n" + item("Protocol", escaped(as_sentence(result.protocol))) +
                     item("Budget", budget(result)) +
                     (result.plan.rows > 0 ? item("What it could show", what_it_could_show(result)) : "") +
                     (is_table(result) ? item("Preparation", preparation) : "") +
                     item("Comparison", comparison_text(result)) + item("Decision rule", rule(result)) +
                     (result.circuit_training.adam_window > 0
                          ? item("Early stopping", stopping(result.circuit_training))
                          : "") +
                     item("Intervals", intervals(result)) + item("Words", words(result)) +
                     item("Limits", limits(result))) +
         "\n";
}

}  // namespace qupel::report
