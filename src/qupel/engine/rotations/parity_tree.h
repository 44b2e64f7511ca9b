#pragma once
#include <span>
#include <utility>
#include <vector>

#include "qupel/engine/rotations/angle.h"
#include "qupel/engine/rotations/pauli.h"

// Functions of a stored index s that are sums over parities, f(s) = sum_k v_k (-1)^(mask_k . s), computed
// without work for parities that do not occur.
namespace qupel::rotations {

/// A Walsh-Hadamard transform pruned to some masks: a binary tree with one level for each bit, the highest
/// bit first. Going down, a table f(s) becomes the sums over s of (-1)^(mask . s) f(s), one for each mask.
/// Going up, one value for each mask becomes the table f(s) = sum over masks of (-1)^(mask . s) value.
struct ParityTree {
  struct Node {
    int even = -1, odd = -1;   ///< children: masks without and with this level's bit; -1: there are none
    std::vector<int> outputs;  ///< at the bottom: positions in `masks` of those that end here
  };
  std::vector<Node> nodes;  ///< the root is the first
  std::vector<Mask> masks;
  int bits = 0;

  ParityTree() = default;
  ParityTree(std::span<const Mask> all, int bits);

 private:
  int make(std::span<const std::pair<Mask, int>> numbered, int level);
};

/// The table exp(i f(s)), by multiplication only. Entry 0 is exp(i times the sum of all weights). For each
/// bit j, entries 2^j to 2^(j+1) - 1 are the entries below them times a ratio, which is again such a table:
/// over the lower bits of those parities that hold bit j. Parities of d bits take about d complex
/// multiplications for each entry.
struct PhaseTree {
  struct Node {
    int leaf = 0;             ///< position in `exponents` of the first entry's exponent
    std::vector<int> ratios;  ///< for each bit the node of its ratio; -1: the ratio is 1
    bool constant() const;
  };
  std::vector<Node> nodes;             ///< the root is the first
  std::vector<LinearAngle> exponents;  ///< of the leaves; of the terms if the tree is dense

  /// Whether there are no nodes, because it costs less to add up the exponents of each entry and take one
  /// sine and cosine of it: there are many masks with many bits.
  bool dense() const { return nodes.empty(); }

  PhaseTree() = default;
  /// @param most_nodes the tree is dense if it would need more nodes
  PhaseTree(std::span<const std::pair<Mask, LinearAngle>> terms, int bits, std::size_t most_nodes);

 private:
  int make(std::span<const std::pair<Mask, LinearAngle>> terms, int bits);

  std::size_t most_nodes_ = 0;
};

/// Writes a PhaseTree's table. `Table` provides set(at, leaf), copy(to, from, count), scale(to, from,
/// count, leaf) and multiply(to, from, by, count), all in numbers of entries. Entries from number `scratch`
/// on are overwritten.
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

/// Steps that lead through all sums of the directions in the order of sums(directions): exclusive or with
/// step countr_zero(u + 1) leads from sum number u to number u + 1.
std::vector<Mask> walk(std::span<const Mask> directions);

/// Positions of the entries of a table that is computed in other coordinates than it is stored in: entry u
/// lies at start(u), by the steps of walk(). Entry numbers from `size` on name scratch memory: entry size + k
/// is its position k.
class TableOrder {
 public:
  TableOrder(std::span<const Mask> steps, std::size_t size) : steps_(steps), size_(size) {}

  std::size_t size() const { return size_; }

  std::size_t start(std::size_t entry) const {
    if (entry >= size_) return entry - size_;
    std::size_t at = 0;
    for (std::size_t bit = 0; bit < steps_.size(); ++bit) {
      if ((entry >> bit) & 1) at ^= steps_[bit] ^ (bit == 0 ? 0 : steps_[bit - 1]);
    }
    return at;
  }
  /// The position of `entry`, given the position `at` of the entry before.
  std::size_t next(std::size_t at, std::size_t entry) const {
    return entry >= size_ ? at + 1 : at ^ steps_[static_cast<std::size_t>(std::countr_zero(entry))];
  }

 private:
  std::span<const Mask> steps_;
  std::size_t size_;
};

}  // namespace qupel::rotations
