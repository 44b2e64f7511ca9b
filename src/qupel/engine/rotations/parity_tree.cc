#include "qupel/engine/rotations/parity_tree.h"

#include <algorithm>

namespace qupel::rotations {

ParityTree::ParityTree(std::span<const Mask> all, int bit_count)
    : masks(all.begin(), all.end()), bits(bit_count) {
  std::vector<std::pair<Mask, int>> numbered;
  for (const Mask mask : masks) numbered.emplace_back(mask, static_cast<int>(numbered.size()));
  make(numbered, bits);
}

int ParityTree::make(std::span<const std::pair<Mask, int>> numbered, int level) {
  if (numbered.empty()) return -1;
  const auto at = nodes.size();
  nodes.emplace_back();
  if (level == 0) {
    for (const auto& [mask, output] : numbered) nodes[at].outputs.push_back(output);
    return static_cast<int>(at);
  }
  std::vector<std::pair<Mask, int>> even, odd;
  for (const auto& entry : numbered) (((entry.first >> (level - 1)) & 1) != 0 ? odd : even).push_back(entry);
  const int even_node = make(even, level - 1), odd_node = make(odd, level - 1);
  nodes[at].even = even_node;
  nodes[at].odd = odd_node;
  return static_cast<int>(at);
}

bool PhaseTree::Node::constant() const {
  return std::ranges::all_of(ratios, [](int ratio) { return ratio < 0; });
}

PhaseTree::PhaseTree(std::span<const std::pair<Mask, LinearAngle>> terms, int bits, std::size_t most_nodes)
    : most_nodes_(most_nodes) {
  make(terms, bits);
  if (nodes.size() <= most_nodes_) return;
  nodes.clear();
  exponents.clear();
  for (const auto& term : terms) exponents.push_back(term.second);
}

int PhaseTree::make(std::span<const std::pair<Mask, LinearAngle>> terms, int bits) {
  const auto at = nodes.size();
  if (at > most_nodes_) return -1;
  nodes.push_back({static_cast<int>(exponents.size()), {}});
  auto& sum = exponents.emplace_back();
  for (const auto& [mask, weight] : terms) sum.add(weight, 1);
  for (int bit = 0; bit < bits; ++bit) {
    const Mask top = Mask{1} << bit;
    std::vector<std::pair<Mask, LinearAngle>> changing;
    for (const auto& [mask, weight] : terms) {
      if ((mask & top) != 0) changing.emplace_back(mask & (top - 1), weight.times(-2));
    }
    const int ratio = changing.empty() ? -1 : make(changing, bit);
    nodes[at].ratios.push_back(ratio);
  }
  return static_cast<int>(at);
}

std::vector<Mask> walk(std::span<const Mask> directions) {
  std::vector<Mask> steps;
  for (const Mask direction : directions) steps.push_back(direction ^ (steps.empty() ? 0 : steps.back()));
  return steps;
}

}  // namespace qupel::rotations
