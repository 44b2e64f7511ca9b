#include "qupel/report/collection_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/page.h"
#include "qupel/report/rank_diagram.h"

namespace qupel::report {
namespace {

struct CollectionAnswer {
  std::string_view css, sign, sentence;
};

bool refused(const CollectionResult& result) {
  return std::ranges::any_of(result.data_sets, [](const auto& set) { return !set.refused.empty(); });
}

CollectionAnswer collection_answer(const CollectionResult& result) {
  if (refused(result)) return {"refused", "✕", "No verdict: an integrity check refuses a data set."};
  switch (result.verdict) {
    case Verdict::quantum_better:
      return {"quantum-better", "✓",
              "Yes. A quantum model ranks better over these data sets, without noise."};
    case Verdict::classical_better:
      return {"classical-better", "✕", "No. A classical model ranks better over these data sets."};
    case Verdict::equivalent:
      return {"equivalent", "=",
              "No need. Quantum and classical are practically equal over these data sets: take the cheaper."};
    case Verdict::no_advantage:
      return {"no-advantage", "–",
              "No case for a quantum model over these data sets: a lead that matters is ruled out."};
    case Verdict::inconclusive:
      break;
  }
  return {"inconclusive", "?", "Undecided. These data sets do not settle it."};
}

/// "5 classical better, 2 equivalent"
std::string tally(const CollectionResult& result) {
  std::map<Verdict, int> counts;
  for (const auto& set : result.data_sets) ++counts[set.verdict];
  std::string text;
  for (const auto& [verdict, sets] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sets, to_string(verdict));
  return text;
}

std::string link(const DataSetResult& set, std::string_view html) {
  return element("a", attribute("href", fmt::format("../{}/report.html", set.run)), html);
}

std::vector<std::string> table_head(const CollectionResult& result) {
  std::vector<std::string> head{"contender", "mean rank"};
  for (const auto& set : result.data_sets) head.push_back(link(set, escaped(set.name)));
  return head;
}

std::vector<std::string> table_row(const CollectionResult& result, const RankedContender& c) {
  std::vector<std::string> row{family_icon(c.family) + escaped(c.name),
                               element("b", "", fmt::format("{:.2f}", c.mean_rank))};
  for (std::size_t set = 0; set < c.scores.size(); ++set) {
    const auto value = score(result.data_sets[set].metric, c.scores[set]);
    const bool first = std::ranges::all_of(
        result.contenders, [&](const auto& other) { return c.ranks[set] <= other.ranks[set]; });
    row.push_back((first ? element("b", "", value) : value) + " " + muted(fmt::format("{:g}", c.ranks[set])));
  }
  return row;
}

std::vector<std::string> verdict_row(const CollectionResult& result) {
  std::vector<std::string> row{"verdict", ""};
  for (const auto& set : result.data_sets)
    row.push_back(link(set, set.refused.empty() ? std::string(to_string(set.verdict)) : "refused"));
  return row;
}

std::string less_is_better(const CollectionResult& result) {
  if (metric_of(result).higher_is_better) return "";
  return in_spreads(result) ? " Less is better; every data set has its own unit." : " Less is better.";
}

}  // namespace

std::string collection_header(const CollectionResult& result) {
  const auto answer = collection_answer(result);
  const auto facts = fact_list({{"data sets", count(static_cast<double>(result.data_sets.size()))},
                                {"contenders", count(static_cast<double>(result.contenders.size()))},
                                {"one by one", tally(result)},
                                {"wall-clock", duration(result.seconds)}});
  return answer_header(
      answer.css, answer.sign,
      fmt::format("Is a quantum model worth it over the data sets of <b>{}</b>?", escaped(result.name)),
      answer.sentence, result.reason, facts);
}

std::string collection_table(const CollectionResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const auto* c : by_rank(result)) rows.push_back(table_row(result, *c));
  rows.push_back(verdict_row(result));
  return paragraph("lead",
                   fmt::format("The mean {} of every contender on every data set, its rank beside it "
                               "(1 is best, ties share), the best in bold.{} Each data set has a report of "
                               "its own with its verdict.",
                               escaped(result.metric), less_is_better(result))) +
         family_legend() + table("contenders by data set", table_head(result), rows, "numbers");
}

std::string ranks_section(const CollectionResult& result) {
  return paragraph("lead",
                   fmt::format(
                       "Each faint dot is the rank on one data set, the mark the mean rank. The bar is "
                       "Nemenyi's critical difference of {:.2f} wide: contenders whose bars do not meet "
                       "differ at the 5\u00A0% level, all pairs counted. Grey lines join those that the data "
                       "sets do not tell apart.",
                       result.critical_difference)) +
         family_legend() + rank_diagram(result);
}

std::string rank_tests_section(const CollectionResult& result) {
  const auto sets = result.data_sets.size(), k = result.contenders.size();
  const auto p = [](double value) { return value < 1e-4 ? std::string("&lt;0.0001") : number(value); };
  const std::vector<std::vector<std::string>> rows{
      {"Friedman", fmt::format("χ² = {}", number(result.chi2)), fmt::format("{}", k - 1), p(result.p_chi2)},
      {"Iman and Davenport", fmt::format("F = {}", number(result.f)),
       fmt::format("{}, {}", k - 1, (k - 1) * (sets - 1)), p(result.p_f)},
      {"Nemenyi", fmt::format("critical difference {:.3f}", result.critical_difference), "", "0.05"}};
  return paragraph("lead", "Whether the contenders differ at all, then which pairs do (Demsar 2006).") +
         table("tests on ranks", {"test", "statistic", "degrees", "p"}, rows, "numbers narrow") +
         paragraph(
             "note",
             fmt::format("A data set is one observation, whatever its size and number of folds. A "
                         "verdict needs at least {} independent ones, no refused check, a p value of "
                         "F below 0.05, the best quantum and the best classical contender apart by "
                         "the critical difference, and a mean difference of their scores beyond ±{}{}. "
                         "Tests on ranks never show that contenders are equal, and these "
                         "data sets are no sample of all problems.",
                         fewest_data_sets, lead_size(metric_of(result), result.rope),
                         in_spreads(result) ? " (a lead on a data set is divided by the spread there)" : ""));
}

std::string collection_checks(const CollectionResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& set : result.data_sets)
    for (const auto& check : set.refused)
      rows.push_back(
          {link(set, escaped(set.name)), escaped(check.code), escaped(as_sentence(check.message))});
  if (rows.empty()) return "";
  return paragraph("lead", "These data sets are refused a verdict, and so is the collection.") +
         table("refused data sets", {"data set", "check", "why"}, rows);
}

std::string collection_replay(const CollectionResult& result) {
  const auto run = result.run.empty() ? std::string("RUN") : result.run;
  std::vector<std::vector<std::string>> rows;
  const auto code = [](std::string_view text) { return element("code", "", escaped(text)); };
  rows.push_back({"study, SHA-256", code(result.study_hash)});
  rows.push_back({"results, SHA-256", code(result.results_hash)});
  rows.push_back({"seed", code(std::to_string(result.seed))});
  rows.push_back({"Qupel", code(result.version)});
  for (const auto& set : result.data_sets)
    rows.push_back({link(set, escaped(set.name)), code(set.results_hash)});
  auto html =
      paragraph("lead",
                "Every data set is a run of its own that can be shown, replayed and continued alone.") +
      preformatted("commands",
                   fmt::format("qupel replay {0}\n    runs all data sets again and compares every trial "
                               "bit for bit\n"
                               "qupel run {0}/study.toml\n    the same study; after an edit, a new one\n"
                               "qupel report {0}\n    writes this page again\n",
                               run)) +
      table("hashes and version", {"what", "value"}, rows, "identity");
  return html + listing("The study file", preformatted("the study file", result.study_toml));
}

}  // namespace qupel::report
