#pragma once
#include <string>

#include "qupel/study/collection.h"

// The parts of the page over several data sets, as sections.h.
namespace qupel::report {

std::string collection_header(
    const CollectionResult& result);  ///< the answer, its reason, the whole in a line
std::string collection_table(const CollectionResult& result);    ///< contenders x data sets, verdicts, links
std::string ranks_section(const CollectionResult& result);       ///< the critical-difference diagram
std::string rank_tests_section(const CollectionResult& result);  ///< Friedman's test and what it rests on
std::string collection_checks(const CollectionResult& result);   ///< members that a check refuses a verdict
std::string collection_replay(const CollectionResult& result);   ///< commands and hashes

}  // namespace qupel::report
