#include "qupel/engine/windows.h"

#include <algorithm>

namespace qupel {
namespace {

// A window looks so many steps ahead, so that long circuits are scheduled in linear time.
constexpr std::size_t look_ahead = 4096;

/// A set of qubits.
using Members = std::vector<bool>;

int missing(const std::vector<int>& qubits, const Members& members) {
  return static_cast<int>(
      std::ranges::count_if(qubits, [&](int q) { return !members[static_cast<std::size_t>(q)]; }));
}

void join(const std::vector<int>& qubits, Members& members) {
  for (const int q : qubits) members[static_cast<std::size_t>(q)] = true;
}

}  // namespace

std::vector<StepWindow> windows_of(std::span<const std::vector<int>> acts_on, int qubits, int size,
                                   std::size_t most_steps) {
  std::vector<StepWindow> windows;
  std::vector<bool> done(acts_on.size());
  for (std::size_t first = 0; first < acts_on.size();) {
    Members inside(static_cast<std::size_t>(qubits)), outside(inside.size());
    int free = std::max(size, static_cast<int>(acts_on[first].size()));
    StepWindow window;
    for (std::size_t i = first; i < std::min(acts_on.size(), first + look_ahead); ++i) {
      if (done[i]) continue;
      if (window.steps.size() == most_steps) break;
      const int added = missing(acts_on[i], inside);
      const bool blocked = missing(acts_on[i], outside) < static_cast<int>(acts_on[i].size());
      done[i] = !blocked && added <= free;
      if (done[i]) free -= added;
      join(acts_on[i], done[i] ? inside : outside);
      if (done[i]) window.steps.push_back(i);
    }
    while (first < acts_on.size() && done[first]) ++first;
    // The highest qubits fill the window up: the lowest ones are best left to the vectors.
    for (auto q = inside.size(); q-- > 0 && free > 0;) {
      if (!inside[q]) inside[q] = true, --free;
    }
    for (std::size_t q = 0; q < inside.size(); ++q) {
      if (inside[q]) window.qubits.push_back(static_cast<int>(q));
    }
    windows.push_back(std::move(window));
  }
  return windows;
}

}  // namespace qupel
