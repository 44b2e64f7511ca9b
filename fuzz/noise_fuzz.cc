// Any text: rules of noise, or an InputError; what was read is written so that it is read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/noise/noise_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto text = to_string(qupel::parse_noise({reinterpret_cast<const char*>(data), size}));
    if (to_string(qupel::parse_noise(text)) != text) std::abort();
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
