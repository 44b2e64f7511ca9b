#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "qupel/base/matrix.h"

namespace qupel {

using Stop = std::uint32_t;

/// A tour as an array, with the place of every stop.
class TourState {
 public:
  explicit TourState(std::vector<Stop> order) : order_(std::move(order)), place_(order_.size()) {
    for (std::size_t i = 0; i < order_.size(); ++i) place_[order_[i]] = static_cast<Stop>(i);
  }

  std::size_t size() const { return order_.size(); }
  const std::vector<Stop>& order() const { return order_; }
  Stop at(std::size_t place) const { return order_[place]; }
  std::size_t place(Stop stop) const { return place_[stop]; }
  Stop after(Stop stop) const {
    const auto next = place_[stop] + 1;
    return order_[next == order_.size() ? 0 : next];
  }
  Stop before(Stop stop) const {
    const auto at = place_[stop];
    return order_[at == 0 ? order_.size() - 1 : at - 1];
  }

  /// Turns round the way from one stop on to another; of the two halves of the tour the shorter is touched,
  /// which gives the same cycle.
  void reverse(Stop from, Stop to) {
    const auto n = size();
    std::size_t i = place_[from], j = place_[to];
    std::size_t inner = (j + n - i) % n + 1;
    if (2 * inner > n) {
      i = (place_[to] + 1) % n;
      j = (place_[from] + n - 1) % n;
      inner = n - inner;
    }
    for (std::size_t k = 0; k < inner / 2; ++k) {
      std::swap(order_[i], order_[j]);
      place_[order_[i]] = static_cast<Stop>(i);
      place_[order_[j]] = static_cast<Stop>(j);
      i = i + 1 == n ? 0 : i + 1;
      j = j == 0 ? n - 1 : j - 1;
    }
  }

 private:
  std::vector<Stop> order_, place_;
};

double length_of(const std::vector<Stop>& order, const Matrix<double>& distances);

/// The nearest other stops of each, nearest first.
Matrix<Stop> nearest_stops(const Matrix<double>& distances, std::size_t count);

/// Makes a tour shorter by 2-opt moves (two edges change) and Or-opt moves (up to three neighbouring stops go
/// elsewhere), until none helps. @returns moves made
std::size_t two_opt(TourState& tour, const Matrix<double>& distances, const Matrix<Stop>& near);

/// Makes a tour shorter by chains of 2-opt moves, each of which may lengthen it as long as the chain as a
/// whole gains (Lin and Kernighan, Oper. Res. 21, 498, 1973), and by Or-opt moves.
/// @param from stops to begin at. @returns moves made
std::size_t lin_kernighan(TourState& tour, const Matrix<double>& distances, const Matrix<Stop>& near,
                          std::vector<Stop> from);

}  // namespace qupel
