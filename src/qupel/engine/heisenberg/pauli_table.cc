#include "qupel/engine/heisenberg/pauli_table.h"

#include <algorithm>

#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/engine/heisenberg/kernels.h"
#include "qupel/engine/heisenberg/window.h"

namespace qupel::heisenberg {
namespace {

// Bit q becomes bit 2q.
Mask spread(Mask bits) {
  bits = (bits | bits << 16) & 0x0000ffff0000ffff;
  bits = (bits | bits << 8) & 0x00ff00ff00ff00ff;
  bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | bits << 2) & 0x3333333333333333;
  return (bits | bits << 1) & x_bits;
}

constexpr std::size_t fewest_shared_windows = 16;

}  // namespace

Mask string(Mask x, Mask z) { return spread(x) | spread(z) << 1; }

template <class T>
PauliTable<T>::PauliTable(int qubits)
    : bits_(std::max(line_bits, 2 * qubits)), memory_(std::size_t{1} << bits_) {}

template <class T>
void PauliTable<T>::add(Mask string, double coefficient) {
  memory_.data()[string] += static_cast<T>(coefficient);
  reached_.insert(string & ~Mask{line_size - 1});
}

template <class T>
void PauliTable<T>::conjugate(std::span<const Conjugation> conjugations, int threads) {
  const auto& kernels = heisenberg::kernels<T>();
  Pool<Scratch<T>> scratch([] { return std::make_unique<Scratch<T>>(); });
  for (const auto& window : windows<T>(conjugations, bits_)) {
    for (const Mask direction : window.directions) reached_.insert(direction);
    std::vector<Mask> bases;
    for (std::size_t i = 0; i < std::size_t{1} << window.base_bits.size(); ++i) {
      const Mask base = statevector::placed(i, window.base_bits);
      if (reached_.reduce(base) == 0) bases.push_back(base);
    }
    parallel_for(bases.size(), bases.size() < fewest_shared_windows ? 1 : threads, [&](std::size_t i) {
      scratch.lend([&](Scratch<T>& mine) { kernels.conjugate(window, memory_.data(), bases[i], mine); });
    });
  }
}

template class PauliTable<float>;
template class PauliTable<double>;

}  // namespace qupel::heisenberg
