#include "qupel/device/import.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/device/json_value.h"

namespace qupel {

Device import_device(const NamedText& first, const std::optional<NamedText>& second) {
  const auto parsed = JsonValue::parse(first.text, first.place);
  const JsonValue root(parsed, std::string(first.place));
  const auto holds = [&](std::string_view key) { return root.is_object() && root.find(key); };
  if (holds("backend_name") && holds("basis_gates")) {
    if (!second)
      throw InputError(
          fmt::format("{} is IBM's configuration of a backend; its properties (props_*.json) are needed, too",
                      first.place));
    return import_ibm(first, *second);
  }
  if (holds("backend_name") && holds("gates"))
    throw InputError(fmt::format(
        "{} holds IBM's properties of a backend; give its configuration (conf_*.json) before them",
        first.place));
  if (second)
    throw InputError(fmt::format("{}: {} is no configuration of IBM's and needs no second file",
                                 second->place, first.place));
  if (holds("paradigm") && holds("braketSchemaHeader")) return import_braket(first);
  if (holds("metrics")) return import_cirq(first);
  throw InputError(fmt::format(
      "{}: no calibration that Qupel knows: IBM's conf_*.json with props_*.json, Google's calibration "
      "as Cirq publishes it, or Amazon Braket's device properties",
      first.place));
}

}  // namespace qupel
