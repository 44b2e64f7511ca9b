#pragma once
#include <string>

namespace qupel::cli {

/// "qupel 0.1.0": the release alone.
std::string version_line();

/// What `qupel --version` prints: the release, the commit if it is known and whether sources were edited
/// since, and the instruction set that the engine uses on this computer.
std::string version_text();

}  // namespace qupel::cli
