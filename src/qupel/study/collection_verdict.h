#pragma once
#include "qupel/study/collection.h"

namespace qupel {

/// Sets verdict and reason from all other fields, by the rule of summarise_collection(). Private to study/.
void conclude(CollectionResult& result);

}  // namespace qupel
