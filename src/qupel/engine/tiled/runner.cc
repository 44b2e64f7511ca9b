#include "qupel/engine/tiled/runner.h"

namespace qupel::tiled {

Runners::Known::Known(const Shape& s, Purpose p, const std::vector<Rotation>& rotations)
    : shape(s),
      purpose(p),
      schedule(p == Purpose::apply ? schedule_from_zero(rotations, shape)
                                   : tiled::schedule(rotations, shape)),
      pools([this] { return std::make_unique<Runner<float>>(schedule, shape, purpose); },
            [this] { return std::make_unique<Runner<double>>(schedule, shape, purpose); }) {}

Runners::Known& Runners::known(const Shape& shape, Purpose purpose,
                               const std::function<std::vector<Rotation>()>& rotations) {
  const std::scoped_lock lock(mutex_);
  for (const auto& known : known_) {
    if (known->shape == shape && known->purpose == purpose) return *known;
  }
  known_.push_back(std::make_unique<Known>(shape, purpose, rotations()));
  return *known_.back();
}

}  // namespace qupel::tiled
