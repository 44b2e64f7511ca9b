#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/folds.h"

namespace qupel {
namespace {

/// Rows by class, and all rows last. Signed: an exchange of two groups moves their difference.
using ClassCounts = std::vector<std::int64_t>;

struct Group {
  std::vector<std::size_t> rows;
  ClassCounts counts;

  void add(std::size_t row, int label, std::size_t classes) {
    rows.push_back(row);
    counts.resize(classes + 1);
    ++counts[static_cast<std::size_t>(label)];
    ++counts[classes];
  }
};

std::vector<Group> gather(std::span<const int> labels, std::span<const std::size_t> groups,
                          std::size_t classes) {
  std::map<std::size_t, Group> by_id;
  for (std::size_t row = 0; row < labels.size(); ++row) by_id[groups[row]].add(row, labels[row], classes);
  std::vector<Group> gathered;
  for (auto& [id, group] : by_id) gathered.push_back(std::move(group));
  return gathered;
}

/// Rows of a group are equal, but not copies of one record, if their labels differ.
bool holds_one_label(const Group& group) {
  return std::ranges::count(group.counts, std::int64_t{0}) + 2 == std::ssize(group.counts);
}

/// Takes apart large groups, of more rows than a quarter of a fold's share (and than ten, where a fold holds
/// as many). Together they would make a fold of their own kind, with its own base rate and its own errors,
/// and differences would vary by fold for that alone. Such a group tells that the table has few different
/// rows, unless all its labels are the same: then it may be one record, copied, and stays together.
std::vector<Group> without_large(std::vector<Group> groups, std::span<const int> labels, std::size_t classes,
                                 std::size_t folds) {
  const auto share = (labels.size() + folds - 1) / folds;
  const auto most = std::max(share / 4, std::min(share, std::size_t{10}));
  std::vector<Group> kept;
  for (auto& group : groups) {
    if (group.rows.size() <= most || holds_one_label(group)) {
      kept.push_back(std::move(group));
      continue;
    }
    for (const auto row : group.rows) kept.emplace_back().add(row, labels[row], classes);
  }
  return kept;
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

/// What the folds hold, and what that costs: chi squared of their rows, by class and together,
/// the sum over folds of sum_c (n_c - N_c/k)^2 / N_c + (n - N/k)^2 / N
/// for a fold's n_c of the N_c rows of class c and k folds.
class FoldCounts {
 public:
  FoldCounts(std::size_t folds, const ClassCounts& rows) : counts_(folds, ClassCounts(rows.size())) {
    for (const auto n : rows) weights_.push_back(n > 0 ? 1 / static_cast<double>(n) : 0);
  }

  void add(std::size_t fold, const ClassCounts& counts, std::int64_t sign = 1) {
    for (std::size_t c = 0; c < counts.size(); ++c) counts_[fold][c] += sign * counts[c];
  }
  /// Half of what the cost grows by if a fold gets these rows, less what is the same for every fold.
  double cost_of_adding(std::size_t fold, const ClassCounts& counts) const {
    double cost = 0;
    for (std::size_t c = 0; c < counts.size(); ++c)
      cost += weights_[c] * static_cast<double>(counts[c] * counts_[fold][c]);
    return cost;
  }
  /// Half of what the cost grows by if `given` goes from one fold to another and `taken` comes back.
  double cost_of_exchange(std::size_t from, std::size_t to, const ClassCounts& given,
                          const ClassCounts& taken) const {
    double cost = 0;
    for (std::size_t c = 0; c < given.size(); ++c) {
      const auto moved = given[c] - taken[c];
      cost += weights_[c] * static_cast<double>(moved * (moved + counts_[to][c] - counts_[from][c]));
    }
    return cost;
  }

 private:
  std::vector<ClassCounts> counts_;
  std::vector<double> weights_;
};

/// Groups in folds. Groups with equal counts are of one kind: the search looks at kinds, of which there are
/// few where there are many rows.
class Folds {
 public:
  Folds(const std::vector<Group>& groups, std::size_t folds)
      : groups_(groups), counts_(folds, sum(groups)), held_(folds), fold_count_(folds) {
    std::map<ClassCounts, std::size_t> known;
    for (const auto& group : groups) {
      const auto [at, is_new] = known.emplace(group.counts, kinds_.size());
      if (is_new) kinds_.push_back(group.counts);
      kind_of_.push_back(at->second);
    }
    kinds_.emplace_back(groups.front().counts.size());  // the last kind: nothing
    for (auto& fold : held_) fold.resize(kinds_.size());
  }

  /// Every group in the given order to the fold where it costs least. Dealt one by one, the rows of a class
  /// fill all folds before one gets a second, and what remains goes to the smallest folds: sizes of single
  /// rows differ by at most 1 by class and together. An empty fold is always cheapest.
  void deal() {
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      std::size_t best = 0;
      double least = counts_.cost_of_adding(0, groups_[group].counts);
      for (std::size_t fold = 1; fold < fold_count_; ++fold)
        if (const double cost = counts_.cost_of_adding(fold, groups_[group].counts); cost < least)
          best = fold, least = cost;
      put(best, group);
    }
  }

  /// The best move of a group, or exchange of two, between each pair of folds in turn, until none lowers the
  /// cost. @param work numbers to compare, about, before it ends anyway
  void improve(std::size_t work) {
    for (std::size_t unchanged = 0, turn = 0; unchanged < fold_count_ * fold_count_ && work > 0; ++turn) {
      const auto from = turn / fold_count_ % fold_count_, to = turn % fold_count_;
      unchanged = from != to && improve_pair(from, to, work) ? 0 : unchanged + 1;
    }
  }

  std::vector<int> fold_of_rows(std::size_t rows) const {
    std::vector<int> fold_of(rows);
    for (std::size_t fold = 0; fold < fold_count_; ++fold)
      for (const auto& kind : held_[fold])
        for (const auto group : kind)
          for (const auto row : groups_[group].rows) fold_of[row] = static_cast<int>(fold);
    return fold_of;
  }

 private:
  static ClassCounts sum(const std::vector<Group>& groups) {
    ClassCounts total(groups.front().counts.size());
    for (const auto& group : groups)
      for (std::size_t c = 0; c < total.size(); ++c) total[c] += group.counts[c];
    return total;
  }

  void put(std::size_t fold, std::size_t group) {
    held_[fold][kind_of_[group]].push_back(group);
    counts_.add(fold, groups_[group].counts);
  }
  void move(std::size_t kind, std::size_t from, std::size_t to) {
    if (kind == nothing()) return;
    const auto group = held_[from][kind].back();
    held_[from][kind].pop_back();
    counts_.add(from, kinds_[kind], -1);
    put(to, group);
  }

  std::size_t nothing() const { return kinds_.size() - 1; }
  std::vector<std::size_t> kinds_in(std::size_t fold) const {
    std::vector<std::size_t> kinds;
    for (std::size_t kind = 0; kind < nothing(); ++kind)
      if (!held_[fold][kind].empty()) kinds.push_back(kind);
    return kinds;
  }

  /// Gives a kind from one fold for a kind, or nothing, of the other. @returns whether that lowers the cost
  bool improve_pair(std::size_t from, std::size_t to, std::size_t& work) {
    constexpr double rounding = 1e-12;
    auto takable = kinds_in(to);
    takable.push_back(nothing());
    double least = -rounding;
    std::size_t given = nothing(), taken = nothing();
    for (const auto give : kinds_in(from)) {
      if (work == 0) break;
      for (const auto take : takable)
        if (const double cost = counts_.cost_of_exchange(from, to, kinds_[give], kinds_[take]); cost < least)
          given = give, taken = take, least = cost;
      work -= std::min(work, takable.size() * kinds_[give].size());
    }
    if (given == nothing()) return false;
    move(given, from, to);
    move(taken, to, from);
    return true;
  }

  const std::vector<Group>& groups_;
  FoldCounts counts_;
  std::vector<ClassCounts> kinds_;
  std::vector<std::size_t> kind_of_;                         ///< by group
  std::vector<std::vector<std::vector<std::size_t>>> held_;  ///< by fold and kind: groups
  std::size_t fold_count_;
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
  gathered = without_large(std::move(gathered), labels, class_count, fold_count);
  order_for_dealing(gathered, labels, seed);
  constexpr std::size_t work = 20'000'000;  // some 20 ms
  Folds dealt(gathered, fold_count);
  dealt.deal();
  dealt.improve(work);
  return dealt.fold_of_rows(labels.size());
}

}  // namespace qupel
