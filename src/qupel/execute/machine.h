#pragma once
#include <string>

namespace qupel {

/// The best instruction set of this machine, with which its engines run unless a test forces another one, for
/// example "AVX2".
std::string instruction_set();

}  // namespace qupel
