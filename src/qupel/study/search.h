#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "qupel/study/spec.h"

// The search for a contender's settings in one training set: the same rule for every contender.
//
// `count` settings are tried, no more than there are. Three quarters of them are drawn before anything runs:
// the defaults; then every value of a covered hyperparameter with every value of the other covered ones, all
// else at its default; then random draws from the grid. The last quarter is drawn near the best three after
// the first inner fold: one hyperparameter changed at a time. Then they race: after each inner fold the best
// third stays (four at least), by the mean over the folds so far; the winner is the best over all folds. The
// idea is successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943).
namespace qupel {

struct SearchResult {
  Settings settings;
  std::size_t index = 0;            ///< of these settings among those tried
  double validation = 0;            ///< mean over all inner folds
  std::vector<double> validations;  ///< of everything tried, in order: the mean over the folds it ran on
};

/// The score of settings on an inner fold, more is better; `index` numbers the settings.
using InnerScore = std::function<double(const Settings& settings, std::size_t index, std::size_t fold)>;

SearchResult search(const Entry& entry, int count, int inner_folds, std::uint64_t seed,
                    const InnerScore& score);

/// The settings drawn before anything runs. @param count at most so many, fewer if the grid is smaller
std::vector<Settings> first_draws(const Entry& entry, int count, std::uint64_t seed);

/// How many different settings an entry can take.
std::uint64_t grid_size(const Entry& entry);

}  // namespace qupel
