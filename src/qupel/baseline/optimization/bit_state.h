#pragma once
#include <cstdint>

#include "qupel/problem/optimization/qubo.h"

namespace qupel {

/// Bits of a QUBO with what flipping each of them would change, kept up to date.
class BitState {
 public:
  BitState(const Qubo& qubo, const Neighbours& neighbours) : qubo_(qubo), neighbours_(neighbours) {}

  void start(Bits bits) {
    bits_ = std::move(bits);
    sign_.resize(bits_.size());
    for (std::size_t i = 0; i < bits_.size(); ++i) sign_[i] = bits_[i] != 0 ? -1 : 1;
    energy_ = qubo_.energy(bits_);
    change_ = qubo_.linear;
    for (const auto& c : qubo_.couplings) {
      if (bits_[c.b] != 0) change_[c.a] += c.weight;
      if (bits_[c.a] != 0) change_[c.b] += c.weight;
    }
    for (std::size_t i = 0; i < bits_.size(); ++i)
      if (bits_[i] != 0) change_[i] = -change_[i];
  }

  std::size_t size() const { return bits_.size(); }
  double energy() const { return energy_; }
  double change(std::size_t i) const { return change_[i]; }
  const std::vector<double>& changes() const { return change_; }
  const Bits& bits() const { return bits_; }

  void flip(std::size_t i) {
    energy_ += change_[i];
    change_[i] = -change_[i];
    bits_[i] ^= 1;
    sign_[i] = -sign_[i];
    const double up = -sign_[i];
    const auto begin = neighbours_.first[i], end = neighbours_.first[i + 1];
    const auto* other = neighbours_.other.data();
    const auto* weight = neighbours_.weight.data();
    // Of a neighbour that is 1 flipping means leaving, which costs the weight. Signs are multiplied: a branch
    // on random bits would take most of the time.
    for (auto k = begin; k < end; ++k) change_[other[k]] += up * sign_[other[k]] * weight[k];
  }

  /// Flips what makes the energy smaller, the best first, until nothing does.
  void descend() {
    for (;;) {
      std::size_t best = 0;
      for (std::size_t i = 1; i < size(); ++i)
        if (change_[i] < change_[best]) best = i;
      if (!(change_[best] < -1e-12)) return;
      flip(best);
    }
  }

 private:
  const Qubo& qubo_;
  const Neighbours& neighbours_;
  Bits bits_;
  std::vector<double> sign_;  ///< -1 for a 1, else 1
  std::vector<double> change_;
  double energy_ = 0;
};

}  // namespace qupel
