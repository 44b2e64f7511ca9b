#pragma once
#include <string>

namespace qupel {

/// The instruction set that this machine's engines run with, for example "AVX2".
std::string instruction_set();

}  // namespace qupel
