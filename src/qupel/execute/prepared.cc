#include "qupel/execute/prepared.h"

#include "qupel/execute/implementation.h"
#include "qupel/execute/shift_rule.h"

namespace qupel {

namespace {

/// Of a circuit and its inverse after it.
Resources twice(Resources once) {
  once.one_qubit *= 2;
  once.two_qubit *= 2;
  once.depth *= 2;
  once.two_qubit_depth *= 2;
  once.duration *= 2;
  once.expected_fidelity *= once.expected_fidelity;
  return once;
}

}  // namespace

const Circuit& Prepared::circuit() const { return implementation_->circuit; }
std::span<const Observable> Prepared::observables() const { return implementation_->observables; }
std::size_t EncodedRows::count() const { return implementation_->features.rows(); }

const BatchProgram& Prepared::Implementation::program(Precision precision) const {
  const std::scoped_lock lock(mutex_);
  auto& program = precision == Precision::single ? single_ : double_;
  if (!program) program.emplace(circuit, observables, precision);
  return *program;
}

const Prepared::Implementation& Prepared::Implementation::on(const std::shared_ptr<const Device>& device,
                                                             const std::vector<int>& physical) const {
  if (placement) return *this;
  const std::scoped_lock lock(mutex_);
  auto& found = on_devices_[{device, physical}];
  if (!found) {
    auto place = physical.empty() ? placed(circuit, device) : placed_as_it_is(circuit, device, physical);
    std::vector<Observable> there;
    for (const auto& observable : observables) there.push_back(moved(observable, place));
    auto made = std::make_unique<Implementation>(std::move(place), std::move(there));
    made->features = features;
    made->parameters = parameters;
    found = std::move(made);
  }
  return *found;
}

const Prepared::Implementation& Prepared::Implementation::with_free_angles() const {
  const std::scoped_lock lock(mutex_);
  if (!with_free_angles_) {
    auto free = std::make_unique<Implementation>(unrolled(circuit), observables);
    free->placement = placement;
    with_free_angles_ = std::move(free);
  }
  return *with_free_angles_;
}

const Prepared::Implementation& Prepared::Implementation::compute_uncompute() const {
  const std::scoped_lock lock(mutex_);
  if (!compute_uncompute_) {
    auto both = circuit;
    both.append(circuit.inverse(), features);
    auto made = std::make_unique<Implementation>(std::move(both), std::vector<Observable>{});
    made->features = 2 * features;
    made->parameters = parameters;
    if (placement) {
      made->placement = placement;
      made->placement->circuit = made->circuit;
      made->placement->ends = placement->starts;  // the way back undoes the routing, too
      made->placement->resources = twice(placement->resources);
    }
    compute_uncompute_ = std::move(made);
  }
  return *compute_uncompute_;
}

}  // namespace qupel
