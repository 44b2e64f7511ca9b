#include "qupel/problem/molecule/measurements.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "qupel/base/random.h"
#include "qupel/circuit/measurement_group.h"
#include "qupel/problem/molecule/fermion.h"

namespace qupel {
namespace {

using State = std::vector<Complex>;
using MeasuredTerms = std::vector<Observable::Term>;

/// A vector of a sector as a state of qubits by Jordan-Wigner.
State on_qubits(const ElectronicSystem& system, const std::vector<double>& vector) {
  const Sector sector(system.orbitals(), system.alpha, system.beta);
  State state(std::size_t{1} << (2 * system.orbitals()));
  for (std::size_t i = 0; i < vector.size(); ++i)
    state[occupations(sector.determinant(i), system.orbitals())] = vector[i];
  return state;
}

/// The variance of a sum of Pauli strings by definition.
double variance(const MeasuredTerms& terms, const State& state) {
  const Complex turns[] = {1, {0, 1}, -1, {0, -1}};
  State image(state.size());
  for (const auto& [weight, pauli] : terms) {
    const auto [phase, flips, signs] = pauli.word();
    const Complex factor = weight * turns[phase];
    for (std::size_t b = 0; b < state.size(); ++b)
      image[b ^ flips] += (odd(b & signs) ? -factor : factor) * state[b];
  }
  double square = 0, mean = 0;
  for (std::size_t b = 0; b < state.size(); ++b) {
    square += std::norm(image[b]);
    mean += (std::conj(state[b]) * image[b]).real();
  }
  return std::max(0.0, square - mean * mean);
}

std::vector<MeasuredTerms> qubit_wise(const MeasuredTerms& terms) {
  std::vector<PauliString> strings;
  for (const auto& term : terms) strings.push_back(term.pauli);
  std::vector<MeasuredTerms> groups;
  for (const auto& group : measurement_groups(strings)) {
    groups.emplace_back();
    for (const auto k : group.strings) groups.back().push_back(terms[k]);
  }
  return groups;
}

/// Sorted insertion (Crawford et al., Quantum 5, 385, 2021): the heaviest first, each into the first group
/// with all of which it commutes.
std::vector<MeasuredTerms> commuting(MeasuredTerms terms) {
  std::ranges::stable_sort(
      terms, [](const auto& a, const auto& b) { return std::abs(a.weight) > std::abs(b.weight); });
  std::vector<MeasuredTerms> groups;
  for (auto& term : terms) {
    const auto fits = [&](const MeasuredTerms& group) {
      return std::ranges::all_of(group, [&](const auto& other) { return commute(other.pauli, term.pauli); });
    };
    const auto found = std::ranges::find_if(groups, fits);
    (found == groups.end() ? groups.emplace_back() : *found).push_back(std::move(term));
  }
  return groups;
}

MeasurementWay by_groups(std::string name, const std::vector<MeasuredTerms>& groups, const State& state,
                         double error) {
  double variances = 0, deviations = 0;
  for (const auto& group : groups) {
    const double found = variance(group, state);
    variances += found;
    deviations += std::sqrt(found);
  }
  const auto count = static_cast<double>(groups.size());
  return {std::move(name), count, count * variances / (error * error),
          deviations * deviations / (error * error)};
}

/// Turns one qubit so that Z measures X (a Hadamard gate) or Y (after the inverse of S).
void measure_by_z(State& state, int qubit, char letter) {
  const double root = std::sqrt(0.5);
  const std::size_t bit = std::size_t{1} << qubit;
  for (std::size_t b = 0; b < state.size(); ++b) {
    if ((b & bit) != 0) continue;
    const Complex zero = state[b], one = letter == 'Y' ? Complex(0, -1) * state[b | bit] : state[b | bit];
    state[b] = root * (zero + one);
    state[b | bit] = root * (zero - one);
  }
}

/// One shot in a random basis: the estimate of the sum.
double shadow(const MeasuredTerms& terms, State state, int qubits, Random& random) {
  std::uint64_t x = 0, z = 0;  // masks of the basis
  for (int q = 0; q < qubits; ++q) {
    const char letter = "XYZ"[static_cast<std::size_t>(3 * random.uniform()) % 3];
    if (letter != 'X') z |= std::uint64_t{1} << q;
    if (letter == 'Z') continue;
    x |= std::uint64_t{1} << q;
    measure_by_z(state, q, letter);
  }
  double left = random.uniform();
  std::size_t seen = 0;
  while (seen + 1 < state.size() && (left -= std::norm(state[seen])) > 0) ++seen;
  double estimate = 0;
  for (const auto& [weight, pauli] : terms) {
    const auto word = pauli.word();
    const auto support = word.x | word.z;
    if (word.x != (x & support) || word.z != (z & support)) continue;
    estimate += weight * std::pow(3.0, std::popcount(support)) * (odd(seen & support) ? -1 : 1);
  }
  return estimate;
}

MeasurementWay by_shadows(const MeasuredTerms& terms, const State& state, int qubits, double error) {
  constexpr int bases = 1000;
  Random random(derive(0, {key_of("classical shadows")}));
  double sum = 0, squares = 0;
  for (int k = 0; k < bases; ++k) {
    const double value = shadow(terms, state, qubits, random);
    sum += value;
    squares += value * value;
  }
  const double found = (squares - sum * sum / bases) / (bases - 1), shots = found / (error * error);
  return {"classical-shadows", 0, shots, shots};
}

}  // namespace

MeasurementPlan measurement_plan(const ElectronicSystem& system, const std::vector<double>& ground) {
  constexpr int most_qubits = 14;
  MeasurementPlan plan;
  plan.qubits = 2 * system.orbitals();
  if (plan.qubits > most_qubits) return plan;
  MeasuredTerms terms;
  for (auto& term : qubit_hamiltonian(system.integrals, FermionEncoding::jordan_wigner(plan.qubits)).terms) {
    if (term.pauli.qubits() == 0) continue;
    plan.one_norm += std::abs(term.weight);
    terms.push_back(std::move(term));
  }
  plan.strings = terms.size();
  const auto state = on_qubits(system, ground);
  plan.ways.push_back(by_groups("qubit-wise", qubit_wise(terms), state, plan.error));
  plan.ways.push_back(by_groups("fully-commuting", commuting(terms), state, plan.error));
  plan.ways.push_back(by_shadows(terms, state, plan.qubits, plan.error));
  return plan;
}

}  // namespace qupel
