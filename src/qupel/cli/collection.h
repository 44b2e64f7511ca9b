#pragma once
#include "qupel/cli/session.h"
#include "qupel/study/collection.h"

namespace qupel::cli {

/// Runs the study on every data set, one after the other, or goes on with it; then sums up, writes the report
/// over all, and prints the outcome. @throws Interrupted after telling how to go on
void run_collection(const CollectionSpec& spec, std::span<const std::unique_ptr<Problem>> problems,
                    const SessionOptions& options, const Console& console);

/// "data set 2 of 8", the place of a member.
std::string place(std::size_t index, std::size_t count);

/// What all members found. @throws InputError if one is missing or unfinished
std::vector<StudyResult> member_results(const RunStore& store, const RunInfo& collection);

}  // namespace qupel::cli
