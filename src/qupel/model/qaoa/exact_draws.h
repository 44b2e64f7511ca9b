#pragma once
#include <cstdint>

namespace qupel {

/// How many answers a QAOA draws where its state is known exactly, and no number of shots is asked for.
inline constexpr std::uint64_t exact_draws = 1000;

}  // namespace qupel
