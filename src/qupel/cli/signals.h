#pragma once
#include "qupel/base/interrupt.h"

namespace qupel::cli {

/// Ctrl-C and SIGTERM ask for a stop; a second one ends the process at once with exit code 130 (what was
/// saved stays). A reader that goes away and a file size limit become write errors instead of signals.
/// Descriptors 0 to 2 that are closed are pointed at /dev/null, so that no file of ours takes their place.
/// @returns what a signal stops: the command that runs
StopToken install_signals();

/// From now on the first signal ends the process at once, with exit_interrupted: for commands that keep
/// nothing.
void end_at_first_signal();

}  // namespace qupel::cli
