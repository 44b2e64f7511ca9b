// Any bytes as a study file: parsed or refused with an InputError, and what is parsed survives its own text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/contenders/contenders.h"
#include "qupel/study/collection.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const auto spec = qupel::parse_collection(text, "fuzz.toml", qupel::contenders());
    if (!(qupel::parse_collection(qupel::to_toml(spec), "fuzz.toml", qupel::contenders()) == spec))
      std::abort();
  } catch (const qupel::InputError&) {
  }
  return 0;
}
