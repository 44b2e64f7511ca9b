#pragma once
#include "qupel/engine/engine.h"

// The engines, each defined in its folder.
namespace qupel {

const Engine& batch_engine();
const Engine& tiled_engine();
const Engine& density_engine();
const Engine& trajectories_engine();

/// Why a state vector refuses a job with noise.
inline constexpr std::string_view noise_refusal = "a state vector has no noise";

}  // namespace qupel
