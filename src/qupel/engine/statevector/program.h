#pragma once
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "qupel/engine/statevector/plan.h"

namespace qupel::statevector {

/// Observables' Pauli strings i^k X^x Z^z with one x and one parity of k: their expectation values are
/// weighted parity sums of one table over s, t(s) = Re or Im of conj(psi[s ^ x]) psi[s].
struct Measurement {
  Mask x = 0;
  bool imaginary = false;
  std::vector<Mask> masks;  ///< the distinct z
  ParityTree parities;      ///< of `masks`
  struct Term {
    int mask;  ///< position in `masks`
    int observable;
    double weight;     ///< times the sum over the table
    double amplitude;  ///< times the sum applied to the state: P psi = amplitude * (-1)^(z.s) [i] psi[s ^ x]
  };
  std::vector<Term> terms;
};

/// A circuit and its observables, ready to be bound to parameters. Immutable but for plans made on demand.
class Program {
 public:
  enum class Use {
    values,  ///< gates that no observable sees are left out
    states,  ///< every gate is kept
  };
  Program(const Circuit& circuit, std::span<const Observable> observables, Use use);

  struct Plans {
    std::vector<Window> forward, backward;
  };
  /// Plans for vectors of `lanes` samples and `vector_bytes` bytes.
  const Plans& plans(std::size_t lanes, std::size_t vector_bytes) const;

  int qubits;
  std::size_t observable_count;
  Layers layers;
  Frame frame;  ///< where amplitudes end
  std::vector<Measurement> measurements;
  std::vector<double> constants;  ///< by observable: the weight of the identity

 private:
  void measure(std::span<const Observable> observables);

  mutable std::mutex mutex_;
  mutable std::vector<std::pair<std::pair<std::size_t, std::size_t>, std::unique_ptr<Plans>>> plans_;
};

}  // namespace qupel::statevector
