#pragma once
#include <string>

#include "qupel/study/collection.h"

namespace qupel::report {

/// The critical-difference diagram (Demsar 2006), a row a contender: its ranks as faint dots, the mean rank
/// with half a critical difference on either side, so that bars which do not meet differ; below, a line over
/// each group that is not told apart.
std::string rank_diagram(const CollectionResult& result);

}  // namespace qupel::report
