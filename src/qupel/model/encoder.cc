#include "qupel/model/encoder.h"

#include <algorithm>
#include <utility>

namespace qupel {
namespace {

Matrix<double> shifted(Matrix<double> matrix, double shift) {
  for (double& value : matrix.values()) value += shift;
  return matrix;
}

EncodingOptions options_of(const Contender& spec, const Settings& settings, bool separable) {
  EncodingOptions options{
      .repeats = count(spec, settings, "repeats"),
      .pairs = separable ? Entanglement::none : entanglement(text(spec, settings, "pairs"))};
  if (has_hyperparameter(spec, "pair-bandwidth"))
    options.pair_bandwidth = number(spec, settings, "pair-bandwidth");
  return options;
}

}  // namespace

Encoder::Encoder(const Contender& spec, const Settings& settings, bool separable)
    : encoding_(encoding(text(spec, settings, "encoding"))),
      options_(options_of(spec, settings, separable)),
      bandwidth_(number(spec, settings, "bandwidth")),
      separable_(separable) {}

Encoder::Encoder(const EncodingSpec& encoding, double bandwidth)
    : encoding_(encoding), bandwidth_(bandwidth), separable_(false) {}

Encoder Encoder::from(int start) const {
  Encoder other = *this;
  other.options_.start = start;
  return other;
}

Circuit Encoder::circuit(int features) const {
  auto circuit = encoding_.circuit(features, options_);
  return separable_ ? circuit.separable() : circuit;
}

Matrix<double> Encoder::slots(const Matrix<double>& x, const FitContext& context) const {
  const StageTimer timer(&context.executor->ledger(), Stage::encode);
  const auto used = circuit(static_cast<int>(x.columns())).features();
  // Without entanglers a circuit may no longer use the last slots.
  return first_columns(encode_rows(encoding_, options_, shifted(x, encoding_.shift), bandwidth_),
                       static_cast<std::size_t>(used));
}

Contender with_encoding_circuit(Contender record, const Contender& self, bool separable) {
  return with_circuit(
      std::move(record),
      [&self, separable](int columns, const Settings& settings) {
        return Encoder(self, settings, separable).circuit(columns);
      },
      [&self, separable](const Settings& settings) { return Encoder(self, settings, separable).chosen(); });
}

}  // namespace qupel
