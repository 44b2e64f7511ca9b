#include <fmt/format.h>

#include <algorithm>

#include "qupel/report/format.h"
#include "qupel/report/report.h"
#include "qupel/report/text_table.h"

namespace qupel {
namespace report {
namespace {

std::string ranks_text(const CollectionResult& result, std::size_t width, const Ink& ink) {
  std::vector<TextColumn> columns{{"contender", Align::left, 9, {}},
                                  {"family", Align::left, 3, {}},
                                  {"mean rank", Align::right, 9, {}},
                                  {"ranks", Align::left, 5, {}}};
  std::vector<std::string_view> colours;
  for (const auto* contender : by_rank(result)) {
    std::string ranks;
    for (const double rank : contender->ranks) ranks += fmt::format("{}{:g}", ranks.empty() ? "" : " ", rank);
    const std::string cells[] = {printable(contender->name), std::string(to_string(contender->family)),
                                 fmt::format("{:.2f}", contender->mean_rank), ranks};
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(cells[i]);
    colours.push_back(colour_of(contender->family));
  }
  return text_table(std::move(columns), colours, width, ink) +
         ink(dim, wrapped(fmt::format("ranks: 1 is best, in the order of the data sets; mean "
                                      "ranks differ if {} or more apart",
                                      number(result.critical_difference)),
                          width)) +
         "\n";
}

std::string sets_text(const CollectionResult& result, std::size_t width, const Ink& ink) {
  std::vector<TextColumn> columns{{"data set", Align::left, 9, {}},
                                  {"rows", Align::right, 5, {}},
                                  {"verdict", Align::left, 9, {}},
                                  {"run", Align::left, 6, {}}};
  std::vector<std::string_view> colours;
  for (const auto& set : result.data_sets) {
    const std::string cells[] = {printable(set.name), count(static_cast<double>(set.rows)),
                                 set.refused.empty() ? std::string(to_string(set.verdict))
                                                     : "refused: " + printable(set.refused.front().code),
                                 printable(set.run)};
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(cells[i]);
    colours.push_back(colour_of(set.verdict));
  }
  return text_table(std::move(columns), colours, width, ink);
}

}  // namespace
}  // namespace report

std::string text_report(const CollectionResult& result, int width, bool colour) {
  using namespace report;
  const auto columns = std::max(static_cast<std::size_t>(std::max(width, 0)), narrowest);
  const Ink ink(colour);
  return verdict_text(result.verdict, "", result.reason, columns, ink) + "\n" +
         ranks_text(result, columns, ink) + "\n" + sets_text(result, columns, ink);
}

}  // namespace qupel
