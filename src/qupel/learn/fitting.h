#pragma once
#include <span>
#include <vector>

#include "qupel/contend/row_model.h"
#include "qupel/train/optimizer.h"

// What the fits of different contenders have in common.
namespace qupel {

/// How many rows carry each label.
std::vector<std::size_t> label_counts(std::span<const int> labels, int classes);

/// A step limit under a budget: `steps` times context.effort, at least 1.
std::size_t step_limit(std::size_t steps, const FitContext& context);

/// Rounds of a search that improves an answer of so many values part by part at the context's effort: three a
/// value, 10 to `most`. However small the effort, more than 250 values get 50 rounds.
std::size_t part_rounds(std::size_t values, std::size_t most, const FitContext& context);

/// Of these rounds those that an executor has time for: each is a circuit or more of its own, which on a
/// device is compiled and run under noise, so four there.
std::size_t rounds_on(const Executor& executor, std::size_t rounds);

/// How training ended; losses evenly thinned to at most 200, first and last included.
FitInfo fit_info(const Optimum& optimum);

/// An optimum as it goes into a saved model.
Archive to_archive(const Optimum& optimum);
/// @throws InputError unless it has so many parameters
Optimum optimum_from(const Archive& saved, std::size_t parameters);

}  // namespace qupel
