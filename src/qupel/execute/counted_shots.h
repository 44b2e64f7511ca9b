#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/circuit/observable.h"

namespace qupel {

/// What an observable of I and Z counts if all qubits are read, by basis state. @param qubits of the register
std::vector<double> counted_by(const Observable& observable, int qubits);

/// Draws the mean over shots of a number that depends on the basis state read, without drawing every shot.
/// Basis states with the same number are one outcome, and how many shots have each outcome is drawn. Where
/// that needs fewer probabilities, basis states whose numbers lie within 1/16 of the whole range are one
/// outcome, too: the sum over its shots is then drawn from a normal distribution with the exact mean and
/// variance. So means and variances are exact; only the shape of the distribution is approximate.
class CountedShots {
 public:
  /// @param counted by basis state
  explicit CountedShots(const std::vector<double>& counted);

  /// What a circuit must tell: the means of these numbers, each by basis state.
  const std::vector<std::vector<double>>& numbers() const { return numbers_; }

  /// The mean over so many shots and its standard error (infinite for one shot).
  /// @param means those of numbers(), up to rounding
  std::pair<double, double> draw(std::span<const double> means, std::uint64_t shots, Random& random) const;

 private:
  /// Basis states that are one outcome.
  struct Outcome {
    double value = 0;      ///< that all of them count, if they are alike
    bool alike = true;     ///< else numbers() has their values and the squares of those
    bool measured = true;  ///< numbers() has its probability; else it is what the others leave
  };
  void add(std::span<const std::pair<double, std::size_t>> members, std::size_t states);

  std::vector<Outcome> outcomes_;
  std::vector<std::vector<double>> numbers_;
};

}  // namespace qupel
