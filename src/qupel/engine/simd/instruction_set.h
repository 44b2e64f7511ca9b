#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// Names of the instruction sets that this machine can run ("AVX3", "AVX2", "SSE4", ...), best first.
std::vector<std::string> instruction_sets();

/// Makes all kernels use one of them (for tests and comparisons); "" returns to the best.
/// @throws InputError if the machine has no instruction set of that name
void force_instruction_set(std::string_view name);

}  // namespace qupel
