#pragma once

namespace qupel {

/// What a source of noise is beside a NoiseSource if qubits that wait at the same time disturb each other.
class IdleCoupling {
 public:
  virtual ~IdleCoupling() = default;
  /// ZZ between two qubits that wait, in radians per unit of time: exp(-i rate time/2 Z Z). 0: none.
  virtual double zz_rate(int a, int b) const = 0;
  /// Whether any rate is not 0.
  virtual bool couples_waiting() const = 0;
};

}  // namespace qupel
