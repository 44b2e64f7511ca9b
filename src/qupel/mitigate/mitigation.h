#pragma once
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
  /// So many times as many shots in all for the same error.
  double shots() const { return circuits * variance; }
};

/// One job becomes several, and their estimates one that is nearer to the noiseless one. A job may have open
/// slots: what runs in its place has the same ones, so that all samples of a circuit share it.
class Mitigation {
 public:
  virtual ~Mitigation() = default;
  virtual std::string_view name() const = 0;
  virtual Overhead overhead(const Job& job) const = 0;
  /// @param job a circuit in the operations that run, with its observables and its noise
  /// @return the jobs that run in its place, each with observables of its own
  virtual std::vector<Job> expand(const Job& job) const = 0;
  /// @param job as it was expanded @param results one for each job of expand(), in their order
  virtual Estimate combine(const Job& job, std::span<const Estimate> results) const = 0;
  /// The same for many samples of one job with open slots. @param results those of each sample
  virtual std::vector<Estimate> combine_samples(const Job& job,
                                                std::span<const std::vector<Estimate>> results) const {
    std::vector<Estimate> combined;
    for (const auto& of_sample : results) combined.push_back(combine(job, of_sample));
    return combined;
  }
};

/// A technique that can be asked for by name.
struct MitigationSpec {
  std::string_view name;
  std::string_view summary;  ///< one line of help
  std::string_view source;   ///< paper
  std::string_view assumes;  ///< what must hold for it to help
  std::string_view options;  ///< what may stand in parentheses after the name, in words
  int order = 0;             ///< of techniques that are asked for together, the smaller one is expanded first
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
