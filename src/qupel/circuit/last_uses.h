#pragma once
#include <vector>

#include "qupel/circuit/circuit.h"

namespace qupel {

/// By operation: the classical bits that it reads or writes and that do not matter after it, because they are
/// written anew before a condition reads them, or never read again and do not matter at the end.
std::vector<std::vector<int>> last_uses(const Circuit& circuit, std::vector<bool> matters_at_the_end);

}  // namespace qupel
