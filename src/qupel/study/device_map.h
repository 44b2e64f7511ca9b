#pragma once
#include "qupel/device/device.h"
#include "qupel/study/result.h"

namespace qupel {

/// What a picture of the device shows.
DeviceMap map_of(const Device& device);

}  // namespace qupel
