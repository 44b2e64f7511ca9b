#pragma once
#include <span>
#include <vector>

#include "qupel/engine/simd/kernel_table.h"
#include "qupel/engine/statevector/workspace.h"
#include "qupel/engine/trajectories/noisy_program.h"

namespace qupel::trajectories {

/// One block of trajectories, one a lane.
template <class T>
struct Lanes {
  Lanes(const NoisyProgram& noisy, const statevector::Binding<T>& binding, std::size_t lanes);

  /// Before a block: no errors yet.
  void reset();
  /// An error on one lane: everything later that anticommutes with it changes its sign.
  void turn(std::size_t lane, const Pauli& error, int since, std::size_t event);
  /// +1 or -1: the sign of a site beyond the angles.
  double sign(std::size_t site, std::size_t lane) const {
    return signs[(site - noisy.first_damping) * lanes + lane];
  }

  const NoisyProgram& noisy;
  const statevector::Binding<T>& binding;
  std::size_t lanes;
  statevector::Workspace<T> work;
  std::vector<double> draws;   ///< by damping, a lane: uniform in [0, 1)
  std::vector<double> signs;   ///< by site from first_damping on, a lane
  std::vector<double> values;  ///< by string, then the squared norm, a lane
  std::size_t used = 0;        ///< lanes whose events are counted
  EventCounts happened;        ///< on those lanes, since it was last cleared
};

template <class T>
struct Kernels {
  std::size_t lanes, vector_bytes;
  /// Runs the program; the errors that do not depend on the state have been turned, and draws are there.
  void (*run)(const statevector::Call<T>& call, Lanes<T>& block);
};

QUPEL_DECLARE_KERNELS

extern template struct Lanes<float>;
extern template struct Lanes<double>;

}  // namespace qupel::trajectories
