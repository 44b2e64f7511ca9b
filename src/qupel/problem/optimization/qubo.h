#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "qupel/circuit/observable.h"

// Quadratic unconstrained binary optimisation: the form in which annealers and QAOA take a decision.
namespace qupel {

using Bits = std::vector<std::uint8_t>;  ///< each 0 or 1

/// weight x_a x_b, a below b.
struct Coupling {
  std::uint32_t a = 0, b = 0;
  double weight = 0;
  friend bool operator==(const Coupling&, const Coupling&) = default;
};

/// energy(x) = constant + sum_i linear_i x_i + sum_(a<b) weight_ab x_a x_b over bits x, to be made small.
struct Qubo {
  std::vector<std::string> names;  ///< of the variables
  double constant = 0;
  std::vector<double> linear;
  std::vector<Coupling> couplings;  ///< ascending, each pair once, none with weight 0

  std::size_t size() const { return linear.size(); }
  double energy(std::span<const std::uint8_t> bits) const;
};

/// Collects terms in any order; the same term again adds to its weight.
class QuboBuilder {
 public:
  explicit QuboBuilder(std::vector<std::string> names);

  void add(double constant) { qubo_.constant += constant; }
  void add(std::size_t i, double weight) { qubo_.linear[i] += weight; }
  /// weight x_a x_b; for a = b it is linear, since x^2 = x.
  void add(std::size_t a, std::size_t b, double weight);
  /// weight (sum_k factor_k x_k + constant)^2
  void add_square(std::span<const std::pair<std::size_t, double>> factors, double constant, double weight);

  Qubo build() &&;

 private:
  Qubo qubo_;
};

/// The couplings of each variable: those of variable i are first[i] .. first[i + 1] - 1.
struct Neighbours {
  std::vector<std::size_t> first;
  std::vector<std::uint32_t> other;
  std::vector<double> weight;
};
Neighbours neighbours_of(const Qubo& qubo);

/// The same energies as a sum of Z strings, where bit i is 1 in the basis states with Z_i = -1.
Observable ising_of(const Qubo& qubo);

}  // namespace qupel
