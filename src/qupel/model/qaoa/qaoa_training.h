#pragma once
#include "qupel/contend/contender.h"
#include "qupel/execute/qaoa_runs.h"

namespace qupel {

/// Whose mean is made small: the lowest costs that make up this share of the measurements; 1: all of them.
struct QaoaTraining {
  double share = 1;
  std::size_t steps = 60;  ///< of L-BFGS
};

struct TrainedAngles {
  QaoaAngles angles;
  FitInfo info;
};

/// Trains the angles from where they start, by exact gradients.
/// @param scale of the couplings: gammas are trained in its unit
TrainedAngles train_angles(QaoaRuns& runs, const QaoaAngles& start, double scale,
                           const QaoaTraining& training);

/// Trains the two slopes of a linear ramp (ramp_angles()) and nothing else.
TrainedAngles train_ramp(QaoaRuns& runs, std::size_t layers, double scale, const QaoaTraining& training);

/// Trains one layer from where it starts, then layer after layer more, each from the angles of the one
/// before, interpolated (INTERP of Zhou et al., PRX 10, 021067, 2020): what each depth came to, the first at
/// the front.
std::vector<TrainedAngles> train_layer_by_layer(QaoaRuns& runs, const QaoaAngles& first, std::size_t layers,
                                                double scale, const QaoaTraining& training);

}  // namespace qupel
