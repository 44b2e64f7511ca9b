#pragma once
#include "qupel/model/contender.h"

namespace qupel {

/// Every contender: quantum, quantum-inspired, classical. Adding one: a file with its record and a line in
/// contenders.cc.
std::span<const ContenderSpec* const> contenders();
const ContenderSpec& contender(std::string_view name);  ///< @throws InputError naming the nearest

/// The contender that looks at no feature: what all others must beat, and what a fit that failed counts as.
const ContenderSpec& floor_contender();

}  // namespace qupel
