#include "qupel/execute/machine.h"

#include "qupel/engine/simd/instruction_set.h"

namespace qupel {

std::string instruction_set() { return instruction_sets().front(); }

}  // namespace qupel
