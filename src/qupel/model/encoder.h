#pragma once
#include "qupel/encode/encoding.h"
#include "qupel/model/contender.h"

namespace qupel {

/// An encoding as a contender's settings choose it: "encoding", "repeats", "pairs" and "bandwidth".
class Encoder {
 public:
  /// @param separable without entanglers, whatever "pairs" says
  Encoder(const ContenderSpec& spec, const Settings& settings, bool separable);

  Circuit circuit(int features) const;
  /// What is encoded, for its cost.
  ChosenEncoding chosen() const { return {&encoding_, options_}; }
  /// Slot values of every row for circuit(x.columns()); charges the encode stage.
  Matrix<double> slots(const Matrix<double>& x, const FitContext& context) const;

 private:
  const EncodingSpec& encoding_;
  EncodingOptions options_;
  double bandwidth_;
  bool separable_;
};

}  // namespace qupel
