#include "qupel/problem/optimization/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/parts.h"

namespace qupel {
namespace {

constexpr std::size_t quickly_enumerated = 30;  // variables: a second

}  // namespace

std::optional<double> Decision::proven_optimum() const {
  if (variables() > quickly_enumerated) return std::nullopt;
  const auto best = lowest_energy(qubo());
  return objective(from_bits(best.bits));
}

DecisionPart Decision::part(const Values& now, std::size_t most_bits, Random& random) const {
  const auto all = qubo();
  return part_of(all, neighbours_of(all), now, most_bits, random);
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
