#include "qupel/study/comparisons.h"

#include <algorithm>

namespace qupel {
namespace {

/// The comparisons that decide, of some entries of the quantum side.
void add_sides(const Contest& contest, const std::vector<std::size_t>& entries, const Read& quantum,
               const Read& others, std::vector<Comparison>& all) {
  const auto rival = contest.scores(contest.chosen(contest.others()), others);
  for (const auto e : entries)
    contest.add(all, contest.name(e), contest.scores(e, quantum), best_classical, rival, true);
}

class Comparer {
 public:
  explicit Comparer(const Contest& contest)
      : contest_(contest),
        score_(contest.on_test_rows()),
        quantum_(contest.scores(contest.chosen(contest.quantum()), score_)),
        rival_(contest.scores(contest.chosen(contest.others()), score_)) {}

  std::vector<Comparison> all() {
    add(best_quantum, quantum_, best_classical, rival_);
    add_sides(contest_, contest_.quantum(), score_, score_, comparisons_);
    twins();
    same_inputs();
    inspired();
    reduction();
    floor();
    for (auto& c : comparisons_) c.quantum = is_quantum(c.contender);
    decide(comparisons_, contest_.design());
    if (best_validated_learned(contest_, comparisons_)) return std::move(comparisons_);
    for (auto& c : comparisons_) withhold(c);
    return std::move(comparisons_);
  }

 private:
  void add(std::string_view name, const Readings& scores, std::string_view against, const Readings& others) {
    contest_.add(comparisons_, name, scores, against, others);
  }
  Readings scores(std::size_t entry) const { return contest_.scores(entry, score_); }
  bool is_quantum(std::string_view name) const {
    return name == best_quantum ||
           std::ranges::any_of(contest_.quantum(), [&](auto e) { return contest_.name(e) == name; });
  }
  const Entry& entry(std::size_t e) const { return contest_.spec().entries[e]; }

  void twins() {
    for (const auto e : contest_.quantum())
      for (const auto t : contest_.others())
        if (contest_.record(t).name == contest_.record(e).twin)
          add(contest_.name(e), scores(e), contest_.name(t), scores(t));
  }
  void same_inputs() {
    const auto reduced = contest_.scores(contest_.chosen(contest_.others_on_reduced()), score_);
    for (const auto e : contest_.quantum())
      if (entry(e).inputs == Inputs::reduced)
        add(contest_.name(e), scores(e), best_classical_reduced, reduced);
  }
  void inspired() {
    for (const auto e : contest_.others())
      if (contest_.record(e).family == Family::quantum_inspired)
        add(contest_.name(e), scores(e), best_classical, rival_);
  }
  void reduction() {
    for (const auto r : contest_.others())
      for (const auto a : contest_.others())
        if (contest_.record(r).name == contest_.record(a).name && entry(r).inputs == Inputs::reduced &&
            entry(a).inputs == Inputs::all)
          add(contest_.name(r), scores(r), contest_.name(a), scores(a));
  }
  void floor() {
    const auto& floor = contest_.floor();
    const auto floor_name = contest_.problem().floor_name();
    const auto before = comparisons_.size();
    add(best_classical, rival_, floor_name, floor);
    add(best_quantum, quantum_, floor_name, floor);
    for (const auto& entries : {contest_.quantum(), contest_.others()})
      for (const auto e : entries)
        if (!contest_.record(e).floor) add(contest_.name(e), scores(e), floor_name, floor);
    for (auto i = before; i < comparisons_.size(); ++i) comparisons_[i].against_floor = true;
  }
  void withhold(Comparison& c) const {
    if (!c.decides || learning(comparisons_, c.contender) == Learning::shown ||
        learning(comparisons_, c.against) == Learning::shown)
      return;
    c.verdict = Verdict::inconclusive;
    c.repeats_needed = c.rows_needed = 0;
  }

  const Contest& contest_;
  Read score_;
  Readings quantum_, rival_;
  std::vector<Comparison> comparisons_;
};

std::vector<double> mean_training_rows(const Contest& contest) {
  double rows = 0;
  const auto all = contest.design().rows;
  for (const auto* trial : contest.trials(0))
    rows += static_cast<double>(all - trial->test_rows.size()) / static_cast<double>(contest.splits());
  std::vector<double> sizes;
  for (const double share : curve_shares) sizes.push_back(share * rows);
  sizes.push_back(rows);
  return sizes;
}

Reading reading(const Refit& refit) { return {refit.score, &refit.answer}; }

/// How many refits of every trial `list` holds; 0 if they differ.
std::size_t common_size(const Contest& contest, const std::vector<Refit> Trial::*list) {
  std::size_t size = contest.splits() ? (contest.trials(0).front()->*list).size() : 0;
  for (std::size_t e = 0; e < contest.spec().entries.size(); ++e)
    for (const auto* trial : contest.trials(e))
      if ((trial->*list).size() != size) return 0;
  return size;
}

}  // namespace

bool best_validated_learned(const Contest& contest, std::span<const Comparison> comparisons) {
  const auto best = contest.best_validated();
  return best && learning(comparisons, contest.name(*best)) == Learning::shown;
}

std::vector<Comparison> compare_all(const Contest& contest) { return Comparer(contest).all(); }

std::vector<Comparison> compare_sides(const Contest& contest, const Read& quantum, const Read& others) {
  std::vector<Comparison> all;
  add_sides(contest, contest.quantum(), quantum, others, all);
  decide(all, contest.design());
  return all;
}

std::vector<Comparison> compare_under(const Contest& contest, const std::string& execution) {
  const auto& metric = contest.spec().metric;
  const Read there = [&](const Trial& trial) {
    const auto& evaluation = trial.evaluations.at(execution);
    return Reading{evaluation.metrics.at(metric), &evaluation.answer};
  };
  auto read = contest.quantum();
  std::erase_if(read, [&](std::size_t e) {
    return std::ranges::any_of(contest.trials(e),
                               [&](auto* trial) { return !trial->evaluations.contains(execution); });
  });
  std::vector<Comparison> all;
  add_sides(contest, read, there, contest.on_test_rows(), all);
  decide(all, contest.design());
  return all;
}

std::vector<Comparison> compare_with_shots(const Contest& contest) {
  return compare_under(contest, shots_execution);
}

std::vector<LeadAtSize> lead_by_rows(const Contest& contest) {
  const auto quantum = contest.chosen(contest.quantum()), others = contest.chosen(contest.others());
  if (quantum.empty() || others.empty() || common_size(contest, &Trial::smaller) < std::size(curve_shares))
    return {};
  const auto sizes = mean_training_rows(contest);
  std::vector<LeadAtSize> leads;
  const auto at = [&](double share, double rows, const Read& score) {
    std::vector<Comparison> one;
    contest.add(one, best_quantum, contest.scores(quantum, score), best_classical,
                contest.scores(others, score));
    leads.push_back({share, rows, one.front().difference, one.front().low, one.front().high});
  };
  for (std::size_t i = 0; i < std::size(curve_shares); ++i)
    at(curve_shares[i], sizes[i], [i](const Trial& trial) { return reading(trial.smaller[i]); });
  at(1, sizes.back(), contest.on_test_rows());
  return leads;
}

std::vector<Verdict> verdicts_by_seed(const Contest& contest, Verdict own) {
  std::vector<Verdict> verdicts{own};
  for (std::size_t i = 0; i < common_size(contest, &Trial::reseeded); ++i) {
    const Read score = [i](const Trial& trial) { return reading(trial.reseeded[i]); };
    verdicts.push_back(overall_verdict(compare_sides(contest, score, score)));
  }
  return verdicts;
}

}  // namespace qupel
