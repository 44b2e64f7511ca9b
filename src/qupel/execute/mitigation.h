#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "qupel/engine/engine.h"

namespace qupel {

/// Estimates of a job's observables and their standard errors.
struct Estimate {
  std::vector<double> values;
  std::vector<double> errors;  ///< none: they are exact
};

/// What a mitigation costs.
struct Overhead {
  double circuits = 1;  ///< so many times as many circuits
  double shots = 1;     ///< for the same error, so many times as many shots in all
};

/// Error mitigation: one job becomes several, and their estimates one that is nearer to the noiseless one.
class Mitigation {
 public:
  virtual ~Mitigation() = default;
  virtual std::string_view name() const = 0;
  virtual Overhead overhead(const Job& job) const = 0;
  /// @param job a bound circuit with its observables
  /// @return the jobs that run in its place, each with observables of its own
  virtual std::vector<Job> expand(const Job& job) const = 0;
  /// @param results one for each job of expand(), in their order
  virtual Estimate combine(const Job& job, std::span<const Estimate> results) const = 0;
};

}  // namespace qupel
