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

/// The mean of a number over shots, of which each basis state that is read counts something, drawn from few
/// probabilities. Basis states that count the same are one outcome. Those that count almost the same (within
/// 1/16 of the range of all) are one outcome, too, where that is shorter: how many shots end there is drawn
/// exactly, and what they add up to is drawn as a normal number with the mean and the variance that it has.
/// So means and variances are exact, and the distribution is that of shots up to 1/16 of one shot's
/// weight in a few of them.
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
