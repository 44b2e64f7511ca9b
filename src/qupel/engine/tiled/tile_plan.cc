#include "qupel/engine/tiled/tile_plan.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "qupel/engine/statevector/span.h"

namespace qupel::tiled {
namespace {

using statevector::along;
using statevector::odd;
using statevector::Span;
constexpr int most_rotations = 3;  // of a pass: eight lines of one half fit the registers

class WindowPlanner {
 public:
  // Adds to the sweep's scale and lane signs.
  WindowPlanner(const Window& window, const std::vector<Mask>& other, const Shape& shape,
                std::span<const double> angles, std::size_t element_bytes, SweepPlan& sweep)
      : window_(window),
        other_(other),
        angles_(angles),
        lanes_((Mask{1} << shape.lane_bits) - 1),
        vector_bytes_(element_bytes << shape.lane_bits),
        sweep_(sweep) {
    result_.bits = static_cast<int>(window.directions.size());
    result_.lines = statevector::sums(window.directions);
    for (const auto& stage : window.stages) add(stage);
    arrange();
  }
  WindowPlan take() { return std::move(result_); }

 private:
  void add(const Stage& stage) {
    auto& plan = result_.stages.emplace_back();
    plan.scale = sweep_.scale;
    for (const auto& phase : stage.phases) add_phase(plan, phase);
    for (const auto& rotation : stage.rotations) {
      (rotation.x & ~lanes_) == 0 ? add_lanes(plan, rotation) : add_pair(plan, rotation);
    }
    for (auto& step : plan.steps) finish(step.pass);
  }

  void arrange() {
    std::vector<std::vector<std::uint64_t>> patterns(std::size_t{1} << other_.size());
    for (std::size_t w = 0; w < patterns.size(); ++w) {
      for (const auto& stage : result_.stages) patterns[w].push_back(pattern(stage, w));
      result_.order.push_back(w);
    }
    std::ranges::stable_sort(
        result_.order, {}, [&](std::size_t w) -> const auto& { return patterns[w]; });
  }

  Parity parity(Mask mask) const {
    return {mask, along(mask, window_.directions), along(mask, other_),
            static_cast<std::uint32_t>(mask & lanes_)};
  }

  double reduced_angle(const Rotation& rotation) {
    const auto [rest, odd_turns] = statevector::reduce(angles_[static_cast<std::size_t>(rotation.source)]);
    if (odd_turns) sweep_.scale = -sweep_.scale;
    return rest;
  }

  void add_phase(StagePlan& plan, const Rotation& phase) {
    const Phase added{parity(phase.z), -reduced_angle(phase) / 2, phase.gate};
    auto& list = added.parity.inside == 0    ? plan.constant
                 : added.parity.outside == 0 ? plan.fixed
                                             : plan.mixed;
    list.push_back(added);
  }

  // What a rotation leaves to the scale, its form and its coefficient.
  std::pair<Form, double> bind(const Rotation& rotation) {
    const double half = reduced_angle(rotation) / 2;
    const double c = std::cos(half), s = std::sin(half);
    const bool small = std::abs(half) <= std::numbers::pi / 4;
    sweep_.scale *= small ? c : s;
    return small ? std::pair(Form::tangent, s / c) : std::pair(Form::cotangent, c / s);
  }

  void add_lanes(StagePlan& plan, const Rotation& rotation) {
    if (plan.steps.empty() || plan.steps.back().lanes.empty()) plan.steps.emplace_back();
    const double scale = sweep_.scale;
    const auto [form, coefficient] = bind(rotation);
    const bool tangent = form == Form::tangent;
    const double sign = odd(sweep_.lane_signs & rotation.x) ? 1 : -1;
    plan.steps.back().lanes.push_back({parity(rotation.z), static_cast<std::uint32_t>(rotation.x),
                                       tangent ? 1 : coefficient, tangent ? sign * coefficient : sign, sign,
                                       rotation.gate, scale});
  }

  // The coordinate of an x mask that lies in the window's span.
  std::uint32_t coordinate(Mask x) const {
    const auto found = std::ranges::find(result_.lines, x);
    return static_cast<std::uint32_t>(found - result_.lines.begin());
  }

  void add_pair(StagePlan& plan, const Rotation& rotation) {
    const auto x = coordinate(rotation.x);
    const auto z = parity(rotation.z);
    const auto fits = [&](const Pass& pass) {
      if (pass.rotations == 0 || pass.rotations == most_rotations) return false;
      for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
        if (odd(pass.z[j].inside & x) || odd(z.inside & pass.x[j])) return false;
      }
      return true;
    };
    if (plan.steps.empty() || !fits(plan.steps.back().pass)) plan.steps.emplace_back();
    auto& pass = plan.steps.back().pass;
    const auto at = static_cast<std::size_t>(pass.rotations++);
    if (at == 0) pass.scale = sweep_.scale;
    pass.x[at] = x;
    pass.z[at] = z;
    pass.gate[at] = rotation.gate;
    std::tie(pass.form[at], pass.coefficient[at]) = bind(rotation);
    if (pass.form[at] == Form::cotangent) sweep_.lane_signs ^= z.lane;
  }

  void finish(Pass& pass) const {
    const std::size_t line = 2 * vector_bytes_;
    Span rest;
    for (int bit = 0; bit < result_.bits; ++bit) {
      Mask step = Mask{1} << bit;
      for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
        if (odd(pass.z[j].inside & step)) step ^= pass.x[j];
      }
      rest.insert(step);
    }
    pass.steps.push_back(vector_bytes_);  // from real to imaginary parts
    for (const Mask step : rest.ascending()) pass.steps.push_back(step * line);
    for (std::size_t j = 0; j < pass.x.size(); ++j) pass.offset[j] = pass.x[j] * line;
  }

  const Window& window_;
  const std::vector<Mask>& other_;
  std::span<const double> angles_;
  Mask lanes_;
  std::size_t vector_bytes_;
  SweepPlan& sweep_;
  WindowPlan result_;
};

}  // namespace

std::uint64_t pattern(const StagePlan& stage, std::size_t outside) {
  std::uint64_t bits = 0;
  for (const auto& phase : stage.mixed) bits = 2 * bits + (odd(phase.parity.outside & outside) ? 1 : 0);
  return bits;
}

Mask SweepPlan::base(std::size_t tile) const { return statevector::placed(tile, base_bits); }

SweepPlan plan(const Sweep& sweep, const Shape& shape, std::span<const double> angles,
               std::size_t element_bytes) {
  SweepPlan result;
  result.lane_bits = shape.lane_bits;
  const Mask lanes = (Mask{1} << shape.lane_bits) - 1;
  Span used;
  for (std::size_t w = 0; w < 2; ++w) {
    const auto& directions = sweep.windows[w].directions;
    result.windows[w] =
        WindowPlanner(sweep.windows[w], sweep.windows[1 - w].directions, shape, angles, element_bytes, result)
            .take();
    for (const Mask direction : directions) {
      used.insert(direction & ~lanes);
      result.exchanges |= (direction & lanes) != 0;
    }
  }
  for (int q = shape.lane_bits; q < shape.qubits; ++q) {
    if ((used.pivots() >> q & 1) == 0) result.base_bits.push_back(q);
  }
  return result;
}

}  // namespace qupel::tiled
