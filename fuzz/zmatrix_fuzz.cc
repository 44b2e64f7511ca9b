// Any text: a geometry as a Z-matrix, or an InputError. Coordinates are finite.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/zmatrix.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& atom :
         qupel::read_zmatrix({reinterpret_cast<const char*>(data), size}, "fuzz.zmat").atoms)
      for (const double x : atom.position)
        if (!std::isfinite(x)) std::abort();
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
