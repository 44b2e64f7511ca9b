#include "qupel/cli/command.h"

namespace qupel::cli {

void add_out(CLI::App& command, std::string& out) {
  command.add_option("--out", out, "folder of the runs (default: qupel-runs, or $QUPEL_RUNS)")
      ->type_name("DIR");
}

void add_json(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "print one JSON object for programs to read, and nothing else");
}

void add_threads(CLI::App& command, int& threads) {
  constexpr int most = 4096;
  command
      .add_option("--threads", threads,
                  "threads to compute with; results are the same for any (default: all cores)")
      ->type_name("N")
      ->check(CLI::Range(1, most));
}

}  // namespace qupel::cli
