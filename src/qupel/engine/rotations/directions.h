#pragma once
#include <span>
#include <vector>

#include "qupel/engine/rotations/span.h"

namespace qupel::rotations {

/// The directions along which a part of a state (a window, a tile) is visited: independent masks, at most so
/// many. Every planner fills them greedily: rotations join as long as there is room, then low bits take what
/// is left.
class Directions {
 public:
  /// @param ignored bits in which directions may differ freely (those of lanes)
  explicit Directions(std::size_t most, Mask ignored = 0) : most_(most), ignored_(ignored) {}

  bool full() const { return list_.size() == most_; }
  /// In the order in which they joined, after those of fill().
  const std::vector<Mask>& list() const { return list_; }
  /// What they span, without the ignored bits.
  const Span& span() const { return span_; }

  /// Makes the direction one of them, unless it is a sum of them already. @return false if there is no room
  /// for it
  bool join(Mask direction) {
    if (span_.reduce(direction & ~ignored_) == 0) return true;
    if (full()) return false;
    span_.insert(direction & ~ignored_);
    list_.push_back(direction);
    return true;
  }

  /// Adds candidates, in their order and in front of all others, until there is no room.
  void fill(std::span<const Mask> candidates) {
    std::vector<Mask> added;
    for (const Mask candidate : candidates) {
      if (list_.size() + added.size() == most_) break;
      if (span_.insert(candidate & ~ignored_)) added.push_back(candidate);
    }
    list_.insert(list_.begin(), added.begin(), added.end());
  }

 private:
  std::size_t most_;
  Mask ignored_;
  Span span_;
  std::vector<Mask> list_;
};

/// The masks 2^first, 2^(first + 1), ..., 2^(end - 1).
inline std::vector<Mask> unit_masks(int first, int end) {
  std::vector<Mask> result;
  for (int bit = first; bit < end; ++bit) result.push_back(Mask{1} << bit);
  return result;
}

}  // namespace qupel::rotations
