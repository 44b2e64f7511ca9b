#include "qupel/execute/prepared.h"

#include "qupel/execute/implementation.h"
#include "qupel/execute/shift_rule.h"

namespace qupel {

const Circuit& Prepared::circuit() const { return implementation_->circuit; }
std::span<const Observable> Prepared::observables() const { return implementation_->observables; }
std::size_t EncodedRows::count() const { return implementation_->features.rows(); }

const BatchProgram& Prepared::Implementation::program(Precision precision) const {
  const std::scoped_lock lock(mutex_);
  auto& program = precision == Precision::single ? single_ : double_;
  if (!program) program.emplace(circuit, observables, precision);
  return *program;
}

const Prepared::Implementation& Prepared::Implementation::with_free_angles() const {
  const std::scoped_lock lock(mutex_);
  if (!with_free_angles_)
    with_free_angles_ = std::make_unique<const Implementation>(unrolled(circuit), observables);
  return *with_free_angles_;
}

const Prepared::Implementation& Prepared::Implementation::compute_uncompute() const {
  const std::scoped_lock lock(mutex_);
  if (!compute_uncompute_) {
    auto both = circuit;
    both.append(circuit.inverse(), circuit.features());
    compute_uncompute_ = std::make_unique<const Implementation>(std::move(both), std::vector<Observable>{});
  }
  return *compute_uncompute_;
}

}  // namespace qupel
