#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

struct Group {
  std::vector<std::size_t> rows;
  std::vector<std::size_t> counts;  ///< by class
};

std::vector<Group> gather(std::span<const int> labels, std::span<const std::size_t> groups,
                          std::size_t classes) {
  std::map<std::size_t, Group> by_id;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    auto& group = by_id[groups[row]];
    group.rows.push_back(row);
    group.counts.resize(classes);
    ++group.counts[static_cast<std::size_t>(labels[row])];
  }
  std::vector<Group> gathered;
  for (auto& [id, group] : by_id) gathered.push_back(std::move(group));
  return gathered;
}

/// Large groups first, while there is room to balance them; single rows last, class by class, in random
/// order.
void order_for_dealing(std::vector<Group>& groups, std::span<const int> labels, std::uint64_t seed) {
  Random(seed).shuffle(std::span(groups));
  std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    return std::tuple(b.rows.size(), labels[a.rows.front()]) <
           std::tuple(a.rows.size(), labels[b.rows.front()]);
  });
}

/// Rows a fold holds, by class and together.
class Folds {
 public:
  Folds(std::size_t folds, std::size_t classes) : by_class_(folds, classes), rows_(folds) {}

  /// Puts the group where its classes are rarest, then where fewest rows are. Dealt one by one, the rows of a
  /// class fill all folds before one gets a second, and what remains goes to the smallest folds: sizes differ
  /// by at most 1 by class and together.
  std::size_t deal(const Group& group) {
    std::size_t best = 0;
    for (std::size_t fold = 1; fold < rows_.size(); ++fold)
      if (std::pair(company(group, fold), rows_[fold]) < std::pair(company(group, best), rows_[best]))
        best = fold;
    for (std::size_t c = 0; c < group.counts.size(); ++c) by_class_(best, c) += group.counts[c];
    rows_[best] += group.rows.size();
    return best;
  }

 private:
  /// Pairs of a row of the group and a row of the same class already in the fold.
  std::size_t company(const Group& group, std::size_t fold) const {
    std::size_t pairs = 0;
    for (std::size_t c = 0; c < group.counts.size(); ++c) pairs += group.counts[c] * by_class_(fold, c);
    return pairs;
  }

  Matrix<std::size_t> by_class_;
  std::vector<std::size_t> rows_;
};

void require_valid(std::span<const int> labels, std::span<const std::size_t> groups, int classes, int folds) {
  if (folds < 2) throw InputError(fmt::format("cross-validation needs 2 folds or more; {} given", folds));
  if (groups.size() != labels.size())
    throw InputError(
        fmt::format("{} rows have {} groups; give one group a row", labels.size(), groups.size()));
  const auto invalid =
      std::find_if(labels.begin(), labels.end(), [&](int y) { return y < 0 || y >= classes; });
  if (invalid != labels.end())
    throw InputError(fmt::format("label {} of row {} is not one of {} classes", *invalid,
                                 invalid - labels.begin(), classes));
}

}  // namespace

std::vector<int> stratified_folds(std::span<const int> labels, std::span<const std::size_t> groups,
                                  int classes, int folds, std::uint64_t seed) {
  require_valid(labels, groups, classes, folds);
  const auto class_count = static_cast<std::size_t>(classes), fold_count = static_cast<std::size_t>(folds);
  auto gathered = gather(labels, groups, class_count);
  if (gathered.size() < fold_count)
    throw InputError(
        fmt::format("{} rows, {} of them different, cannot fill {} folds; use fewer folds or "
                    "more rows",
                    labels.size(), gathered.size(), folds));
  order_for_dealing(gathered, labels, seed);
  Folds dealt(fold_count, class_count);
  std::vector<int> fold_of(labels.size());
  for (const auto& group : gathered) {
    const auto fold = static_cast<int>(dealt.deal(group));
    for (const auto row : group.rows) fold_of[row] = fold;
  }
  return fold_of;
}

}  // namespace qupel
