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

}  // namespace qupel
