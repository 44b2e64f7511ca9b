// Any text: geometries as XYZ, or an InputError. What was read is written so that it is read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/xyz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& molecule : qupel::read_xyz({reinterpret_cast<const char*>(data), size}, "fuzz.xyz")) {
      const auto again = qupel::read_xyz(qupel::to_xyz(molecule, ""), "again.xyz");
      if (again.size() != 1 || again[0].atoms.size() != molecule.atoms.size()) std::abort();
      qupel::require_possible(molecule);
    }
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
