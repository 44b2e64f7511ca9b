#pragma once
#include "qupel/engine/engine.h"

// The engines, each defined in its folder.
namespace qupel {

const Engine& batch_engine();
const Engine& tiled_engine();
const Engine& density_engine();
const Engine& trajectories_engine();
const Engine& branching_engine();

}  // namespace qupel
