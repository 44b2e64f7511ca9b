#include <algorithm>

#include "qupel/engine/trajectories/kernels.h"

namespace qupel::trajectories {

template <class T>
Lanes<T>::Lanes(const NoisyProgram& n, const statevector::Binding<T>& b, std::size_t l)
    : noisy(n),
      binding(b),
      lanes(l),
      work(*n.program, b, l, false),
      draws(n.dampings.size() * l),
      signs((n.sites.size() - n.first_damping) * l),
      values(n.program->observable_count * l),
      happened(n.events) {}

template <class T>
void Lanes<T>::reset() {
  for (std::size_t a = 0; a < binding.coefficients.size(); ++a) {
    for (std::size_t k = 0; k < 2; ++k)
      std::fill_n(work.coefficients + (2 * a + k) * lanes, lanes, binding.coefficients[a][k]);
  }
  std::ranges::fill(signs, 1.0);
}

template <class T>
void Lanes<T>::turn(std::size_t lane, const Pauli& error, int since, std::size_t event) {
  if (lane < used) ++happened[event];
  const auto& angles = noisy.program->layers.angles;
  const auto begin = noisy.sites.begin();
  const auto dampings = begin + static_cast<std::ptrdiff_t>(noisy.first_damping);
  for (auto site = std::ranges::upper_bound(begin, dampings, since, {}, &Site::time); site != dampings;
       ++site) {
    if (!site->turned_by(error)) continue;
    const auto angle = static_cast<std::size_t>(site - begin);
    T* first = work.coefficients + 2 * angle * lanes + lane;
    T* second = first + lanes;
    if (angles[angle].role == statevector::Role::rotation) *first = -*first;  // else it is a cosine
    *second = -*second;
  }
  for (auto site = std::ranges::upper_bound(dampings, noisy.sites.end(), since, {}, &Site::time);
       site != noisy.sites.end(); ++site) {
    if (!site->turned_by(error)) continue;
    auto& sign = signs[static_cast<std::size_t>(site - dampings) * lanes + lane];
    sign = -sign;
  }
}

template struct Lanes<float>;
template struct Lanes<double>;

}  // namespace qupel::trajectories
