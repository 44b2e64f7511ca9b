#include "qupel/noise/channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/noise/channels/groups.h"

namespace qupel {
namespace {

std::vector<const ChannelSpec*> collect() {
  std::vector<const ChannelSpec*> all;
  for (const auto group : {channel_groups::pauli(), channel_groups::damping()}) {
    for (const auto& spec : group) all.push_back(&spec);
  }
  return all;
}

std::string letters(std::size_t index, int qubits) {
  std::string text;
  for (int q = 0; q < qubits; ++q) text += "IXYZ"[(index >> (2 * q)) & 3];
  return text;
}

}  // namespace

std::span<const ChannelSpec* const> channels() {
  static const auto all = collect();
  return all;
}

const ChannelSpec& channel(std::string_view name) {
  const auto all = channels();
  const auto found = std::ranges::find(all, name, &ChannelSpec::name);
  if (found != all.end()) return **found;
  std::vector<std::string> names;
  for (const auto* spec : all) names.emplace_back(spec->name);
  throw InputError(unknown_name(name, "a noise channel", names));
}

void check(const Channel& channel) {
  const auto& spec = *channel.spec;
  if (channel.parameters.size() != spec.parameters.size())
    throw InputError(fmt::format("{} takes {} value{}, not {}", spec.name, spec.parameters.size(),
                                 spec.parameters.size() == 1 ? "" : "s", channel.parameters.size()));
  for (std::size_t k = 0; k < spec.parameters.size(); ++k) {
    const auto& parameter = spec.parameters[k];
    const double value = channel.parameters[k];
    if (!(value >= parameter.low && value <= parameter.high))
      throw InputError(fmt::format("{} of {} is {}: it must be between {} and {}", parameter.name, spec.name,
                                   value, parameter.low, parameter.high));
  }
  if (spec.problem == nullptr) return;
  if (const auto problem = spec.problem(channel.parameters); !problem.empty())
    throw InputError(fmt::format("{}: {}", spec.name, problem));
}

Matrix<double> transfer_matrix(std::span<const Matrix<Complex>> kraus) {
  const std::size_t size = kraus.front().rows();
  const int qubits = std::countr_zero(size);
  Matrix<double> result(size * size, size * size);
  for (std::size_t j = 0; j < size * size; ++j) {
    const auto pauli = pauli_matrix(letters(j, qubits));
    Matrix<Complex> image(size, size);
    for (const auto& k : kraus) {
      const auto part = product(k, product(pauli, adjoint(k)));
      for (std::size_t e = 0; e < size * size; ++e) image.data()[e] += part.data()[e];
    }
    for (std::size_t i = 0; i < size * size; ++i) {
      const auto projected = product(pauli_matrix(letters(i, qubits)), image);
      for (std::size_t d = 0; d < size; ++d)
        result(i, j) += projected(d, d).real() / static_cast<double>(size);
    }
  }
  return result;
}

}  // namespace qupel
