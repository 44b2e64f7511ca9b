#include <fmt/format.h>

#include <cmath>

#include "qupel/circuit/dense.h"
#include "qupel/circuit/ops/groups.h"
#include "qupel/noise/channels/groups.h"

namespace qupel::channel_groups {
namespace {

using ops::square;

std::vector<Matrix<Complex>> amplitude_damping(double gamma) {
  return {square({1, 0, 0, std::sqrt(1 - gamma)}), square({0, std::sqrt(gamma), 0, 0})};
}

std::vector<Matrix<Complex>> phase_damping(double lambda) {
  return {square({1, 0, 0, std::sqrt(1 - lambda)}), square({0, 0, 0, std::sqrt(lambda)})};
}

/// Populations decay with T1, coherences with T2: exp(-t/T2)^2 = (1 - gamma)(1 - lambda).
std::vector<Matrix<Complex>> thermal_relaxation(std::span<const double> p, int) {
  const double t1 = p[0], t2 = p[1], time = p[2];
  const double kept = std::exp(-time / t1), lambda = 1 - std::exp(time * (1 / t1 - 2 / t2));
  std::vector<Matrix<Complex>> kraus;
  for (const auto& second : phase_damping(std::max(0.0, lambda))) {
    for (const auto& first : amplitude_damping(1 - kept)) kraus.push_back(product(second, first));
  }
  return kraus;
}

std::string relaxation_problem(std::span<const double> p) {
  if (p[0] <= 0 || p[1] <= 0) return "T1 and T2 must be positive";
  return p[1] > 2 * p[0] ? fmt::format("T2 = {} is more than twice T1 = {}", p[1], p[0]) : "";
}

}  // namespace

std::span<const ChannelSpec> damping() {
  constexpr double unbounded = 1e300;
  static const ChannelSpec all[] = {
      {.name = "amplitude-damping",
       .summary = "|1> falls to |0> with probability gamma",
       .source = "Nielsen and Chuang, Quantum Computation and Quantum Information, 8.3.5",
       .parameters = {{"gamma", "probability of the decay"}},
       .kraus = [](std::span<const double> p, int) { return amplitude_damping(p[0]); }},
      {.name = "phase-damping",
       .summary = "coherences shrink by sqrt(1 - lambda)",
       .source = "Nielsen and Chuang, Quantum Computation and Quantum Information, 8.3.6",
       .parameters = {{"lambda", "probability that the environment learns the state"}},
       .kraus = [](std::span<const double> p, int) { return phase_damping(p[0]); }},
      {.name = "thermal-relaxation",
       .summary = "decay to |0> with T1 and loss of coherence with T2 during a time, all in one unit",
       .source = "Nielsen and Chuang, Quantum Computation and Quantum Information, 8.3.5 and 8.4.1",
       .parameters = {{"T1", "relaxation time", 0, unbounded},
                      {"T2", "dephasing time, at most 2 T1", 0, unbounded},
                      {"time", "how long it lasts; left out: as the operation, or the wait", 0, unbounded}},
       .timed = true,
       .alias = "thermal",
       .kraus = thermal_relaxation,
       .problem = relaxation_problem},
  };
  return all;
}

}  // namespace qupel::channel_groups
