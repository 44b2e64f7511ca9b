#pragma once
#include <string>
#include <string_view>

// How much memory engines may use: most of what the machine, its control group and the process's limits
// allow. The rest is for the data and for the program itself.
namespace qupel {

/// In bytes.
double usable_memory();

/// Why `bytes` of memory cannot be used; empty if they can.
std::string memory_refusal(double bytes);

/// @param what what needs the memory, as the subject of the message's sentence
/// @throws InputError if `bytes` cannot be used
void require_bytes(double bytes, std::string_view what);

}  // namespace qupel
