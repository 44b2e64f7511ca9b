#pragma once
#include "qupel/compile/matrices.h"

namespace qupel {

/// A two-qubit gate as gates on single qubits around a canonical one, its Cartan decomposition: up to a phase
/// local(left) canonical_gate(x, y, z) local(right), with pi/4 >= x >= y >= |z|, and z >= 0 if x = pi/4, so
/// that gates with the same x, y, z differ by gates on single qubits (Zhang et al., "Geometric theory of
/// nonlocal two-qubit operations", Phys. Rev. A 67, 042313, 2003).
struct Weyl {
  LocalPair left, right;
  double x = 0, y = 0, z = 0;

  bool at(double to_x, double to_y, double to_z, double tolerance = 1e-10) const;
};

/// @param gate unitary; of gates made of Clifford gates the parts are Clifford gates, too
Weyl weyl(const Matrix4& gate);

}  // namespace qupel
