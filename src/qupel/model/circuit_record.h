#pragma once
#include <functional>
#include <optional>

#include "qupel/contend/row_model.h"
#include "qupel/contend/saving.h"
#include "qupel/encode/encoding.h"

namespace qupel {

/// An encoding with its options.
struct ChosenEncoding {
  const EncodingSpec* spec;
  EncodingOptions options;
};

/// The circuit of a fit on so many columns, with settings.
using CircuitOf = std::function<Circuit(int columns, const Settings&)>;
/// How a circuit with these settings encodes its rows; null if it does so by no registered encoding.
using EncodingOf = std::function<ChosenEncoding(const Settings&)>;

/// The columns of a saved model with a circuit. @throws InputError if they are more than any circuit of a
/// study takes
std::size_t circuit_columns_from(const Archive& saved);

/// The record with what its circuit costs and how it looks.
Contender with_circuit(Contender record, CircuitOf circuit, EncodingOf encoding = nullptr);

}  // namespace qupel
