#pragma once
#include "work.h"

namespace bench {

/// "fit-iqp-full" and "fit-reuploading": trains a circuit of the audit, as models do it. The value is the
/// last loss.
int fit(const Arguments& arguments);

}  // namespace bench
