#include "qupel/engine/simd/instruction_set.h"

#include "qupel/engine/simd/targets.h"

#include <hwy/highway.h>

#include <algorithm>

#include "qupel/base/error.h"

namespace qupel {
namespace {

// What this machine can run, asked before anything is forced. Where Highway says nothing (to it NEON has
// AES), there is what was compiled for every machine.
const std::vector<std::int64_t>& available() {
  static const auto targets = [] {
    auto found = hwy::SupportedAndGeneratedTargets();
    if (found.empty()) found.push_back(HWY_STATIC_TARGET);
    return found;
  }();
  return targets;
}

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const auto target : available()) names.emplace_back(hwy::TargetName(target));
  return names;
}

void force_instruction_set(std::string_view name) {
  const auto names = instruction_sets();
  std::int64_t forced = 0;
  if (!name.empty()) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end()) throw InputError(unknown_name(name, "an instruction set of this machine", names));
    forced = available()[static_cast<std::size_t>(at - names.begin())];
  }
  hwy::SetSupportedTargetsForTest(forced);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace qupel
