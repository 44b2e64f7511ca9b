#pragma once
#include <map>
#include <string>

// What a run was made by and on.
namespace qupel {

/// The version of this program: `git describe` of its sources and, if they were edited, a digest of the
/// edits; without git the release number.
std::string code_version();

/// The date (as utc_now), machine (cpu, cores, memory, instruction set, system), compiler and library
/// versions, by name.
std::map<std::string, std::string> environment();

/// Now, in ISO 8601 UTC to the second.
std::string utc_now();

}  // namespace qupel
