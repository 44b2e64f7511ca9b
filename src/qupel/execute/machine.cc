#include "qupel/execute/machine.h"

#include "qupel/engine/statevector/batch.h"

namespace qupel {

std::string instruction_set() { return instruction_sets().front(); }

}  // namespace qupel
