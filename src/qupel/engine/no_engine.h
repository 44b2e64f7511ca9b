#pragma once
#include "qupel/base/error.h"

namespace qupel {

/// No engine of this computer can run a job: it is too wide, or of operations that none knows.
class NoEngine : public InputError {
  using InputError::InputError;
};

}  // namespace qupel
