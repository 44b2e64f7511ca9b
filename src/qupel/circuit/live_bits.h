#pragma once
#include <vector>

#include "qupel/circuit/circuit.h"

namespace qupel {

/// By operation: which classical bits matter after it, because a condition reads them before they are written
/// anew, or because they matter at the end.
std::vector<std::vector<bool>> live_bits(const Circuit& circuit, std::vector<bool> at_the_end);

}  // namespace qupel
