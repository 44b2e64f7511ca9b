#pragma once

namespace qupel {

/// Of the numbers that a quantum state is kept in: 32 or 64 bits each.
enum class Precision { single, double_ };

}  // namespace qupel
