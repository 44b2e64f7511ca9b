#pragma once
#include <vector>

#include "qupel/engine/engine.h"
#include "qupel/engine/normal_form.h"

namespace qupel {

/// A job in the terms that every engine knows: observables come in their normal form, squares of few terms
/// are further observables, and readout errors at the end of the circuit change observables and counts.
class Translation {
 public:
  explicit Translation(Job job);

  /// What an engine is asked.
  const Job& asked() const { return asked_; }
  /// The outcome of the job from that of asked().
  Outcome answer(Outcome outcome) const;

 private:
  /// The values of normal forms become those of the job's observables.
  void scale(Outcome& outcome) const;

  Job job_;
  std::vector<NormalForm> forms_;  ///< of its observables
  bool squares_, misreads_;
  Job asked_;
};

}  // namespace qupel
