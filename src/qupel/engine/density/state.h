#pragma once
#include <cstddef>
#include <functional>
#include <vector>

#include "qupel/circuit/observable.h"
#include "qupel/engine/density/kernels.h"
#include "qupel/engine/density/sweep_plan.h"
#include "qupel/engine/density/transfer.h"
#include "qupel/engine/huge_array.h"

namespace qupel::density {

/// Small states are computed beside a few qubits that stay |0>.
int padded(int qubits);
/// How many qubits one visit to memory takes.
int window_of(int qubits);

/// Which qubits anything acted on: the letters X and Y of the others have coefficients of zero.
using Touched = std::vector<char>;

/// A mixed state in the Pauli basis (transfer.h), or a part of one: what came out one way, weighted with its
/// probability.
template <class T>
class State {
 public:
  explicit State(int qubits);  ///< |0...0>
  State copy() const;

  /// @param touched before; those that are acted on are added
  void apply(const std::vector<Transfer>& transfers, Touched& touched, int threads);
  /// Keeps what a result of a measurement leaves: the part in which the qubit is |0>, times the probability
  /// of that result in |0>, and likewise the part in which it is |1>. (1 and 0, or 0 and 1, if nothing is
  /// read wrong.)
  void project(int qubit, double in_zero, double in_one);
  void add(const State& other);

  int qubits() const { return qubits_; }
  double weight() const { return at(0); }
  double at(std::size_t index) const { return static_cast<double>(values_.data()[index]); }
  /// Of the 2^n basis states, up to rounding: those below zero are set to zero.
  std::vector<double> probabilities() const;

 private:
  void run(const SweepPlan& plan, int threads);

  const Kernels<T>* kernels_ = &density::kernels<T>();
  int qubits_;
  HugeArray<T> values_;
};

/// The expectation value of each Pauli string.
using Expectation = std::function<double(const PauliString&)>;
/// <O> and <O^2> - <O>^2, the latter from products of pairs of terms.
double expectation(const Observable& observable, const Expectation& of);
double variance(const Observable& observable, const Expectation& of);

}  // namespace qupel::density
