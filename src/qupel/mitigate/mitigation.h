#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/engine/engine.h"

// Error mitigation: circuits that are run in place of one, and what is made of their results.
namespace qupel {

/// Estimates of a job's observables and their standard errors.
struct Estimate {
  std::vector<double> values;
  std::vector<double> errors;  ///< none: they are exact
};

/// What a mitigation costs, stated before anything runs.
struct Overhead {
  double circuits = 1;  ///< so many times as many circuits
  double variance = 1;  ///< so many times the variance, if every circuit gets as many shots as without
  /// Variance beside that, at most, of an observable whose values are -1 and 1: of circuits that are drawn by
  /// chance. More shots do not lessen it.
  double drawn = 0;
  /// Circuits that run once, whatever the number of samples: to learn something of the device.
  double learning_circuits = 0;
  /// So many times as many shots in all for the same error.
  double shots() const { return circuits * variance; }
};

/// Runs circuits without open slots where the job would run, with its noise and its shots.
using RunJobs = std::function<std::vector<Estimate>(std::span<const Job>)>;

/// What runs in place of a job, and what is made of the results.
struct MitigationPlan {
  std::vector<Job> jobs;  ///< each with observables of its own, in the operations that run
  /// @param results one for each of the jobs, in their order. Called once a sample.
  std::function<Estimate(std::span<const Estimate> results)> combine;
};

/// One job becomes several, and their estimates one that is nearer to the noiseless one. A job may have open
/// slots: what runs in its place has the same ones, so that all samples of a circuit share it.
class Mitigation {
 public:
  virtual ~Mitigation() = default;
  virtual std::string_view name() const = 0;
  virtual Overhead overhead(const Job& job) const = 0;
  /// @param job a circuit in the operations that run, with its observables and its noise
  /// @param run for circuits from which something is learned before: overhead().learning_circuits of them
  virtual MitigationPlan plan(const Job& job, const RunJobs& run) const = 0;
};

/// A technique that can be asked for by name.
struct MitigationSpec {
  std::string_view name;
  std::string_view summary;  ///< one line of help
  std::string_view source;   ///< paper
  std::string_view assumes;  ///< what must hold for it to help
  std::string_view options;  ///< what may stand in parentheses after the name, in words
  int order = 0;             ///< of techniques that are asked for together, the smaller one is expanded first
  std::string_view corrects = {};  ///< what only one technique at a time may correct; "": any number
  /// @param options the text in parentheses; "": the defaults @throws InputError
  std::unique_ptr<Mitigation> (*make)(std::string_view options) = nullptr;
};

/// All techniques, in the order in which they are expanded. Adding one: a file that defines a record, and a
/// line in registry.cc.
std::span<const MitigationSpec* const> mitigations();

/// Techniques by name, with options in parentheses: {"zne(1 3 5, linear)", "readout"}. Several are composed
/// in the order of mitigations(): each works on the circuits that the one before it asks for.
/// @throws InputError naming the nearest technique, or one that stands twice
std::unique_ptr<Mitigation> mitigation(std::span<const std::string> names);

}  // namespace qupel
