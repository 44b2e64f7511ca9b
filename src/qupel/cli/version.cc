#include "qupel/cli/version.h"

#include <fmt/format.h>

#include "qupel/execute/machine.h"
#include "qupel/record/environment.h"

namespace qupel::cli {

std::string version_line() {
  const auto version = code_version();
  return "qupel " + version.substr(0, version.find('+'));
}

std::string version_text() {
  const auto version = code_version();  // 0.1.0+<commit>.edited-<digest>
  auto text = version_line();
  if (const auto plus = version.find('+'); plus != std::string::npos) {
    const auto edited = version.find(".edited-");
    text += "\ncommit " + version.substr(plus + 1, edited == std::string::npos ? edited : edited - plus - 1);
    if (edited != std::string::npos) text += fmt::format(", with edits {}", version.substr(edited + 8));
  }
  return text + "\ninstruction set " + instruction_set();
}

}  // namespace qupel::cli
