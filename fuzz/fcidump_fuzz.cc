// Any text: integrals as FCIDUMP, or an InputError. What was read is written so that it is read again.
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/fcidump.h"

namespace {

/// A number of three digits stands in the beginning, where the orbitals are counted: memory for these is not
/// what is tested.
bool has_many_orbitals(std::string_view text) {
  int digits = 0;
  for (const char c : text.substr(0, 200)) {
    digits = std::isdigit(static_cast<unsigned char>(c)) != 0 ? digits + 1 : 0;
    if (digits == 3) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (has_many_orbitals(text)) return 0;
  try {
    const auto system = qupel::read_fcidump(text, "fuzz.fcidump");
    const auto again = qupel::read_fcidump(qupel::to_fcidump(system), "again.fcidump");
    if (again.alpha != system.alpha || again.beta != system.beta || again.orbitals() != system.orbitals())
      std::abort();
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
