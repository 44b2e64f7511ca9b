#pragma once
#include "qupel/device/device.h"
#include "qupel/device/json_value.h"

namespace qupel {

JsonValue::Json price_to_json(const Price& price);

/// The fields of Price by their names; "per_hour" may stand in place of "per_second".
/// @throws InputError naming the field and the value
Price price_from_json(const JsonValue& object);

}  // namespace qupel
