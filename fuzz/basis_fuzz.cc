// Any text: a basis set in the format of Gaussian 94, or an InputError.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/basis.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& [element, shells] :
         qupel::read_gaussian94({reinterpret_cast<const char*>(data), size}, "fuzz.g94").shells)
      for (const auto& shell : shells)
        if (shell.exponents.size() != shell.coefficients.size() || shell.exponents.empty()) std::abort();
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
