#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/rows.h"
#include "qupel/study/entries.h"
#include "qupel/study/inputs.h"
#include "qupel/study/spec.h"

namespace qupel {
namespace {

struct Size {
  std::size_t max_rows;
  int features;  ///< the most columns that quantum contenders see: principal components if there are more
  int trained;   ///< the most that trained circuits see: each of their fits costs seconds beyond
  int outer_folds, repeats, configurations;
  double effort;  ///< of every fit
};

/// Chosen so that two cores finish a small audit within one minute and a default one within five.
Size size_of(Budget budget, std::size_t classes) {
  constexpr std::size_t few = 3;  // many take several times as long
  switch (budget) {
    case Budget::small:
      return {400, 6, 4, 5, 2, 24, 1};
    case Budget::default_:
      return {classes <= few ? std::size_t{800} : 500, 10, 6, 5, 3, 56, 1};
    case Budget::large:
      break;
  }
  return {2000, 10, 8, 10, 3, 96, 2};
}

/// How many of the reduced columns the search may take, all of them first.
std::vector<Setting> column_counts(int columns, int most) {
  std::vector<Setting> counts{columns <= most ? 0.0 : most};
  for (int count = std::min(columns, most) - 2; count >= 4; count -= 2)
    counts.emplace_back(static_cast<double>(count));
  return counts;
}

/// Trained circuits have random starts; a fit of theirs costs what hundreds of kernel fits cost.
bool trains_a_circuit(const Contender& record) {
  return record.circuit_cost && has_hyperparameter(record, "starts");
}

/// The contenders that can take so many columns, each with what it may see of the reduced ones: fewer
/// principal components, columns scaled with less regard to outliers, and angles as they are.
std::vector<Entry> audit_entries(const DataSet& data, int columns, const Size& size,
                                 const Catalogue& catalogue) {
  const bool whole = columns <= size.trained;  // nothing is reduced
  std::vector<Setting> scalings{std::string("range"), std::string("robust")};
  if (whole && columns_are_angles(data)) scalings = {std::string("angle"), std::string("range")};
  std::vector<Entry> entries;
  for (auto& entry : default_entries(catalogue, data.holds_numbers() ? "regression" : "classification")) {
    const auto& record = entry.contender();
    if (whole && entry.name.ends_with("@reduced")) continue;  // would see the same columns again
    if (record.most_columns > 0 && static_cast<std::size_t>(columns) > record.most_columns) continue;
    if (entry.inputs == Inputs::reduced && !record.hyperparameters.empty()) {
      entry.space[std::string(input_scaling)] = scalings;
      if (!whole)
        entry.space[std::string(input_columns)] = column_counts(
            std::min(columns, size.features), trains_a_circuit(record) ? size.trained : size.features);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::size_t prepared_columns(const DataSet& data) {
  std::vector<std::size_t> rows(data.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return Preparation::fit(data, rows).names().size();
}

/// How thoroughly another kind of problem than a table is searched.
struct Effort {
  int repeats, configurations;
  double effort;
};

Effort effort_of(Budget budget) {
  switch (budget) {
    case Budget::small:
      return {2, 4, 0.5};
    case Budget::default_:
      return {5, 8, 1};
    case Budget::large:
      break;
  }
  return {10, 24, 2};
}

/// Fewer of something, by the root of a share, but at least so many.
int fewer(int count, double share, int least) {
  const auto wanted = static_cast<int>(std::lround(count * std::sqrt(share)));
  return std::min(count, std::max(least, wanted));
}

/// Each visit of all bits takes longer in proportion to their number, and so does each coupled bit: so that
/// an audit of many bits ends in the time of its budget, fits take fewer starts and rounds, and there are
/// fewer of them; the study says so among what it left out. Nothing is saved up to 250 bits, nor where a
/// problem is mostly solved in terms of its own.
void save_time(const ProblemKind& kind, const Problem& problem, StudySpec& spec) {
  constexpr double usual_bits = 250, least_effort = 0.01;
  const auto bits = static_cast<double>(problem.width({}));
  if (bits <= usual_bits || kind.in_own_terms) return;
  const double share = usual_bits / bits;
  const auto before = spec;
  spec.configurations = fewer(spec.configurations, share, 2);
  spec.effort = std::max(least_effort, spec.effort * share);
  std::string repeats;
  if (problem.facts().rows == 1) {  // else the instances are the repeats
    const int all = before.repeats * before.outer_folds;
    spec.outer_folds = 2;
    spec.repeats = (fewer(all, share, 4) + 1) / 2;
    repeats = fmt::format("repeats ({} instead of {}), ", spec.repeats * spec.outer_folds, all);
  }
  spec.left_out.push_back(fmt::format(
      "since {} bits take long: {}configurations ({} instead of {}) and starts and rounds of each "
      "fit (an effort of {:.2g} instead of {:g}); another --budget takes more",
      problem.width({}), repeats, spec.configurations, before.configurations, spec.effort, before.effort));
}

double rarest_share(const DataSet& data) {
  return static_cast<double>(std::ranges::min(strata_counts(data))) / static_cast<double>(data.rows());
}

}  // namespace

Budget budget(std::string_view name) {
  if (name == "small") return Budget::small;
  if (name == "default") return Budget::default_;
  if (name == "large") return Budget::large;
  const std::vector<std::string> valid{"small", "default", "large"};
  throw InputError("--budget: " + unknown_name(name, "a budget", valid));
}

std::string describe(Budget budget) {
  const auto size = size_of(budget, 2);
  return fmt::format("{} rows, {} configurations a contender, {} x {} folds", size.max_rows,
                     size.configurations, size.outer_folds, size.repeats);
}

StudySpec audit_study(const DataSet& data, Budget budget, std::uint64_t seed, const Catalogue& catalogue,
                      TableTask task) {
  const auto size = size_of(budget, data.strata_count());
  const auto columns = static_cast<int>(prepared_columns(data));
  constexpr double imbalance = 0.2;  // the imbalance check's threshold: accuracy says little below it
  StudySpec spec;
  spec.name = data.name;
  spec.seed = seed;
  const auto known = data_sets();
  const bool embedded =
      std::any_of(known.begin(), known.end(), [&](const auto& s) { return s.name == data.source; });
  (embedded ? spec.data_set : spec.file) = data.source;
  spec.target = data.target;
  spec.max_rows = size.max_rows;
  spec.outer_folds = size.outer_folds;
  spec.repeats = size.repeats;
  spec.configurations = size.configurations;
  spec.task = task;
  spec.metric = data.holds_numbers()             ? "rmse"
                : rarest_share(data) < imbalance ? "balanced-accuracy"
                                                 : "accuracy";
  spec.features = std::clamp(columns, 1, size.features);
  spec.reduction = columns <= size.trained ? Reduction::none : Reduction::pca;
  spec.effort = size.effort;
  spec.entries = audit_entries(data, columns, size, catalogue);
  return spec;
}

StudySpec audit_study(const ProblemKind& kind, const std::string& file, const ProblemOptions& options,
                      const Problem& problem, Budget budget, std::uint64_t seed, const Catalogue& catalogue) {
  const auto effort = effort_of(budget);
  StudySpec spec;
  spec.name = problem.facts().name;
  spec.seed = seed;
  spec.kind = kind.name;
  spec.precision = kind.precision;
  spec.file = file;
  spec.options = options;
  spec.metric = kind.deciding.front();
  spec.repeats = effort.repeats;
  spec.configurations = effort.configurations;
  spec.effort = effort.effort;
  save_time(kind, problem, spec);
  const auto splitting = splitting_of(spec);
  const auto first = problem.prepare(splitting, problem.splits(splitting).front());
  const auto instance = problem.view(*first.outer.learn, {});
  for (auto& entry : default_entries(catalogue, problem.kind())) {
    const auto& record = entry.contender();
    if (record.concerns && !record.concerns(*instance)) continue;
    const auto why = record.refuses ? record.refuses(*instance) : std::string();
    if (why.empty())
      spec.entries.push_back(std::move(entry));
    else
      spec.left_out.push_back(fmt::format("{}: {}", entry.name, why));
  }
  return spec;
}

}  // namespace qupel
