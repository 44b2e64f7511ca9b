#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "qupel/base/precision.h"
#include "qupel/circuit/observable.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// A noisy circuit as an average over pure states (quantum trajectories; Dalibard, Castin and Molmer, PRL 68,
/// 580, 1992), many at a time, one a vector lane. Trajectory i is keyed by (seed, i): results have the same
/// bits for any number of threads.
class Trajectories {
 public:
  /// @throws InputError for unbound slots, noise that is neither Pauli errors nor relaxation to |0>, more
  /// qubits than fit, or as CircuitNoise
  /// @param variances of so many of the first observables, too
  Trajectories(const Circuit& circuit, const NoiseModel& noise, std::span<const Observable> observables,
               Precision precision, std::size_t variances = 0);
  ~Trajectories();

  struct Estimate {
    std::vector<double> means;                      ///< by observable
    std::vector<double> errors;                     ///< standard errors of the means
    std::vector<double> variances;                  ///< <O^2> - <O>^2 of the mixed state, if wanted
    std::map<std::uint64_t, std::uint64_t> counts;  ///< shots by basis state
  };
  /// Shots are shared out evenly among the trajectories. @throws InputError for no trajectory, or if they do
  /// not fit in memory
  Estimate run(std::uint64_t trajectories, std::uint64_t shots, std::uint64_t seed, int threads) const;

  /// Empty if the class can run it, else why not. @throws InputError as CircuitNoise
  static std::string refusal(const Circuit& circuit, const NoiseModel& noise);
  /// Bytes that one thread takes, about.
  static double bytes(int qubits, Precision precision);

 private:
  struct Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

}  // namespace qupel
