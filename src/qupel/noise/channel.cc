#include "qupel/noise/channel.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/circuit/pauli_string.h"
#include "qupel/noise/channels/groups.h"

namespace qupel {
namespace {

std::vector<const ChannelSpec*> collect() {
  std::vector<const ChannelSpec*> all;
  for (const auto group : {channel_groups::pauli(), channel_groups::damping(), channel_groups::coherent()}) {
    for (const auto& spec : group) all.push_back(&spec);
  }
  return all;
}

/// A Pauli string: its only entry in each row.
class PauliRows {
 public:
  /// @param index digit q, base 4, is the letter of qubit q
  explicit PauliRows(std::size_t index) : word_(PauliString::of_index(index).word()) {
    for (int y = 0; y < word_.phase; ++y) factor_ *= Complex{0, -1};
  }
  std::size_t column(std::size_t row) const { return row ^ word_.x; }
  Complex value(std::size_t row) const { return odd(row & word_.z) ? -factor_ : factor_; }

 private:
  PauliWord word_;
  Complex factor_ = 1;
};

}  // namespace

std::span<const ChannelSpec* const> channels() {
  static const auto all = collect();
  return all;
}

const ChannelSpec& channel(std::string_view name) {
  const auto all = channels();
  const auto found = std::ranges::find_if(
      all, [&](const auto* spec) { return spec->name == name || (spec->alias == name && !name.empty()); });
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
  Matrix<double> result(size * size, size * size);
  Matrix<Complex> image(size, size);
  for (std::size_t j = 0; j < size * size; ++j) {
    const PauliRows from(j);
    std::ranges::fill(image.values(), 0);
    for (const auto& k : kraus) {
      for (std::size_t a = 0; a < size; ++a) {
        for (std::size_t row = 0; row < size; ++row) {
          const Complex left = k(a, row) * from.value(row);
          for (std::size_t b = 0; b < size; ++b) image(a, b) += left * std::conj(k(b, from.column(row)));
        }
      }
    }
    for (std::size_t i = 0; i < size * size; ++i) {
      const PauliRows to(i);
      Complex trace = 0;
      for (std::size_t row = 0; row < size; ++row) trace += to.value(row) * image(to.column(row), row);
      result(i, j) = trace.real() / static_cast<double>(size);
    }
  }
  return result;
}

Matrix<double> cleaned(Matrix<double> transfer) {
  for (double& value : transfer.values()) {
    const double nearest = std::round(value);
    if (std::abs(value - nearest) < 1e-15) value = nearest;
  }
  return transfer;
}

}  // namespace qupel
