#include <fmt/format.h>

#include <cmath>

#include "qupel/circuit/dense.h"
#include "qupel/circuit/pauli_string.h"
#include "qupel/noise/channels/groups.h"

namespace qupel::channel_groups {
namespace {

constexpr std::string_view textbook = "Nielsen and Chuang, Quantum Computation and Quantum Information, 8.3";

/// Strings of letters, each with its probability; the identity takes what is left.
std::vector<Matrix<Complex>> mixture(const std::vector<std::pair<std::string, double>>& errors) {
  double left = 1;
  for (const auto& error : errors) left -= error.second;
  std::vector<Matrix<Complex>> kraus;
  const auto add = [&](std::string_view letters, double probability) {
    auto matrix = pauli_matrix(letters);
    for (auto& value : matrix.values()) value *= std::sqrt(std::max(0.0, probability));
    kraus.push_back(std::move(matrix));
  };
  add(std::string(errors.front().first.size(), 'I'), left);
  for (const auto& [letters, probability] : errors) add(letters, probability);
  return kraus;
}

std::vector<Matrix<Complex>> depolarizing(std::span<const double> parameters, int qubits) {
  const std::size_t strings = std::size_t{1} << (2 * qubits);
  std::vector<std::pair<std::string, double>> errors;
  for (std::size_t s = 1; s < strings; ++s) {
    std::string letters;
    for (int q = 0; q < qubits; ++q) letters += PauliString::of_index(s).letter(q);
    errors.emplace_back(letters, parameters[0] / static_cast<double>(strings - 1));
  }
  return mixture(errors);
}

std::string above_one(std::span<const double> p) {
  const double sum = p[0] + p[1] + p[2];
  constexpr double rounding = 1e-15;  // of three numbers that are 1 together in decimal digits
  return sum > 1 + rounding ? fmt::format("the probabilities add up to {}, more than 1", sum) : "";
}

}  // namespace

std::span<const ChannelSpec> pauli() {
  static const ChannelSpec all[] = {
      {.name = "depolarizing",
       .summary = "with probability p one of the Pauli strings other than the identity, all equally likely "
                  "(Stim's and Cirq's p; Aer's is p 4^n / (4^n - 1) on n qubits)",
       .source = textbook,
       .qubits = 0,
       .parameters = {{"p", "probability of an error"}},
       .kraus = depolarizing},
      {.name = "bit-flip",
       .summary = "X with probability p",
       .source = textbook,
       .parameters = {{"p", "probability of an error"}},
       .kraus =
           [](std::span<const double> p, int) {
             return mixture({{"X", p[0]}});
           }},
      {.name = "phase-flip",
       .summary = "Z with probability p",
       .source = textbook,
       .parameters = {{"p", "probability of an error"}},
       .kraus =
           [](std::span<const double> p, int) {
             return mixture({{"Z", p[0]}});
           }},
      {.name = "pauli",
       .summary = "X, Y, Z with a probability each",
       .source = textbook,
       .parameters = {{"px", "probability of X"}, {"py", "probability of Y"}, {"pz", "probability of Z"}},
       .kraus =
           [](std::span<const double> p, int) {
             return mixture({{"X", p[0]}, {"Y", p[1]}, {"Z", p[2]}});
           },
       .problem = above_one},
  };
  return all;
}

}  // namespace qupel::channel_groups
