#pragma once
#include <vector>

#include "qupel/contend/contender.h"

namespace qupel {

/// The hyperparameters with which kernels choose how rows become states (Encoder reads them): "encoding",
/// "bandwidth", "pair-bandwidth", "repeats" and "pairs".
std::vector<HyperParameter> encoding_hyperparameters(std::vector<Setting> encodings);

}  // namespace qupel
