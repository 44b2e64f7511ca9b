#pragma once
#include "qupel/encode/encoding.h"
#include "qupel/model/circuit_record.h"

namespace qupel {

/// An encoding as a contender's settings choose it: "encoding", "repeats", "pairs" and "bandwidth", and where
/// the contender has it "pair-bandwidth".
class Encoder {
 public:
  /// @param separable without entanglers, whatever "pairs" says
  Encoder(const Contender& spec, const Settings& settings, bool separable);

  Encoder(const EncodingSpec& encoding, double bandwidth);

  /// The same from another start state.
  Encoder from(int start) const;

  Circuit circuit(int features) const;
  /// What is encoded, for its cost.
  ChosenEncoding chosen() const { return {&encoding_, options_}; }
  /// Slot values of every row for circuit(x.columns()); charges the encode stage.
  Matrix<double> slots(const Matrix<double>& x, const FitContext& context) const;

 private:
  const EncodingSpec& encoding_;
  EncodingOptions options_;
  double bandwidth_;  // on features, once they are shifted to the encoding's domain
  bool separable_;
};

/// The record with the circuit that such an encoder makes, nothing after it: a kernel's.
/// @param self the record itself, whose hyperparameters are read when the circuit is asked for
Contender with_encoding_circuit(Contender record, const Contender& self, bool separable);

}  // namespace qupel
