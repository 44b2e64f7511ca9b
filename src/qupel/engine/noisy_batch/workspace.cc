#include "qupel/engine/noisy_batch/workspace.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace qupel::noisy_batch {
namespace {

// States of a gradient up to this many bytes are all held: they then stay in a cache of the processor, and
// to run steps again would take longer.
constexpr double most_held_bytes = 0x1p20;

bool is_feature(const Angle& angle) { return angle.slot.kind == Slot::Kind::feature; }

double bytes_of_states(const Program& program, std::size_t states) {
  return static_cast<double>(states * program.coefficients() * lanes * sizeof(double));
}

/// Calls visit(angle) for the positions of the angles of a step.
template <class Visit>
void for_each_angle(const Step& step, Visit&& visit) {
  if (const auto* run = std::get_if<Run>(&step)) {
    for (const auto& factor : run->factors)
      if (factor.angle >= 0) visit(static_cast<std::size_t>(factor.angle));
  } else if (const auto* rotation = std::get_if<Rotation>(&step)) {
    visit(static_cast<std::size_t>(rotation->angle));
  }
}

}  // namespace

StatePlan StatePlan::of_gradient(const Program& program, bool feature_gradient) {
  const auto steps = std::max<std::size_t>(1, program.steps.size());
  StatePlan plan{true, feature_gradient, steps, 1, 0};
  if (bytes_of_states(program, steps) > most_held_bytes) {
    plan.segment = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(steps))));
    plan.segments = (steps + plan.segment - 1) / plan.segment;
  }
  plan.states = plan.segments + plan.segment + 2;
  return plan;
}

Workspace::Workspace(const Program& program, const StatePlan& plan, std::span<const double> parameters)
    : program_(program),
      kernels_(kernels()),
      plan_(plan),
      size_(program.coefficients() * lanes),
      states_(plan.states * size_, false),
      waves_((2 * program.angles.size() + 1) * lanes),
      matrices_((program.matrices + 1) * matrix_size),
      derivatives_((program.angles.size() + 1) * lanes),
      by_entries_(matrix_size),
      effect_(state(plan.states - 2)),
      spare_(state(plan.states - 1)) {
  for (std::size_t a = 0; a < program.angles.size(); ++a) {
    if (is_feature(program.angles[a])) continue;
    for (std::size_t lane = 0; lane < lanes; ++lane)
      set_waves(a, lane, program.angles[a].value({}, parameters));
  }
  for (const auto& step : program.steps) {
    const auto* run = std::get_if<Run>(&step);
    if (run == nullptr) continue;
    bool varies = false;
    for_each_angle(step, [&](std::size_t a) { varies = varies || is_feature(program.angles[a]); });
    if (varies)
      varying_.push_back(run);
    else
      compose(*run);
  }
}

double Workspace::bytes(const Program& program, const StatePlan& plan) {
  const auto lines = 3 * (program.angles.size() + 1) + 12 * (program.matrices + 2);
  return bytes_of_states(program, plan.states) + static_cast<double>(lines * lanes * sizeof(double));
}

void Workspace::set_waves(std::size_t angle, std::size_t lane, double value) {
  waves_.data()[2 * angle * lanes + lane] = std::cos(value);
  waves_.data()[(2 * angle + 1) * lanes + lane] = std::sin(value);
}

void Workspace::compose(const Run& run) { kernels_.compose(run.factors, waves_.data(), matrices(run)); }

void Workspace::bind(const Matrix<double>& features, std::size_t first, std::size_t count) {
  for (std::size_t a = 0; a < program_.angles.size(); ++a) {
    if (!is_feature(program_.angles[a])) continue;
    for (std::size_t lane = 0; lane < lanes; ++lane)
      set_waves(a, lane, program_.angles[a].value(features.row(first + std::min(lane, count - 1)), {}));
  }
  for (const auto* run : varying_) compose(*run);
}

double* Workspace::before(std::size_t step) {
  if (!plan_.gradient) return state(step % 2);
  return step % plan_.segment == 0 ? state(step / plan_.segment) : after(step - 1);
}

double* Workspace::after(std::size_t step) {
  if (!plan_.gradient) return state((step + 1) % 2);
  const bool ends = (step + 1) % plan_.segment == 0 && step + 1 < program_.steps.size();
  return ends ? state((step + 1) / plan_.segment) : state(plan_.segments + step % plan_.segment);
}

/// Every string of I and Z has the expectation value 1.
void Workspace::start(double* to) const {
  std::fill_n(to, size_, 0.0);
  for (std::uint64_t zs = 0; zs < std::uint64_t{1} << program_.qubits; ++zs)
    std::fill_n(to + PauliString::of_masks(0, zs).index() * lanes, lanes, 1.0);
}

const double* Workspace::run() {
  const auto count = program_.steps.size();
  start(before(0));
  run_steps(0, count);
  return count == 0 ? before(0) : after(count - 1);
}

void Workspace::run_steps(std::size_t first, std::size_t end) {
  for (std::size_t k = first; k < end; ++k) forward(program_.steps[k], before(k), after(k));
}

void Workspace::forward(const Step& step, const double* from, double* to) const {
  if (const auto* run = std::get_if<Run>(&step))
    kernels_.apply_run(*run, matrix(*run), size_, from, to);
  else if (const auto* pair = std::get_if<Pair>(&step))
    kernels_.apply_pair(*pair, pair->forward, size_, from, to);
  else
    kernels_.rotate(std::get<Rotation>(step), waves_.data(), false, size_, from, to);
}

double* Workspace::clear_effect() {
  std::fill_n(effect_, size_, 0.0);
  return effect_;
}

void Workspace::pull(const Step& step) {
  if (const auto* run = std::get_if<Run>(&step)) {
    kernels_.pull_run(*run, matrix(*run), size_, effect_);
    return;
  }
  if (const auto* pair = std::get_if<Pair>(&step))
    kernels_.apply_pair(*pair, pair->transposed, size_, effect_, spare_);
  else
    kernels_.rotate(std::get<Rotation>(step), waves_.data(), true, size_, effect_, spare_);
  std::swap(effect_, spare_);
}

const double* Workspace::pull_back() {
  for (std::size_t k = program_.steps.size(); k-- > 0;) pull(program_.steps[k]);
  return effect_;
}

bool Workspace::wants(const Step& step) const {
  bool wanted = false;
  for_each_angle(step, [&](std::size_t a) {
    const auto kind = program_.angles[a].slot.kind;
    wanted =
        wanted || kind == Slot::Kind::parameter || (kind == Slot::Kind::feature && plan_.feature_gradient);
  });
  return wanted;
}

void Workspace::correlate(const Step& step, const double* from) {
  if (const auto* run = std::get_if<Run>(&step)) {
    kernels_.correlate_run(*run, size_, effect_, from, by_entries_.data());
    kernels_.derive(run->factors, waves_.data(), matrices(*run), by_entries_.data(), derivatives_.data());
  } else {
    kernels_.correlate_rotation(std::get<Rotation>(step), waves_.data(), size_, effect_, from,
                                derivatives_.data());
  }
}

const double* Workspace::differentiate() {
  const auto& steps = program_.steps;
  std::fill_n(derivatives_.data(), derivatives_.size(), 0.0);
  const auto first = static_cast<std::size_t>(
      std::ranges::find_if(steps, [&](const Step& step) { return wants(step); }) - steps.begin());
  std::size_t held = steps.empty() ? 0 : (steps.size() - 1) / plan_.segment;  // the segment with its states
  for (std::size_t k = steps.size(); k-- > first;) {
    const auto segment = k / plan_.segment;
    if (segment != held) {
      run_steps(segment * plan_.segment, k);
      held = segment;
    }
    if (wants(steps[k])) correlate(steps[k], before(k));
    if (k > first) pull(steps[k]);
  }
  return derivatives_.data();
}

}  // namespace qupel::noisy_batch
