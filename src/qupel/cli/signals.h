#pragma once

namespace qupel::cli {

/// Ctrl-C and SIGTERM ask for a stop; a second one ends the process at once with exit code 130 (what was
/// saved stays). A reader that goes away and a file size limit become write errors instead of signals.
/// Descriptors 0 to 2 that are closed are pointed at /dev/null, so that no file of ours takes their place.
void install_signals();

}  // namespace qupel::cli
