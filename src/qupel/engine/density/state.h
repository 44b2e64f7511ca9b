#pragma once
#include <cstddef>
#include <vector>

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
  /// Keeps the part in which the qubit is |1> or |0>.
  void project(int qubit, bool one);
  void add(const State& other);

  int qubits() const { return qubits_; }
  double weight() const { return at(0); }
  double at(std::size_t index) const { return static_cast<double>(values_.data()[index]); }
  /// The index of Z on these qubits, a bit a qubit.
  static std::size_t strings_of_z(std::size_t qubits_with_z);
  /// Of the 2^n basis states, up to rounding: those below zero are set to zero.
  std::vector<double> probabilities() const;

 private:
  void run(const SweepPlan& plan, int threads);

  const Kernels<T>* kernels_ = &density::kernels<T>();
  int qubits_;
  HugeArray<T> values_;
};

}  // namespace qupel::density
