// Any bytes as the values of a saved model, behind a head and a checksum that fit: loaded and asked, or
// refused with an InputError. XGBoost's part of a gradient-boosting model is not ours to check, and is left
// out.
#include <cstdint>
#include <string>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/contenders/contenders.h"
#include "qupel/study/saved_model.h"

namespace {

std::string eight_bytes(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

const qupel::Catalogue& all_but_boosting() {
  static const auto catalogue = [] {
    qupel::Catalogue some;
    for (const auto& record : qupel::contenders().all())
      if (record->name != "gradient-boosting") some.add(record);
    return some;
  }();
  return catalogue;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view values(reinterpret_cast<const char*>(data), size);
  const auto body = "qupel archive\n" + eight_bytes(1) + eight_bytes(size) + std::string(values);
  try {
    qupel::SavedModel::from_bytes(body + qupel::sha256(body), "fuzz", all_but_boosting())
        .predict("x,y\n1,2\n", "fuzz.csv");
  } catch (const qupel::InputError&) {
  }
  return 0;
}
