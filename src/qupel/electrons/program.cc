#include "qupel/electrons/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/electrons/kernels.h"
#include "qupel/electrons/pair_list.h"

namespace qupel {
namespace {

constexpr std::size_t shared_work = 1 << 16;  // pairs of determinants that are worth a thread

void require_conserving(const Excitation& e, int orbitals) {
  const Occupation beyond = ~((Occupation{1} << orbitals) - 1);
  const auto all = e.annihilate.alpha | e.annihilate.beta | e.create.alpha | e.create.beta;
  const bool conserves = std::popcount(e.annihilate.alpha) == std::popcount(e.create.alpha) &&
                         std::popcount(e.annihilate.beta) == std::popcount(e.create.beta);
  if ((all & beyond) != 0 || !conserves || e.annihilate == e.create)
    throw InputError(
        fmt::format("an excitation from orbitals {:#x}, {:#x} to {:#x}, {:#x} (alpha, beta): it must move "
                    "electrons within {} orbitals, as many of a spin as it takes",
                    e.annihilate.alpha, e.annihilate.beta, e.create.alpha, e.create.beta, orbitals));
}

}  // namespace

std::size_t ExcitationAnsatz::parameters() const {
  std::size_t count = 0;
  for (const auto& gate : gates) count = std::max(count, gate.parameter + 1);
  return count;
}

template <class T>
struct SectorProgram<T>::Implementation {
  /// An excitation as lists of strings of either spin.
  struct Lists {
    const PairList *alpha, *beta;
  };

  Implementation(const ExcitationAnsatz& from, const OrbitalIntegrals& integrals)
      : ansatz(from),
        sector(from.orbitals, std::popcount(from.reference.alpha), std::popcount(from.reference.beta)),
        core(integrals.core),
        hamiltonian(
            (require_bytes(bytes(sector), fmt::format("a gradient on {} determinants", sector.size())),
             SectorHamiltonian<T>(integrals, sector))) {
    for (const auto& gate : ansatz.gates) lists.push_back(lists_of(gate.excitation));
  }

  Lists lists_of(const Excitation& e) const {
    require_conserving(e, sector.orbitals());
    const auto kept = [&](int spin, Occupation annihilate, Occupation create) {
      auto& known = pairs[static_cast<std::size_t>(spin)];
      const auto key = std::pair(annihilate, create);
      const auto found = known.find(key);
      if (found != known.end()) return &found->second;
      return &known.emplace(key, pair_list(sector.strings(spin), annihilate, create)).first->second;
    };
    return {kept(0, e.annihilate.alpha, e.create.alpha), kept(1, e.annihilate.beta, e.create.beta)};
  }

  /// Calls work(row of from, row of to, sign) for the rows that alpha's operators connect, shared out in
  /// pieces whose number depends on the sector alone. Returns the sum of the results.
  template <class Work>
  double for_rows(const Lists& excitation, int threads, const Work& work) const {
    const auto& alpha = *excitation.alpha;
    const auto width = sector.strings(1).size();
    const auto rows = alpha.identity ? sector.strings(0).size() : alpha.from.size();
    const auto columns = excitation.beta->identity ? width : excitation.beta->from.size();
    const auto run = [&](std::size_t first, std::size_t last) {
      double sum = 0;
      for (std::size_t i = first; i < last; ++i) {
        if (alpha.identity) {
          sum += work(i * width, i * width, 1);
        } else {
          sum += work(alpha.from[i] * width, alpha.to[i] * width, i < alpha.plus ? 1 : -1);
        }
      }
      return sum;
    };
    const auto parts =
        std::clamp<std::size_t>(rows * columns / shared_work, 1, std::min<std::size_t>(rows + 1, 32));
    if (parts == 1) return run(0, rows);
    std::vector<double> sums(parts);
    parallel_for(parts, threads,
                 [&](std::size_t part) { sums[part] = run(rows * part / parts, rows * (part + 1) / parts); });
    double sum = 0;
    for (const double one : sums) sum += one;
    return sum;
  }

  void rotate(const Lists& excitation, double angle, std::vector<T>& ket, int threads) const {
    if (angle == 0) return;
    const auto& kernels = sector::kernels<T>();
    const T cosine = static_cast<T>(std::cos(angle)), sine = static_cast<T>(std::sin(angle));
    for_rows(excitation, threads, [&](std::size_t from, std::size_t to, int sign) {
      const T s = sign > 0 ? sine : -sine;
      if (excitation.beta->identity) {
        kernels.rotate_rows(ket.data() + from, ket.data() + to, sector.strings(1).size(), cosine, s);
      } else {
        kernels.rotate_pairs(ket.data() + from, ket.data() + to, excitation.beta->view(), cosine, s);
      }
      return 0.0;
    });
  }

  /// <bra| T - T+ |ket>; then undoes the gate on both.
  double differentiate(const Lists& excitation, double angle, std::vector<T>& ket, std::vector<T>& bra,
                       int threads) const {
    const auto& kernels = sector::kernels<T>();
    const T cosine = static_cast<T>(std::cos(angle)), sine = static_cast<T>(std::sin(angle));
    return for_rows(excitation, threads, [&](std::size_t from, std::size_t to, int sign) {
      const T s = sign > 0 ? sine : -sine;
      T *k0 = ket.data() + from, *k1 = ket.data() + to, *b0 = bra.data() + from, *b1 = bra.data() + to;
      return sign * (excitation.beta->identity
                         ? kernels.differentiate_rows(k0, k1, b0, b1, sector.strings(1).size(), cosine, s)
                         : kernels.differentiate_pairs(k0, k1, b0, b1, excitation.beta->view(), cosine, s));
    });
  }

  void require_parameters(std::span<const double> parameters) const {
    if (parameters.size() < ansatz.parameters())
      throw InputError(
          fmt::format("{} parameters for an ansatz of {}", parameters.size(), ansatz.parameters()));
  }

  double angle(std::size_t gate, std::span<const double> parameters) const {
    return ansatz.gates[gate].scale * parameters[ansatz.gates[gate].parameter];
  }

  void require_vector(const std::vector<T>& vector) const {
    if (vector.size() != sector.size())
      throw InputError(
          fmt::format("a vector of {} amplitudes; there are {} determinants", vector.size(), sector.size()));
  }

  void turn(std::vector<T>& ket, std::span<const double> parameters, int threads) const {
    require_parameters(parameters);
    for (std::size_t g = 0; g < lists.size(); ++g) rotate(lists[g], angle(g, parameters), ket, threads);
  }

  std::vector<T> state(std::span<const double> parameters, int threads) const {
    std::vector<T> ket(sector.size());
    ket[sector.index(ansatz.reference)] = 1;
    turn(ket, parameters, threads);
    return ket;
  }

  /// H |ket>, and <ket| H |ket> with the core; of states to avoid, too.
  std::pair<std::vector<T>, double> with_energy(const std::vector<T>& ket, int threads) const {
    std::vector<T> image(ket.size());
    hamiltonian.apply(ket, image, threads);
    const auto& kernels = sector::kernels<T>();
    for (const auto& [state, weight] : avoided) {
      const auto factor = static_cast<T>(weight * kernels.dot(state.data(), ket.data(), ket.size()));
      for (std::size_t i = 0; i < image.size(); ++i) image[i] += factor * state[i];
    }
    return {image, core + kernels.dot(ket.data(), image.data(), ket.size())};
  }

  ExcitationAnsatz ansatz;
  Sector sector;
  double core;
  SectorHamiltonian<T> hamiltonian;
  mutable std::map<std::pair<Occupation, Occupation>, PairList> pairs[2];
  std::vector<Lists> lists;
  std::vector<std::pair<std::vector<T>, double>> avoided;  // states with their weights
};

template <class T>
SectorProgram<T>::SectorProgram(const ExcitationAnsatz& ansatz, const OrbitalIntegrals& integrals)
    : implementation_(std::make_unique<Implementation>(ansatz, integrals)) {}
template <class T>
SectorProgram<T>::~SectorProgram() = default;
template <class T>
SectorProgram<T>::SectorProgram(SectorProgram&&) noexcept = default;
template <class T>
SectorProgram<T>& SectorProgram<T>::operator=(SectorProgram&&) noexcept = default;

template <class T>
void SectorProgram<T>::append(const ExcitationGate& gate) {
  implementation_->lists.push_back(implementation_->lists_of(gate.excitation));
  implementation_->ansatz.gates.push_back(gate);
}

template <class T>
void SectorProgram<T>::avoid(std::vector<T> avoided, double weight) {
  implementation_->require_vector(avoided);
  implementation_->avoided.emplace_back(std::move(avoided), weight);
}

template <class T>
const Sector& SectorProgram<T>::sector() const {
  return implementation_->sector;
}

template <class T>
double SectorProgram<T>::energy(std::span<const double> parameters, int threads) const {
  return implementation_->with_energy(implementation_->state(parameters, threads), threads).second;
}

template <class T>
EnergyGradient SectorProgram<T>::gradient(std::span<const double> parameters, int threads) const {
  const auto& all = *implementation_;
  auto ket = all.state(parameters, threads);
  auto [bra, energy] = all.with_energy(ket, threads);
  EnergyGradient found{energy, std::vector<double>(parameters.size())};
  for (std::size_t g = all.lists.size(); g-- > 0;) {
    const auto& gate = all.ansatz.gates[g];
    found.gradient[gate.parameter] +=
        2 * gate.scale * all.differentiate(all.lists[g], all.angle(g, parameters), ket, bra, threads);
  }
  return found;
}

template <class T>
std::vector<T> SectorProgram<T>::state(std::span<const double> parameters, int threads) const {
  return implementation_->state(parameters, threads);
}

template <class T>
std::vector<T> SectorProgram<T>::turned(std::vector<T> vector, std::span<const double> parameters,
                                        int threads) const {
  implementation_->require_vector(vector);
  implementation_->turn(vector, parameters, threads);
  return vector;
}

// Half a turn's difference: exp(a (T - T+)) is cos(a) within its planes and sin(a) between them.
template <class T>
std::vector<T> SectorProgram<T>::generated(const std::vector<T>& vector, const Excitation& excitation,
                                           int threads) const {
  constexpr double right_angle = std::numbers::pi / 2;
  const auto& all = *implementation_;
  all.require_vector(vector);
  const auto lists = all.lists_of(excitation);
  auto forward = vector, backward = vector;
  all.rotate(lists, right_angle, forward, threads);
  all.rotate(lists, -right_angle, backward, threads);
  for (std::size_t i = 0; i < forward.size(); ++i) forward[i] = (forward[i] - backward[i]) / 2;
  return forward;
}

template <class T>
std::vector<T> SectorProgram<T>::image(const std::vector<T>& vector, int threads) const {
  const auto& all = *implementation_;
  all.require_vector(vector);
  auto image = all.with_energy(vector, threads).first;
  for (std::size_t i = 0; i < image.size(); ++i) image[i] += static_cast<T>(all.core) * vector[i];
  return image;
}

template <class T>
std::vector<double> SectorProgram<T>::slopes(std::span<const double> parameters,
                                             std::span<const Excitation> pool, int threads) const {
  const auto& all = *implementation_;
  auto ket = all.state(parameters, threads);
  auto bra = all.with_energy(ket, threads).first;
  std::vector<double> slopes;
  for (const auto& excitation : pool)
    slopes.push_back(2 * all.differentiate(all.lists_of(excitation), 0, ket, bra, threads));
  return slopes;
}

template <class T>
double SectorProgram<T>::bytes(const Sector& sector) {
  return 5.0 * sizeof(T) * static_cast<double>(sector.size());
}

template class SectorProgram<float>;
template class SectorProgram<double>;

}  // namespace qupel
