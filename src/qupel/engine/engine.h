#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/base/precision.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"
#include "qupel/engine/bit_counts.h"
#include "qupel/engine/capabilities.h"
#include "qupel/noise/noise_model.h"

// The interface of all engines, and the planner that picks one: one circuit, one answer. (For many samples of
// one circuit see batch/batch.h.)
namespace qupel {

/// What is asked about a circuit without open slots.
struct Job {
  Circuit circuit;
  NoiseModel noise = {};                     ///< empty: none
  std::vector<Observable> observables = {};  ///< expectation values wanted; exact unless trajectories > 0
  /// For how many of the observables, from the first on, <O^2> - <O>^2 is wanted, too.
  std::size_t variances = 0;
  bool state = false;  ///< all amplitudes
  /// How often the circuit is measured: into its classical bits if it measures, else all qubits.
  std::uint64_t shots = 0;
  /// With noise or measurements within the circuit: average so many pure states; 0: be exact.
  std::uint64_t trajectories = 0;
  std::uint64_t seed = 0;  ///< of shots and trajectories
  Precision precision = Precision::double_;
  int threads = 0;  ///< 0: all cores; changes no bit of the outcome
  /// What the classical bits are at the end, if the circuit measures: the planner takes the measurements at
  /// the end out of the circuit, and puts them here.
  std::vector<FinalBit> readout = {};
};

/// The answers to a Job; what was not asked for is empty.
struct Outcome {
  std::vector<double> expectations;  ///< by observable, of the state before the measurements at the end
  std::vector<double> errors;        ///< their standard errors; none: they are exact
  std::vector<double> variances;     ///< so many as asked for
  std::vector<Complex> state;        ///< if asked for; qubit 0 is the lowest bit of an index
  BasisCounts counts;                ///< in no promised order; empty if there are counts by bit
  BitCounts bit_counts;              ///< of a circuit that measures
  std::string engine;
};

/// What a job would cost on an engine of this machine.
struct Forecast {
  double bytes = 0;
  double seconds = 0;   ///< a rough figure, to choose by
  std::string how;      ///< one line on how it would be done
  std::string refusal;  ///< not empty: the engine cannot run it, and why
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view summary() const = 0;
  /// What it can do beside gates and shots; it is not asked for a job that needs() more.
  virtual Capabilities supports() const = 0;
  /// Looks at the circuit, allocates nothing large.
  virtual Forecast predict(const Job& job) const = 0;
  /// Engines ignore readout errors at the end of the circuit: run() below adds them to the outcome.
  virtual Outcome run(const Job& job) const = 0;
};

/// All engines. Adding one: a file that defines it, its declaration in engines.h, and a line in planner.cc.
std::span<const Engine* const> engines();

/// The fastest engine by forecast, and what was considered.
struct Choice {
  const Engine* engine = nullptr;
  std::vector<std::pair<const Engine*, Forecast>> considered;
  std::string reason;  ///< one sentence
  const Forecast& forecast() const;
};
/// @param engine only that one is considered; "": all
/// @throws InputError if slots are open, an observable acts beyond the circuit, no engine has that name, or
/// none can run it (with the reasons)
Choice choose(const Job& job, std::string_view engine = {});

/// Runs the job on the engine that choose() picks. With readout errors in the noise model, counts are of bits
/// as they were read, and expectation values are those to which such counts average.
Outcome run(const Job& job, std::string_view engine = {});

}  // namespace qupel
