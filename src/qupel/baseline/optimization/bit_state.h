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
    field_ = qubo_.linear;
    for (const auto& c : qubo_.couplings) {
      if (bits_[c.b] != 0) field_[c.a] += c.weight;
      if (bits_[c.a] != 0) field_[c.b] += c.weight;
    }
  }

  std::size_t size() const { return bits_.size(); }
  double energy() const { return energy_; }
  /// What flipping a bit would add to the energy.
  double change(std::size_t i) const { return sign_[i] * field_[i]; }
  const Bits& bits() const { return bits_; }

  void flip(std::size_t i) {
    energy_ += change(i);
    const double up = sign_[i];
    bits_[i] ^= 1;
    sign_[i] = -up;
    const auto begin = neighbours_.first[i], end = neighbours_.first[i + 1];
    const auto* other = neighbours_.other.data();
    const auto* weight = neighbours_.weight.data();
    auto* field = field_.data();
    // What a neighbour's own bit is does not matter here: this loop takes most of the time.
    for (auto k = begin; k < end; ++k) field[other[k]] += up * weight[k];
  }

  /// Flips what makes the energy smaller, the best first, until nothing does.
  void descend() {
    for (;;) {
      std::size_t best = 0;
      for (std::size_t i = 1; i < size(); ++i)
        if (change(i) < change(best)) best = i;
      if (!(change(best) < -1e-12)) return;
      flip(best);
    }
  }

 private:
  const Qubo& qubo_;
  const Neighbours& neighbours_;
  Bits bits_;
  std::vector<double> sign_;   ///< -1 for a 1, else 1
  std::vector<double> field_;  ///< what a bit adds to the energy if it is 1
  double energy_ = 0;
};

}  // namespace qupel
