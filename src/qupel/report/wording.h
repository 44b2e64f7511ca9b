#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/result.h"

// What a verdict is called, the same everywhere: page, terminal, table words, headline.
namespace qupel::report {

/// A comparison's verdict, or the strongest one that its own probabilities bear: results of older versions
/// hold "classical better" and "equivalent" without evidence for them.
Verdict shown(const Comparison& comparison);

/// "better", "worse", "practically equal", "not better" (a lead that matters is ruled out) or "undecided": of
/// the contender against the other side.
std::string_view outcome(const Comparison& comparison);

/// "2 of 3 better, 1 undecided"
std::string tally(const std::vector<const Comparison*>& comparisons);

/// What everybody must beat, in words.
std::string floor_words(const StudyResult& result);
/// How answers were tested: "5 × 3 splits" of a table (folds, then repeats), "4 splits" of anything else.
std::string splits_words(const StudyResult& result);
/// How many those are.
std::size_t splits_of(const StudyResult& result);

/// ", on all columns or on the reduced ones" of a table; "" where there are no columns.
std::string_view on_which_columns(const StudyResult& result);

struct Answer {
  std::string_view css, sign;
  std::string sentence;
};
/// The answer of the whole study: its headline, or by its verdict in results of older versions.
Answer answer_of(const StudyResult& result);

/// A sentence that says how far the answer reaches, and the part of the page that shows it.
struct Reach {
  std::string text;
  std::string_view section;
};
/// An older rule, which look it is, finite shots, other random seeds, what the study could show. Without
/// those that the result does not hold.
std::vector<Reach> reach_of(const StudyResult& result);

}  // namespace qupel::report
