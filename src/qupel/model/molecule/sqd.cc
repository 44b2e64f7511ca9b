#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/electrons/selected.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/uccsd.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/fermion.h"
#include "qupel/problem/molecule/molecule_problem.h"

namespace qupel {
namespace {

using Counts = std::map<std::uint64_t, double>;  // how often occupations of all spin orbitals were seen

/// Samples of the sector's state: bits of a determinant by their probability.
Counts sector_counts(const ExcitationAnsatz& ansatz, const ElectronicSystem& system,
                     std::span<const double> parameters, std::size_t samples, std::uint64_t seed) {
  const SectorProgram<double> program(ansatz, system.integrals);
  const auto state = program.state(parameters, 1);
  std::vector<double> cumulative(state.size());
  double sum = 0;
  for (std::size_t i = 0; i < state.size(); ++i) cumulative[i] = sum += state[i] * state[i];
  Random random(seed);
  Counts counts;
  for (std::size_t s = 0; s < samples; ++s) {
    const auto found = std::ranges::upper_bound(cumulative, random.uniform() * sum);
    const auto i = std::min(static_cast<std::size_t>(found - cumulative.begin()), state.size() - 1);
    counts[occupations(program.sector().determinant(i), ansatz.orbitals)] += 1;
  }
  return counts;
}

/// Flips occupations of one spin until there are as many electrons as there must be, those first that differ
/// most from their mean occupation, by chance.
Occupation repaired(Occupation string, int electrons, std::span<const double> mean, Random& random) {
  while (std::popcount(string) != electrons) {
    const bool remove = std::popcount(string) > electrons;
    double total = 0;
    std::vector<std::pair<double, int>> weights;
    for (int p = 0; p < static_cast<int>(mean.size()); ++p) {
      if (((string >> p & 1) != 0) != remove) continue;
      const double occupied = mean[static_cast<std::size_t>(p)];
      weights.emplace_back(total += (remove ? 1 - occupied : occupied) + 1e-6, p);
    }
    const double at = random.uniform() * total;
    const auto chosen = std::ranges::find_if(weights, [&](const auto& weight) { return at < weight.first; });
    string ^= Occupation{1} << (chosen == weights.end() ? weights.back().second : chosen->second);
  }
  return string;
}

/// Sample-based diagonalisation of what was sampled.
class Recovery {
 public:
  Recovery(const ElectronicSystem& system, std::size_t most_strings, std::uint64_t seed)
      : system_(system), most_strings_(most_strings), random_(seed) {
    const int electrons[] = {system.alpha, system.beta};
    for (std::size_t s = 0; s < 2; ++s)
      for (int p = 0; p < system.orbitals(); ++p) mean_[s].push_back(p < electrons[s] ? 1 : 0);
  }

  SelectedState run(const Counts& counts, int rounds) {
    SelectedState best;
    for (int round = 0; round < rounds; ++round) {
      auto found = diagonalise_within(system_.integrals, space_of(counts));
      for (auto& mean : mean_) std::ranges::fill(mean, 0);
      for (std::size_t i = 0; i < found.determinants.size(); ++i)
        for (int p = 0; p < system_.orbitals(); ++p)
          for (std::size_t s = 0; s < 2; ++s)
            if (((s == 0 ? found.determinants[i].alpha : found.determinants[i].beta) >> p & 1) != 0)
              mean_[s][static_cast<std::size_t>(p)] += found.amplitudes[i] * found.amplitudes[i];
      if (round == 0 || found.energy < best.energy) best = std::move(found);
    }
    return best;
  }

 private:
  /// All pairs of the strings seen most often; without unpaired electrons a string is one of both spins.
  std::vector<Determinant> space_of(const Counts& counts) {
    std::array<std::map<Occupation, double>, 2> seen;
    const Occupation all = (Occupation{1} << system_.orbitals()) - 1;
    for (const auto& [bits, count] : counts) {
      seen[0][repaired(bits & all, system_.alpha, mean_[0], random_)] += count;
      seen[1][repaired(bits >> system_.orbitals(), system_.beta, mean_[1], random_)] += count;
    }
    seen[0][(Occupation{1} << system_.alpha) - 1] += 1e9;
    seen[1][(Occupation{1} << system_.beta) - 1] += 1e9;
    if (system_.alpha == system_.beta) {
      for (const auto& [string, count] : seen[1]) seen[0][string] += count;
      seen[1] = seen[0];
    }
    const auto alpha = most_frequent(seen[0]), beta = most_frequent(seen[1]);
    std::vector<Determinant> space;
    for (const auto a : alpha)
      for (const auto b : beta) space.push_back({a, b});
    return space;
  }

  std::vector<Occupation> most_frequent(const std::map<Occupation, double>& seen) const {
    std::vector<std::pair<double, Occupation>> order;
    for (const auto& [string, count] : seen) order.emplace_back(-count, string);
    std::ranges::sort(order);
    order.resize(std::min(order.size(), most_strings_));
    std::vector<Occupation> strings;
    for (const auto& [count, string] : order) strings.push_back(string);
    return strings;
  }

  const ElectronicSystem& system_;
  std::size_t most_strings_;
  Random random_;
  std::array<std::vector<double>, 2> mean_;
};

/// A circuit to sample from: it answers with the energy within what was sampled.
class SampledDiagonalisation final : public FittedCircuit {
 public:
  SampledDiagonalisation(std::unique_ptr<FittedAnsatz> state, std::size_t samples, std::size_t strings)
      : state_(std::move(state)), samples_(samples), strings_(strings) {}

  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto& system = electronic_system(instance);
    const auto counts = sampled(system, context);
    const StageTimer timer(&context.executor->ledger(), Stage::classical);
    return Energy{
        Recovery(system, strings_, derive(context.seed, {key_of("recovery")})).run(counts, 3).energy};
  }
  FitInfo info() const override { return state_->info(); }
  Circuit circuit(const ElectronicSystem& system) const override { return state_->circuit(system); }
  void save(Archive& archive) const override {
    state_->save(archive);
    archive.set("samples", samples_);
    archive.set("strings", strings_);
  }

 private:
  /// Without noise from the sector's amplitudes, which need no register of all spin orbitals; else from the
  /// circuit.
  Counts sampled(const ElectronicSystem& system, const FitContext& context) const {
    auto& executor = *context.executor;
    auto there = executor.execution();
    const auto shots = std::exchange(there.shots, 0);
    const auto wanted = shots > 0 ? static_cast<std::size_t>(shots) : samples_;
    if (exact_here(there)) {
      const StageTimer timer(&executor.ledger(), Stage::execute);
      executor.ledger().circuits += 1;
      executor.ledger().shots += static_cast<long long>(shots);
      return sector_counts(state_->ansatz(), system, state_->parameters(), wanted,
                           derive(context.seed, {key_of("samples")}));
    }
    there.shots = wanted;
    if (shots > 0) return circuit_counts(system, executor);
    Executor with_shots(there);
    auto counts = circuit_counts(system, with_shots);
    executor.ledger() += with_shots.ledger();
    return counts;
  }

  Counts circuit_counts(const ElectronicSystem& system, Executor& executor) const {
    const auto encoding = FermionEncoding::jordan_wigner(2 * system.orbitals());
    const auto prepared = executor.prepare(ansatz_circuit(state_->ansatz(), encoding), {});
    const auto seen = executor.samples(prepared, Matrix<double>(1, 0), state_->parameters());
    Counts counts;
    for (const auto& [bits, count] : seen.front()) counts[bits] += static_cast<double>(count);
    return counts;
  }

  std::unique_ptr<FittedAnsatz> state_;
  std::size_t samples_, strings_;
};

/// The double excitations with the largest amplitudes of second-order perturbation theory, and these
/// amplitudes: a state to sample from without optimisation.
std::unique_ptr<Fitted> fit_sqd(const Instance& instance, const Settings& settings, const FitContext&) {
  const auto& system = electronic_system(instance);
  auto ansatz = uccsd_ansatz(system);
  const auto amplitudes = doubles_amplitudes(system, ansatz);
  std::vector<std::size_t> order;
  for (std::size_t g = 0; g < amplitudes.size(); ++g)
    if (std::abs(amplitudes[g]) > 1e-9) order.push_back(g);
  std::ranges::stable_sort(order,
                           [&](auto a, auto b) { return std::abs(amplitudes[a]) > std::abs(amplitudes[b]); });
  order.resize(std::min(order.size(), static_cast<std::size_t>(count(sqd, settings, "excitations"))));
  ExcitationAnsatz kept{ansatz.orbitals, ansatz.reference, {}};
  std::vector<double> parameters;
  for (const auto g : order) {
    kept.gates.push_back({ansatz.gates[g].excitation, parameters.size(), 1});
    parameters.push_back(amplitudes[g]);
  }
  FitInfo info;
  info.reason = "amplitudes of second-order perturbation theory";
  info.parameters = static_cast<long>(parameters.size());
  auto state = std::make_unique<FittedAnsatz>(std::move(kept), "jordan-wigner", std::move(parameters),
                                              std::move(info));
  return std::make_unique<SampledDiagonalisation>(std::move(state),
                                                  static_cast<std::size_t>(count(sqd, settings, "samples")),
                                                  static_cast<std::size_t>(count(sqd, settings, "strings")));
}

/// It reads bits only: the limit on Pauli strings of those that measure energies is none of its own.
std::string refused_by_samples(const Instance& instance) {
  constexpr double most = 2e6;
  if (auto why = ground_state_only(instance); !why.empty()) return why;
  const auto& system = electronic_system(instance);
  if (2 * system.orbitals() > 64)
    return fmt::format("{} qubits; at most 64 are written as circuits", 2 * system.orbitals());
  const double size = system.determinants();
  return size > most ? fmt::format("{:g} determinants; it computes with at most {:g}", size, most) : "";
}

std::unique_ptr<Fitted> load_sqd(const Archive& saved, const Settings& settings, const FitContext& context) {
  auto state = vqe_load(saved, settings, context);
  return std::make_unique<SampledDiagonalisation>(
      std::unique_ptr<FittedAnsatz>(dynamic_cast<FittedAnsatz*>(state.release())),
      saved.size("samples", 1000000), saved.size("strings", 1000000));
}

}  // namespace

const Contender sqd{
    .name = "sqd",
    .summary =
        "sample-based diagonalisation: bit strings of a circuit, electrons put right, and exact energies within them",
    .source = "Robledo-Moreno et al., Sci. Adv. 11, eadu9991, 2025",
    .family = Family::quantum,
    .hyperparameters =
        {{.name = "samples",
          .summary = "measurements, where the execution does not say how many",
          .values = {10000.0},
          .range = whole(1e6)},
         {.name = "strings",
          .summary = "at most so many strings of either spin",
          .values = {120.0},
          .range = whole(1e4)},
         {.name = "excitations", .summary = "gates of the circuit", .values = {40.0}, .range = whole(1e4)}},
    .fit = fit_sqd,
    .load = load_sqd,
    .solves = {"molecule"},
    .instance_circuit = fitted_circuit_page(fit_sqd),
    .refuses = refused_by_samples,
};

}  // namespace qupel
