#include "qupel/problem/optimization/qubo.h"

#include <algorithm>
#include <tuple>

namespace qupel {

double Qubo::energy(std::span<const std::uint8_t> bits) const {
  double sum = constant;
  for (std::size_t i = 0; i < linear.size(); ++i)
    if (bits[i] != 0) sum += linear[i];
  // Couplings are in order of their first bit, so a branch by it is foreseen; one by the second would not be.
  // Adding -0.0 changes no number.
  for (const auto& c : couplings) {
    if (bits[c.a] == 0) continue;
    sum += bits[c.b] != 0 ? c.weight : -0.0;
  }
  return sum;
}

QuboBuilder::QuboBuilder(std::vector<std::string> names) {
  qubo_.linear.resize(names.size());
  qubo_.names = std::move(names);
}

void QuboBuilder::add(std::size_t a, std::size_t b, double weight) {
  if (a == b) return add(a, weight);
  const auto [low, high] = std::minmax(a, b);
  qubo_.couplings.push_back({static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high), weight});
}

void QuboBuilder::add_square(std::span<const std::pair<std::size_t, double>> factors, double constant,
                             double weight) {
  add(weight * constant * constant);
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const auto& [variable, factor] = factors[i];
    add(variable, weight * factor * (factor + 2 * constant));
    for (std::size_t j = 0; j < i; ++j)
      add(variable, factors[j].first, 2 * weight * factor * factors[j].second);
  }
}

Qubo QuboBuilder::build() && {
  auto& all = qubo_.couplings;
  std::ranges::stable_sort(all, {}, [](const Coupling& c) { return std::tie(c.a, c.b); });
  std::vector<Coupling> merged;
  for (const auto& c : all) {
    if (!merged.empty() && merged.back().a == c.a && merged.back().b == c.b)
      merged.back().weight += c.weight;
    else
      merged.push_back(c);
  }
  std::erase_if(merged, [](const Coupling& c) { return c.weight == 0; });
  all = std::move(merged);
  return std::move(qubo_);
}

Neighbours neighbours_of(const Qubo& qubo) {
  Neighbours result;
  result.first.resize(qubo.size() + 1);
  for (const auto& c : qubo.couplings) ++result.first[c.a + 1], ++result.first[c.b + 1];
  for (std::size_t i = 0; i < qubo.size(); ++i) result.first[i + 1] += result.first[i];
  result.other.resize(2 * qubo.couplings.size());
  result.weight.resize(result.other.size());
  auto next = result.first;
  const auto put = [&](std::uint32_t from, std::uint32_t to, double weight) {
    const auto at = next[from]++;
    result.other[at] = to;
    result.weight[at] = weight;
  };
  for (const auto& c : qubo.couplings) put(c.a, c.b, c.weight), put(c.b, c.a, c.weight);
  return result;
}

Observable ising_of(const Qubo& qubo) {
  double constant = qubo.constant;
  std::vector<double> fields(qubo.size());
  Observable result;
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    constant += qubo.linear[i] / 2;
    fields[i] -= qubo.linear[i] / 2;
  }
  for (const auto& c : qubo.couplings) {
    constant += c.weight / 4;
    fields[c.a] -= c.weight / 4;
    fields[c.b] -= c.weight / 4;
    Observable::Term term{c.weight / 4, {}};
    term.pauli.set(static_cast<int>(c.a), 'Z');
    term.pauli.set(static_cast<int>(c.b), 'Z');
    result.terms.push_back(term);
  }
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    if (fields[i] == 0) continue;
    Observable::Term term{fields[i], {}};
    term.pauli.set(static_cast<int>(i), 'Z');
    result.terms.push_back(term);
  }
  result.terms.push_back({constant, {}});
  return result;
}

}  // namespace qupel
