#include "qupel/execute/prepared.h"

#include "qupel/execute/implementation.h"
#include "qupel/execute/shift_rule.h"

namespace qupel {

namespace {

/// The way back undoes the routing, too.
Placement back_at_the_start(const Placement& placement, Circuit there_and_back) {
  auto made = placement.with(std::move(there_and_back));
  made.ends = made.starts;
  return made;
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

NoiseModel Prepared::Implementation::noise_there(const DeviceNoiseOptions& options) const {
  const std::scoped_lock lock(mutex_);
  if (!noise_there_ || noise_there_->first != options)
    noise_there_.emplace(options, device_noise(placement->device, placement->physical, options));
  return noise_there_->second;
}

std::shared_ptr<const NoisyPrograms> Prepared::Implementation::noisy(const NoiseModel& noise) const {
  const std::scoped_lock lock(mutex_);
  if (!noisy_ || !noisy_->made_for(noise))
    noisy_ = std::make_shared<const NoisyPrograms>(circuit, observables, noise, placement);
  return noisy_;
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
    auto made = placement ? std::make_unique<Implementation>(back_at_the_start(*placement, std::move(both)),
                                                             std::vector<Observable>{})
                          : std::make_unique<Implementation>(std::move(both), std::vector<Observable>{});
    made->features = 2 * features;
    made->parameters = parameters;
    compute_uncompute_ = std::move(made);
  }
  return *compute_uncompute_;
}

}  // namespace qupel
