#include "qupel/engine/statevector/workspace.h"

#include <algorithm>
#include <utility>

namespace qupel::statevector {
namespace {

struct Sizes {
  std::size_t amplitudes, low, high, angles, masks;
  bool varying;
};

Sizes sizes(const Program& program) {
  const int low = program.layers.low.end;
  Sizes s{std::size_t{1} << program.qubits,
          std::size_t{1} << low,
          std::size_t{1} << (program.qubits - low),
          program.layers.angles.size(),
          1,
          false};
  for (const auto& m : program.measurements) s.masks = std::max(s.masks, m.masks.size());
  for (const auto& d : program.layers.diagonals) {
    s.masks = std::max(s.masks, d.masks.size());
    s.varying |= d.varies;
  }
  return s;
}

std::size_t used_features(const Program& program) {
  int most = 0;
  for (const auto& use : program.layers.angles) {
    for (const auto& [slot, coefficient] : use.angle.terms) {
      if (slot.kind == Slot::Kind::feature) most = std::max(most, slot.index + 1);
    }
  }
  return static_cast<std::size_t>(most);
}

}  // namespace

template <class T>
std::size_t Workspace<T>::bytes(const Program& program, std::size_t lanes, bool adjoint) {
  const auto s = sizes(program);
  return (3 + (adjoint ? 2 : 0) + (s.varying ? 4 : 0)) * s.amplitudes * lanes * sizeof(T);
}

template <class T>
Workspace<T>::Workspace(const Program& program, std::size_t lanes, bool with_adjoint) {
  const auto s = sizes(program);
  const auto qubits = static_cast<std::size_t>(program.qubits);
  const std::pair<T**, std::size_t> parts[] = {{&state, 2 * s.amplitudes},
                                               {&adjoint, with_adjoint ? 2 * s.amplitudes : 0},
                                               {&phases, s.varying ? 4 * s.amplitudes : 0},
                                               {&table, s.amplitudes},
                                               {&low, 4 * s.low},
                                               {&high, 4 * s.high},
                                               {&reduced_low, 4 * s.low},
                                               {&reduced_high, 4 * s.high},
                                               {&scratch, 2 * std::max(s.low, s.high)},
                                               {&product, 4 * qubits},
                                               {&coefficients, 2 * s.angles},
                                               {&outputs, s.masks},
                                               {&sums, s.angles},
                                               {&sign, 1}};
  feature_count = used_features(program);
  std::size_t vectors = 0;
  for (const auto& part : parts) vectors += part.second;
  memory_ = HugeArray<T>(vectors * lanes, false);
  doubles_.resize((2 + feature_count) * lanes + s.angles);
  T* next = memory_.data();
  for (const auto& [pointer, size] : parts) {
    *pointer = size == 0 ? nullptr : next;
    next += size * lanes;
  }
  angles = doubles_.data();
  turns = angles + lanes;
  features = turns + lanes;
  totals = features + feature_count * lanes;
}

template <class T>
void Workspace<T>::bind(const Binding<T>& binding) {
  if (std::exchange(bound, binding.times) == binding.times) return;
  kernels<T>().broadcast(binding.coefficients, coefficients);
}

template struct Workspace<float>;
template struct Workspace<double>;

}  // namespace qupel::statevector
