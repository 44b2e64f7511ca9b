#pragma once
#include <span>

#include "qupel/noise/channel.h"

// The records of all channels, a file a group.
namespace qupel::channel_groups {

std::span<const ChannelSpec> pauli();     ///< depolarizing bit-flip phase-flip bit-phase-flip pauli
std::span<const ChannelSpec> coherent();  ///< x-rotation y-rotation z-rotation
std::span<const ChannelSpec> damping();   ///< amplitude-damping phase-damping thermal-relaxation

}  // namespace qupel::channel_groups
