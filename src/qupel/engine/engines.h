#pragma once
#include "qupel/engine/engine.h"

// The engines, each defined in its folder.
namespace qupel {

const Engine& batch_engine();
const Engine& tiled_engine();
const Engine& density_engine();
const Engine& trajectories_engine();
const Engine& branching_engine();
const Engine& stabilizer_engine();

/// Expectation values and variances of the job's observables from all amplitudes of a pure state.
void add_moments(const Job& job, std::span<const Complex> state, Outcome& outcome);

}  // namespace qupel
