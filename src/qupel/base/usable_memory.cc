#include "qupel/base/usable_memory.h"

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/base/memory.h"

namespace qupel {
namespace {

constexpr double gigabyte = 0x1p30;
constexpr double usable_share = 0.85;

const MemoryLimit& limit() {
  static const MemoryLimit usable = [] {
    auto found = memory_limit();
    found.bytes *= usable_share;
    return found;
  }();
  return usable;
}

}  // namespace

double usable_memory() { return limit().bytes; }

std::string memory_refusal(double bytes) {
  if (bytes <= limit().bytes) return "";
  return fmt::format("needs {:.3g} GB of memory, and {:.3g} GB may be used {}", bytes / gigabyte,
                     limit().bytes / gigabyte, limit().where);
}

void require_bytes(double bytes, std::string_view what) {
  if (const auto refusal = memory_refusal(bytes); !refusal.empty())
    throw InputError(fmt::format("{} {}", what, refusal));
}

}  // namespace qupel
