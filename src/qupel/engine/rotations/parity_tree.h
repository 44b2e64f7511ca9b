#pragma once
#include <span>
#include <utility>
#include <vector>

#include "qupel/engine/rotations/angle.h"
#include "qupel/engine/rotations/pauli.h"

// Functions of a basis index s that are sums over parities, f(s) = sum_k v_k (-1)^(mask_k . s), handled
// without touching the parities that do not occur.
namespace qupel::rotations {

/// A Walsh-Hadamard transform pruned to some masks, one bit a level, highest first. Down the tree a table
/// f(s) becomes the sums over s of (-1)^(mask . s) f(s); up the tree values of the masks become the table of
/// their sum.
struct ParityTree {
  struct Node {
    int even = -1, odd = -1;   ///< children: masks without and with this level's bit
    std::vector<int> outputs;  ///< at the bottom: which masks end here
  };
  std::vector<Node> nodes;  ///< the root is the first
  std::vector<Mask> masks;
  int bits = 0;

  ParityTree() = default;
  ParityTree(std::span<const Mask> all, int bits);

 private:
  int make(std::span<const std::pair<Mask, int>> numbered, int level);
};

/// The table exp(i f(s)) by multiplication only: the first entry has all weights added, and for each bit j
/// the upper half of a 2^(j+1) table is the lower half times a ratio, which is such a table again, over the
/// lower bits of the parities that hold bit j. About d complex multiplications an entry for parities of d
/// bits.
struct PhaseTree {
  struct Node {
    int leaf = 0;             ///< index of the first entry's exponent
    std::vector<int> ratios;  ///< a bit: the node of the ratio, -1 = 1
    bool constant() const;
  };
  std::vector<Node> nodes;             ///< the root is the first
  std::vector<LinearAngle> exponents;  ///< of the leaves, or, if dense, of the terms

  /// Whether so many masks have so many bits that adding up exponents and one sine and cosine an entry cost
  /// less; then there are no nodes.
  bool dense() const { return nodes.empty(); }

  PhaseTree() = default;
  /// Dense if it had more than `most_nodes`.
  PhaseTree(std::span<const std::pair<Mask, LinearAngle>> terms, int bits, std::size_t most_nodes);

 private:
  int make(std::span<const std::pair<Mask, LinearAngle>> terms, int bits);

  std::size_t most_nodes_ = 0;
};

/// Writes a PhaseTree's table. `Table` provides set(at, leaf), copy(to, from, count), scale(to, from, count,
/// leaf) and multiply(to, from, by, count) on entry numbers; numbers from `scratch` on are overwritten.
template <class Table>
void write_phases(const PhaseTree& tree, int node, Table& table, std::size_t at, std::size_t scratch) {
  const auto& root = tree.nodes[static_cast<std::size_t>(node)];
  table.set(at, root.leaf);
  for (std::size_t bit = 0; bit < root.ratios.size(); ++bit) {
    const std::size_t count = std::size_t{1} << bit;
    const int ratio = root.ratios[bit];
    if (ratio < 0) {
      table.copy(at + count, at, count);
      continue;
    }
    const auto& factor = tree.nodes[static_cast<std::size_t>(ratio)];
    if (factor.constant()) {
      table.scale(at + count, at, count, factor.leaf);
    } else {
      write_phases(tree, ratio, table, scratch, scratch + count);
      table.multiply(at + count, at, scratch, count);
    }
  }
}

/// Steps through sums of directions in the order of a counter whose bits are the directions: from number u
/// to u + 1 by exclusive or with element countr_zero(u + 1).
std::vector<Mask> walk(std::span<const Mask> directions);

/// Where the entries of a table of `size` lie that is written in other coordinates, by walk(); entry
/// numbers from `size` on are scratch, which lies in order elsewhere.
class Walk {
 public:
  Walk(std::span<const Mask> steps, std::size_t size) : steps_(steps), size_(size) {}

  std::size_t size() const { return size_; }

  std::size_t start(std::size_t entry) const {
    if (entry >= size_) return entry - size_;
    std::size_t at = 0;
    for (std::size_t bit = 0; bit < steps_.size(); ++bit) {
      if ((entry >> bit) & 1) at ^= steps_[bit] ^ (bit == 0 ? 0 : steps_[bit - 1]);
    }
    return at;
  }
  /// From the position of entry - 1 to that of `entry`.
  std::size_t next(std::size_t at, std::size_t entry) const {
    return entry >= size_ ? at + 1 : at ^ steps_[static_cast<std::size_t>(std::countr_zero(entry))];
  }

 private:
  std::span<const Mask> steps_;
  std::size_t size_;
};

}  // namespace qupel::rotations
