#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/measurement_group.h"

namespace qupel {

/// Shots of one measurement: basis states and how often each was seen (no counts: once each).
struct Shots {
  std::span<const std::uint64_t> states;
  std::span<const std::uint64_t> counts = {};
};

/// Expectation values from shots, with their standard errors. The Pauli strings of all observables are
/// measured in groups, each with shots of its own; what one group contributes to an observable is a mean over
/// its shots of a sum of parities, covariances included, and groups are independent.
class ShotEstimator {
 public:
  explicit ShotEstimator(std::span<const Observable> observables);

  std::span<const MeasurementGroup> groups() const { return groups_; }

  /// What is known after some groups.
  struct Sums {
    std::vector<double> means;      ///< by string
    std::vector<double> variances;  ///< by observable: of its estimate
  };
  Sums empty() const {
    return {std::vector<double>(strings_.size()), std::vector<double>(observables_.size())};
  }
  /// Adds the shots of a group: basis states of the circuit that rotated_to_z() makes for it.
  void add(std::size_t group, const Shots& shots, Sums& sums) const;

  /// Estimates and their standard errors by observable, once all groups were added. An error is that of a
  /// mean, from the spread of its shots (divisor shots - 1), and infinite for a single shot. Where all shots
  /// of a group agree, which is no certainty, it counts what they may have missed (missed_probability()).
  void finish(const Sums& sums, std::span<double> values, std::span<double> errors) const;

 private:
  /// Terms of an observable that a group measures.
  struct Part {
    std::size_t observable;
    std::vector<std::size_t> strings;
    std::vector<double> weights;
    double range = 0;  ///< largest less smallest sum of weighted parities
  };
  double variance(const Part& part, const Shots& shots, const Sums& sums) const;
  double sample_variance(const Part& part, const Shots& shots, const Sums& sums) const;

  static constexpr auto identity = static_cast<std::size_t>(-1);
  struct Term {
    double weight;
    std::size_t string;  ///< its number, or `identity`
  };
  /// @param group_of by string
  void add_parts(std::size_t observable, std::span<const std::size_t> group_of);

  std::vector<std::vector<Term>> observables_;
  std::vector<PauliString> strings_;
  std::vector<std::uint64_t> masks_;  // of the qubits that a string acts on
  std::vector<MeasurementGroup> groups_;
  std::vector<std::vector<Part>> parts_;  // by group
};

}  // namespace qupel
