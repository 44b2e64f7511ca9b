#pragma once
#include "qupel/circuit/observable.h"

namespace qupel {

/// O^2 as a Pauli sum with equal strings added up: <O^2> - <O>^2 is the variance of O. Pairs of terms that
/// anticommute cancel, so that all weights are real.
Observable squared(const Observable& observable);

}  // namespace qupel
