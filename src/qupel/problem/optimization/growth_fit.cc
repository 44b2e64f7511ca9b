#include "qupel/problem/optimization/growth_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>

namespace qupel {

void GrowthFit::add(double size, double cost, bool solved) {
  if (solved && cost > 0)
    solved_.emplace_back(size, std::log(cost));
  else
    ++unsolved_;
}

bool GrowthFit::fit(Factor& factor) const {
  const auto n = static_cast<double>(solved_.size());
  if (solved_.size() < 3) return false;
  double x_mean = 0, y_mean = 0, xx = 0, xy = 0, rest = 0;
  for (const auto& [x, y] : solved_) x_mean += x / n, y_mean += y / n;
  for (const auto& [x, y] : solved_) {
    xx += (x - x_mean) * (x - x_mean);
    xy += (x - x_mean) * (y - y_mean);
  }
  if (xx <= 0) return false;
  const double slope = xy / xx;
  for (const auto& [x, y] : solved_) {
    const double error = y - y_mean - slope * (x - x_mean);
    rest += error * error;
  }
  const boost::math::students_t t(n - 2);
  const double width = boost::math::quantile(t, 0.975) * std::sqrt(rest / (n - 2) / xx);
  factor = {.mean = std::exp(slope),
            .low = std::exp(slope - width),
            .high = std::exp(slope + width),
            .at_zero = std::exp(y_mean - slope * x_mean)};
  return true;
}

void GrowthFit::draw(const std::string& name, std::vector<Series>& series) const {
  std::map<double, std::pair<double, int>> by_size;
  for (const auto& [x, y] : solved_) by_size[x].first += y, ++by_size[x].second;
  if (by_size.empty()) return;
  Series seen{.name = name, .points = {}, .line = false};
  for (const auto& [x, sum] : by_size) seen.points.emplace_back(x, std::exp(sum.first / sum.second));
  Factor factor;
  if (fit(factor)) {
    Series line{.name = fmt::format("{}: {:.3g} a qubit ({:.3g} to {:.3g})", name, factor.mean, factor.low,
                                    factor.high),
                .points = {}};
    if (unsolved_ > 0)
      line.name += fmt::format("; {} of {} instances not solved", unsolved_, unsolved_ + solved_.size());
    for (const double x : {by_size.begin()->first, by_size.rbegin()->first})
      line.points.emplace_back(x, factor.at_zero * std::pow(factor.mean, x));
    series.push_back(std::move(line));
  }
  series.push_back(std::move(seen));
}

}  // namespace qupel
