#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/encode/encodings.h"

namespace qupel {
namespace {

constexpr int most_features = 32768;

std::vector<const EncodingSpec*> collect() {
  std::vector<const EncodingSpec*> all;
  for (const auto group : {angle_encodings(), amplitude_encodings(), pair_encodings(), evolution_encodings(),
                           benchmark_encodings()}) {
    for (const EncodingSpec& spec : group) all.push_back(&spec);
  }
  return all;
}

}  // namespace

std::span<const EncodingSpec* const> encodings() {
  static const auto all = collect();
  return all;
}

const EncodingSpec& encoding(std::string_view name) {
  const auto all = encodings();
  const auto found = std::ranges::find(all, name, &EncodingSpec::name);
  if (found != all.end()) return **found;
  std::vector<std::string> names;
  for (const auto* spec : all) names.emplace_back(spec->name);
  throw InputError(unknown_name(name, "an encoding", names));
}

void require_encodable(int features, const EncodingOptions& options) {
  if (features < 1 || features > most_features) {
    throw InputError(fmt::format("an encoding takes 1 to {} features, not {}", most_features, features));
  }
  if (options.repeats < 1)
    throw InputError(fmt::format("an encoding is repeated at least once, not {}", options.repeats));
  if (options.start < 1)
    throw InputError(fmt::format("start states of an encoding are numbered from 1, not {}", options.start));
}

Matrix<double> encode_rows(const EncodingSpec& spec, const EncodingOptions& options, const Matrix<double>& x,
                           double bandwidth) {
  const int features = static_cast<int>(x.columns());
  Matrix<double> slots(x.rows(), static_cast<std::size_t>(spec.slots(features, options)));
  std::vector<double> scaled(x.columns());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.columns(); ++c) {
      scaled[c] = bandwidth * x(r, c);
      if (!std::isfinite(scaled[c])) {
        throw InputError(
            fmt::format("row {}, feature {} is {} times bandwidth {}: an encoding needs finite values", r, c,
                        x(r, c), bandwidth));
      }
    }
    spec.map(scaled, options, slots.row(r));
  }
  return slots;
}

}  // namespace qupel
