#pragma once
#include "qupel/problem/kind.h"

namespace qupel {

/// Molecules from XYZ files, Z-matrices and FCIDUMP.
extern const ProblemKind molecule_kind;

}  // namespace qupel
