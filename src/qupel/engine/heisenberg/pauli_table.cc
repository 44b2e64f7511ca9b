#include "qupel/engine/heisenberg/pauli_table.h"

#include <algorithm>

#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/engine/heisenberg/kernels.h"
#include "qupel/engine/heisenberg/window.h"

namespace qupel::heisenberg {
namespace {

constexpr std::size_t fewest_shared_windows = 16;

}  // namespace

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
      const Mask base = rotations::placed(i, window.base_bits);
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
