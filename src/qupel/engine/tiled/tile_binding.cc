#include <cmath>
#include <numbers>
#include <tuple>

#include "qupel/engine/tiled/tile_plan.h"
#include "qupel/engine/turn.h"

namespace qupel::tiled {
namespace {

// What rotations may leave to the scale before a stage multiplies with it.
constexpr double least_scale = 0x1p-16;

bool has_small_half(double reduced) { return std::abs(reduced / 2) <= std::numbers::pi / 4; }

// Follows the scale through the windows of a sweep.
class Binder {
 public:
  Binder(std::span<const double> angles, double scale) : angles_(angles), scale_(scale) {}

  double scale() const { return scale_; }

  void bind(WindowPlan& window) {
    window.lane_signs = 0;
    for (auto& stage : window.stages) bind(stage, window.lane_signs);
  }

 private:
  void bind(StagePlan& stage, std::uint32_t& lane_signs) {
    stage.scale = scale_;
    for (auto* phases : {&stage.constant, &stage.fixed, &stage.mixed}) {
      for (auto& phase : *phases) phase.exponent = -reduced_angle(phase.angle_index) / 2;
    }
    const bool multiplies = stage.phases() > 0 || std::abs(scale_) < least_scale;
    stage.factor = multiplies ? std::exchange(scale_, 1) : 1;
    for (auto& step : stage.steps) {
      bind(step.pass, lane_signs);
      for (auto& rotation : step.lanes) bind(rotation, lane_signs);
    }
  }

  void bind(PairPass& pass, std::uint32_t& lane_signs) {
    pass.scale = scale_;
    const auto pairs = pass.all();
    const auto sign = [&](const PairRotation& pair) {
      return rotations::odd(lane_signs & pair.exchange) ? -1.0 : 1.0;
    };
    for (auto& pair : pairs) pair.pair_sign = sign(pair);
    for (auto& pair : pairs) {
      if (pair.by_group) {
        const double half = sign(pair) * reduced_angle(pair.angle_index) / 2;
        const bool small = has_small_half(2 * half);
        pair.form = small ? Form::tangent : Form::shear;
        pair.f = std::tan(small ? half : half / 2);
        pair.g = std::sin(half);
        if (small) scale_ *= std::cos(half);
      } else {
        std::tie(pair.form, pair.f) = coefficient(pair.angle_index);
        pair.f *= sign(pair);
        if (pair.form == Form::cotangent) {
          scale_ *= sign(pair);
          lane_signs ^= pair.z.lane;
        }
      }
    }
  }

  void bind(LaneRotation& rotation, std::uint32_t lane_signs) {
    rotation.scale = scale_;
    const auto [form, coefficient] = this->coefficient(rotation.angle_index);
    const bool tangent = form == Form::tangent;
    rotation.sign = rotations::odd(lane_signs & rotation.x) ? 1 : -1;
    rotation.f = tangent ? 1 : coefficient;
    rotation.g = tangent ? rotation.sign * coefficient : rotation.sign;
  }

  double reduced_angle(int angle_index) {
    const auto [rest, odd_turns] = qupel::reduced_angle(angles_[static_cast<std::size_t>(angle_index)]);
    if (odd_turns) scale_ = -scale_;
    return rest;
  }

  // A rotation's form and coefficient; adds what they leave to the scale.
  std::pair<Form, double> coefficient(int angle_index) {
    const double angle = reduced_angle(angle_index);
    const double c = std::cos(angle / 2), s = std::sin(angle / 2);
    const bool small = has_small_half(angle);
    scale_ *= small ? c : s;
    return small ? std::pair(Form::tangent, s / c) : std::pair(Form::cotangent, c / s);
  }

  std::span<const double> angles_;
  double scale_;
};

}  // namespace

void bind(SweepPlan& plan, std::span<const double> angles, double scale) {
  Binder binder(angles, scale);
  for (auto& window : plan.windows) binder.bind(window);
  plan.scale = binder.scale();
}

}  // namespace qupel::tiled
