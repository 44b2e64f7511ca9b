// Any text: a device file, a vendor's calibration (IBM's two files with a NUL between them), the name of a
// generic device; or an InputError. A device that is sound is written so that it is read again.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/device/device.h"
#include "qupel/device/generic.h"
#include "qupel/device/import.h"

namespace {

template <typename Read>
void try_to(const Read& read) {
  try {
    const auto device = qupel::validated(read());
    const auto text = to_json(device);
    if (to_json(qupel::validated(qupel::device_from_json(text, "again"))) != text) std::abort();
    static_cast<void>(medians(device));
  } catch (const qupel::InputError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto first = all.substr(0, all.find('\0'));
  std::optional<qupel::NamedText> second;
  if (first.size() < all.size()) second = {all.substr(first.size() + 1), "second"};
  try_to([&] { return qupel::device_from_json(first, "first"); });
  try_to([&] { return qupel::import_device({first, "first"}, second); });
  if (qupel::is_generic(first)) try_to([&] { return qupel::generic_device(first); });
  return 0;
}
