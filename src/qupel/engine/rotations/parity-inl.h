// Pruned Walsh-Hadamard transforms (ParityTree) of tables of vectors.
#if defined(QUPEL_ROTATIONS_PARITY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_ROTATIONS_PARITY_INL
#undef QUPEL_ROTATIONS_PARITY_INL
#else
#define QUPEL_ROTATIONS_PARITY_INL
#endif

#include <algorithm>

#include "qupel/engine/rotations/parity_tree.h"
#include "qupel/engine/simd/unit-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::rotations::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// Tables of so many bits are transformed whole: that takes no longer than to follow a tree.
inline constexpr int whole_bits = 4;

template <class T>
HWY_NOINLINE void fold_node(const ParityTree& tree, int node, int level, T* HWY_RESTRICT table, T* outputs) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto& here = tree.nodes[static_cast<std::size_t>(node)];
  if (level == 0) {
    for (const int output : here.outputs)
      store(load(table), outputs + static_cast<std::size_t>(output) * lanes);
    return;
  }
  const std::size_t half = lanes << (level - 1);
  T* HWY_RESTRICT upper = table + half;
  if (here.even >= 0 && here.odd >= 0) {
    for (std::size_t i = 0; i < half; i += lanes) {
      const auto a = load(table + i), b = load(upper + i);
      store(hn::Add(a, b), table + i);
      store(hn::Sub(a, b), upper + i);
    }
    fold_node(tree, here.odd, level - 1, upper, outputs);
    fold_node(tree, here.even, level - 1, table, outputs);
  } else if (here.even >= 0) {
    for (std::size_t i = 0; i < half; i += lanes) store(hn::Add(load(table + i), load(upper + i)), table + i);
    fold_node(tree, here.even, level - 1, table, outputs);
  } else {
    for (std::size_t i = 0; i < half; i += lanes) store(hn::Sub(load(table + i), load(upper + i)), table + i);
    fold_node(tree, here.odd, level - 1, table, outputs);
  }
}

/// Down the tree: outputs of each mask = sum over s of (-1)^(mask . s) table[s]. Overwrites the table.
template <class T>
HWY_INLINE void fold(const ParityTree& tree, T* HWY_RESTRICT table, T* HWY_RESTRICT outputs) {
  if (tree.bits > whole_bits) return fold_node(tree, 0, tree.bits, table, outputs);
  const std::size_t lanes = hn::Lanes(Tag<T>());
  walsh_hadamard(table, tree.bits);
  for (std::size_t k = 0; k < tree.masks.size(); ++k)
    store(load(table + tree.masks[k] * lanes), outputs + k * lanes);
}

template <class T>
HWY_NOINLINE void unfold_node(const ParityTree& tree, int node, int level, T* HWY_RESTRICT table,
                              const T* values) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto& here = tree.nodes[static_cast<std::size_t>(node)];
  if (level == 0) {
    auto sum = zero<T>();
    for (const int output : here.outputs)
      sum = hn::Add(sum, load(values + static_cast<std::size_t>(output) * lanes));
    store(sum, table);
    return;
  }
  const std::size_t half = lanes << (level - 1);
  T* HWY_RESTRICT upper = table + half;
  if (here.even >= 0) unfold_node(tree, here.even, level - 1, table, values);
  if (here.odd >= 0) unfold_node(tree, here.odd, level - 1, here.even >= 0 ? upper : table, values);
  for (std::size_t i = 0; i < half; i += lanes) {
    const auto a = load(table + i);
    if (here.odd < 0) {
      store(a, upper + i);
    } else if (here.even < 0) {
      store(hn::Neg(a), upper + i);
    } else {
      const auto b = load(upper + i);
      store(hn::Add(a, b), table + i);
      store(hn::Sub(a, b), upper + i);
    }
  }
}

/// Up the tree: table[s] = sum over masks of (-1)^(mask . s) values[mask].
template <class T>
HWY_INLINE void unfold(const ParityTree& tree, T* HWY_RESTRICT table, const T* HWY_RESTRICT values) {
  if (tree.bits > whole_bits) return unfold_node(tree, 0, tree.bits, table, values);
  const std::size_t lanes = hn::Lanes(Tag<T>());
  std::fill_n(table, lanes << tree.bits, T{0});
  for (std::size_t k = 0; k < tree.masks.size(); ++k) {
    T* const entry = table + tree.masks[k] * lanes;
    store(hn::Add(load(entry), load(values + k * lanes)), entry);
  }
  walsh_hadamard(table, tree.bits);
}

}  // namespace qupel::rotations::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
