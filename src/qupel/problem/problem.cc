#include "qupel/problem/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "qupel/base/error.h"

namespace qupel {

std::string_view to_string(Check::Severity severity) {
  switch (severity) {
    case Check::Severity::passed:
      return "passed";
    case Check::Severity::warning:
      return "warning";
    case Check::Severity::refused:
      return "refused";
  }
  return "";
}

const Metric& Problem::metric(std::string_view name) const {
  const auto& all = metrics();
  const auto found = std::ranges::find(all, name, &Metric::name);
  if (found != all.end()) return *found;
  std::vector<std::string> names;
  for (const auto& each : all) names.push_back(each.name);
  throw SettingError("metric", unknown_name(name, "a metric of this problem", names));
}

std::shared_ptr<const Instance> Problem::view(const Instance& instance, const InputChoice&) const {
  return {std::shared_ptr<const Instance>(), &instance};
}

std::string Problem::split_words(const Splitting& splitting) const {
  return fmt::format("{} units", splits(splitting).size());
}

std::vector<std::size_t> Problem::equal_rows() const {
  std::vector<std::size_t> own(rows());
  std::iota(own.begin(), own.end(), std::size_t{0});
  return own;
}

}  // namespace qupel
