#include "qupel/problem/optimization/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/problem/optimization/enumeration.h"

namespace qupel {
namespace {

constexpr std::size_t quickly_enumerated = 24;  // variables: a fraction of a second

/// Variables around a random one, by couplings, and random ones where those end.
std::vector<std::size_t> neighbourhood(const Qubo& qubo, std::size_t count, Random& random) {
  const auto neighbours = neighbours_of(qubo);
  std::vector<std::size_t> chosen;
  std::vector<bool> in(qubo.size());
  const auto take = [&](std::size_t i) {
    if (in[i] || chosen.size() == count) return;
    in[i] = true;
    chosen.push_back(i);
  };
  for (std::size_t next = 0; chosen.size() < count; ++next) {
    if (next == chosen.size()) {
      std::size_t fresh = random.below(qubo.size());
      while (in[fresh]) fresh = (fresh + 1) % qubo.size();
      take(fresh);
    }
    const auto first = neighbours.first[chosen[next]];
    for (const auto k : random.permutation(neighbours.first[chosen[next] + 1] - first))
      take(neighbours.other[first + k]);
  }
  return chosen;
}

/// The energy of some variables while the others are as they are.
Qubo restricted(const Qubo& qubo, const std::vector<std::size_t>& free, const Bits& bits) {
  constexpr auto none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> number(qubo.size(), none);
  std::vector<std::string> names;
  for (const auto i : free) number[i] = names.size(), names.push_back(qubo.names[i]);
  QuboBuilder part(std::move(names));
  for (const auto i : free) part.add(number[i], qubo.linear[i]);
  for (const auto& c : qubo.couplings) {
    if (number[c.a] != none && number[c.b] != none)
      part.add(number[c.a], number[c.b], c.weight);
    else if (number[c.a] != none && bits[c.b] != 0)
      part.add(number[c.a], c.weight);
    else if (number[c.b] != none && bits[c.a] != 0)
      part.add(number[c.b], c.weight);
  }
  return std::move(part).build();
}

}  // namespace

std::optional<double> Decision::proven_optimum() const {
  if (variables() > quickly_enumerated) return std::nullopt;
  const auto best = lowest_energy(qubo());
  return objective(from_bits(best.bits));
}

DecisionPart Decision::part(const Values& now, std::size_t most_bits, Random& random) const {
  const auto all = qubo();
  const auto free = neighbourhood(all, std::min(most_bits, all.size()), random);
  return {restricted(all, free, bits_of(now)), [now, free](std::span<const std::uint8_t> bits) {
            auto whole = now;
            for (std::size_t i = 0; i < free.size(); ++i) whole[free[i]] = bits[i];
            return whole;
          }};
}

bool Decision::reaches(double objective, double other) const {
  const double slack = 1e-9 * std::max(1.0, std::abs(other));
  return maximised() ? objective >= other - slack : objective <= other + slack;
}

std::vector<std::string> kinds_with_qubo() { return {"maxcut", "qubo", "tsp", "portfolio", "mip"}; }

std::vector<std::string> all_decisions() {
  auto kinds = kinds_with_qubo();
  kinds.emplace_back("cvrp");
  return kinds;
}

Values values_of(std::span<const std::uint8_t> bits) { return {bits.begin(), bits.end()}; }

Bits bits_of(ValuesView values) {
  Bits bits;
  for (const auto value : values) bits.push_back(value != 0 ? 1 : 0);
  return bits;
}

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string bits_by_name(const std::vector<std::string>& names, ValuesView bits) {
  std::string json;
  for (std::size_t i = 0; i < bits.size(); ++i)
    json += fmt::format("{}{}: {}", i == 0 ? "" : ", ", json_text(names[i]), bits[i]);
  return "{" + json + "}";
}

std::string not_bits(ValuesView values, std::size_t count) {
  if (values.size() != count) return fmt::format("{} values, not {}", values.size(), count);
  const auto wrong = std::ranges::find_if(values, [](std::int64_t v) { return v != 0 && v != 1; });
  return wrong == values.end() ? "" : fmt::format("a value of {}: each is 0 or 1", *wrong);
}

Bits greedy_bits(const Qubo& qubo) {
  const auto neighbours = neighbours_of(qubo);
  Bits bits(qubo.size());
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    double change = qubo.linear[i];
    for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k)
      if (bits[neighbours.other[k]] != 0) change += neighbours.weight[k];
    bits[i] = change < 0 ? 1 : 0;
  }
  return bits;
}

}  // namespace qupel
