#pragma once
#include "qupel/engine/engine.h"

namespace qupel {

/// A job in the terms that every engine knows: squares of few terms are further observables, and readout
/// errors at the end of the circuit change observables and counts.
class Translation {
 public:
  explicit Translation(Job job);

  /// What an engine is asked.
  const Job& asked() const { return asked_; }
  /// The outcome of the job from that of asked().
  Outcome answer(Outcome outcome) const;

 private:
  Job job_;
  bool squares_, misreads_;
  Job asked_;
};

}  // namespace qupel
