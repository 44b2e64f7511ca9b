#pragma once
#include "qupel/contend/catalogue.h"

namespace qupel {

/// Every contender that comes with Qupel: quantum, quantum-inspired, classical. Adding one: a file with its
/// record and a line in contenders.cc.
const Catalogue& contenders();

}  // namespace qupel
