#include "qupel/report/rank_diagram.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/row_chart.h"

namespace qupel::report {
namespace {

constexpr double rank_middle = row_height / 2.0;

Scale scale_of(const CollectionResult& result) {
  const auto last = static_cast<double>(result.contenders.size());
  return {0.8, last + 0.2, 0, 100};
}

std::string contender_strip(const CollectionResult& result, const RankedContender& c, const Scale& x) {
  const auto tip = fmt::format("{} ({}): mean rank {:.2f} over {} data sets", c.name, to_string(c.family),
                               c.mean_rank, c.ranks.size());
  auto canvas = Canvas::fluid(row_height, tip);
  row_grid(canvas, x, row_height);
  const double half = result.critical_difference / 2, last = static_cast<double>(result.contenders.size());
  canvas.line(x(std::max(0.8, c.mean_rank - half)), rank_middle, x(std::min(last + 0.2, c.mean_rank + half)),
              rank_middle, fmt::format("interval {}", colour_class(c.family)),
              fmt::format("{}, half the critical difference of {:.2f} on either side", tip,
                          result.critical_difference));
  constexpr std::array offsets{-6.0, 3.5, -2.5, 7.0, 0.5, -8.0, 5.0, -4.5};  // keep equal ranks apart
  for (std::size_t set = 0; set < c.ranks.size(); ++set)
    canvas.dot(x(c.ranks[set]), rank_middle + offsets[set % offsets.size()], 2.6,
               fmt::format("fold {}", colour_class(c.family)),
               fmt::format("{} on {}: rank {:g}", c.name, result.data_sets[set].name, c.ranks[set]));
  canvas.mark(x(c.mean_rank), rank_middle, c.family, "", tip);
  return canvas.svg();
}

double mean_rank_of(const CollectionResult& result, const std::string& name) {
  return std::ranges::find(result.contenders, name, &RankedContender::name)->mean_rank;
}

std::string group_strip(const CollectionResult& result, const std::vector<std::string>& group,
                        const Scale& x) {
  const auto tip = fmt::format("not told apart: {}", fmt::join(group, ", "));
  auto canvas = Canvas::fluid(row_height, tip);
  row_grid(canvas, x, row_height);
  canvas.line(x(mean_rank_of(result, group.front())), rank_middle, x(mean_rank_of(result, group.back())),
              rank_middle, "interval same", tip);
  return canvas.svg();
}

}  // namespace

std::string rank_diagram(const CollectionResult& result) {
  const auto x = scale_of(result);
  std::vector<ChartRow> rows;
  for (const auto* c : by_rank(result))
    rows.push_back({family_label(c->name, c->family), contender_strip(result, *c, x),
                    fmt::format("<b>{:.2f}</b>", c->mean_rank)});
  for (const auto& group : result.groups)
    rows.push_back({muted("not told apart"), group_strip(result, group, x),
                    muted(plural(static_cast<double>(group.size()), "contender"))});
  return row_chart("mean ranks with the critical difference", rows,
                   row_axis(
                       x, [](double value) { return fmt::format("{:g}", value); }, "← better · mean rank"),
                   "rows ranks");
}

}  // namespace qupel::report
