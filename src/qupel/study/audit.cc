#include <algorithm>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/study/entries.h"
#include "qupel/study/spec.h"

namespace qupel {
namespace {

struct Size {
  std::size_t max_rows;
  int keep;      ///< up to so many columns the quantum contenders see all of them
  int features;  ///< above that, so many principal components
  int outer_folds, repeats, configurations;
  double effort;  ///< of every fit
};

/// Chosen so that two cores finish a small audit within one minute and a default one within five.
Size size_of(Budget budget, std::size_t classes) {
  constexpr std::size_t few = 3;  // many take several times as long
  switch (budget) {
    case Budget::small:
      return {400, 6, 4, 5, 2, 6, 1};
    case Budget::default_:
      return {classes <= few ? std::size_t{1000} : 600, 8, 6, 5, 3, 12, 1};
    case Budget::large:
      break;
  }
  return {2000, 10, 8, 10, 3, 24, 2};
}

std::size_t prepared_columns(const TabularProblem& problem) {
  std::vector<std::size_t> rows(problem.labels.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return Preparation::fit(problem, rows).names().size();
}

double rarest_share(const TabularProblem& problem) {
  std::vector<double> counts(problem.classes.size());
  for (const int label : problem.labels) ++counts[static_cast<std::size_t>(label)];
  return *std::min_element(counts.begin(), counts.end()) / static_cast<double>(problem.labels.size());
}

}  // namespace

Budget budget(std::string_view name) {
  if (name == "small") return Budget::small;
  if (name == "default") return Budget::default_;
  if (name == "large") return Budget::large;
  const std::vector<std::string> valid{"small", "default", "large"};
  throw InputError("--budget: " + unknown_name(name, "a budget", valid));
}

StudySpec audit_study(const TabularProblem& problem, Budget budget, std::uint64_t seed) {
  const auto size = size_of(budget, problem.classes.size());
  const auto columns = static_cast<int>(prepared_columns(problem));
  constexpr double imbalance = 0.2;  // the imbalance gate's threshold: accuracy says little below it
  StudySpec spec;
  spec.name = problem.name;
  spec.seed = seed;
  const auto known = data_sets();
  const bool embedded =
      std::any_of(known.begin(), known.end(), [&](const auto& s) { return s.name == problem.source; });
  (embedded ? spec.data_set : spec.file) = problem.source;
  spec.target = problem.target;
  spec.max_rows = size.max_rows;
  spec.outer_folds = size.outer_folds;
  spec.repeats = size.repeats;
  spec.configurations = size.configurations;
  spec.metric = rarest_share(problem) < imbalance ? "balanced-accuracy" : "accuracy";
  spec.features = columns <= size.keep ? std::max(columns, 1) : size.features;
  spec.reduction = columns <= size.keep ? Reduction::none : Reduction::pca;
  spec.effort = size.effort;
  spec.entries = default_entries();
  return spec;
}

}  // namespace qupel
