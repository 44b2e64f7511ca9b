#include <algorithm>
#include <map>
#include <string>

#include "qupel/baseline/contenders.h"
#include "qupel/study/summary.h"
#include "qupel/study/verdict.h"

namespace qupel {
namespace {

using Scores = std::vector<double>;

struct Side {
  std::string name;
  Scores scores;
};

class Comparer {
 public:
  Comparer(const StudySpec& spec, const std::vector<EntryTrials>& by_entry)
      : spec_(spec), by_entry_(by_entry) {}

  std::vector<Comparison> all() {
    decisive();
    twins();
    same_inputs();
    inspired();
    reduction();
    floor();
    decide(comparisons_, spec_.rope);
    withhold();
    return std::move(comparisons_);
  }

 private:
  const ContenderSpec& record(std::size_t e) const { return contender(spec_.entries[e].contender); }
  Side side(std::size_t e) const {
    Side side{spec_.entries[e].name, {}};
    for (const auto* trial : by_entry_[e]) side.scores.push_back(trial->metrics.at(spec_.metric));
    return side;
  }
  std::vector<std::size_t> entries_of(Family family, Inputs inputs) const {
    std::vector<std::size_t> found;
    for (std::size_t e = 0; e < spec_.entries.size(); ++e)
      if (record(e).family == family && spec_.entries[e].inputs == inputs) found.push_back(e);
    return found;
  }
  std::vector<std::size_t> quantum() const {
    auto found = entries_of(Family::quantum, Inputs::reduced);
    const auto all = entries_of(Family::quantum, Inputs::all);
    found.insert(found.end(), all.begin(), all.end());
    return found;
  }

  /// In every split, the test score of the entry with the best validation score there.
  Side best(std::string_view name, const std::vector<std::size_t>& entries) const {
    Side best{std::string(name), {}};
    const auto splits = by_entry_.empty() ? 0 : by_entry_.front().size();
    for (std::size_t s = 0; s < splits && !entries.empty(); ++s) {
      const auto winner =
          *std::max_element(entries.begin(), entries.end(), [&](std::size_t a, std::size_t b) {
            return by_entry_[a][s]->validation < by_entry_[b][s]->validation;
          });
      best.scores.push_back(by_entry_[winner][s]->metrics.at(spec_.metric));
    }
    return best;
  }

  void add(const Side& a, const Side& b, bool decides = false) {
    if (a.scores.empty() || b.scores.empty()) return;
    Scores differences(a.scores.size());
    std::transform(a.scores.begin(), a.scores.end(), b.scores.begin(), differences.begin(), std::minus<>());
    comparisons_.push_back(compare(a.name, b.name, spec_.metric, std::move(differences),
                                   spec_.protocol == Protocol::fixed ? 1 : spec_.repeats, spec_.rope));
    comparisons_.back().decides = decides;
  }

  void decisive() {
    const auto classical = best(best_classical, entries_of(Family::classical, Inputs::all));
    add(best(best_quantum, quantum()), classical, true);
    for (const auto e : quantum()) add(side(e), classical, true);
  }
  void twins() {
    for (const auto e : quantum())
      for (std::size_t t = 0; t < spec_.entries.size(); ++t)
        if (spec_.entries[t].contender == record(e).twin) add(side(e), side(t));
  }
  void same_inputs() {
    const auto reduced = best(best_classical_reduced, entries_of(Family::classical, Inputs::reduced));
    for (const auto e : quantum()) add(side(e), reduced);
  }
  void inspired() {
    const auto classical = best(best_classical, entries_of(Family::classical, Inputs::all));
    for (const auto inputs : {Inputs::reduced, Inputs::all})
      for (const auto e : entries_of(Family::quantum_inspired, inputs)) add(side(e), classical);
  }
  void reduction() {
    for (const auto r : entries_of(Family::classical, Inputs::reduced))
      for (const auto a : entries_of(Family::classical, Inputs::all))
        if (spec_.entries[r].contender == spec_.entries[a].contender) add(side(r), side(a));
  }
  void floor() {
    for (std::size_t f = 0; f < spec_.entries.size(); ++f) {
      if (&record(f) != &floor_contender() || spec_.entries[f].inputs != Inputs::all) continue;
      add(best(best_classical, entries_of(Family::classical, Inputs::all)), side(f));
      add(best(best_quantum, quantum()), side(f));
      for (const auto e : quantum()) add(side(e), side(f));
    }
  }
  /// No verdict where nothing was learned.
  void withhold() {
    for (auto& c : comparisons_) {
      if (!c.decides || !nothing_learned(comparisons_, c)) continue;
      c.verdict = Verdict::inconclusive;
      c.repeats_needed = 0;
    }
  }

  const StudySpec& spec_;
  const std::vector<EntryTrials>& by_entry_;
  std::vector<Comparison> comparisons_;
};

}  // namespace

std::vector<Comparison> compare_all(const StudySpec& spec, const std::vector<EntryTrials>& by_entry) {
  return Comparer(spec, by_entry).all();
}

}  // namespace qupel
