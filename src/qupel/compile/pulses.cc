#include "qupel/compile/pulses.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "qupel/compile/angles.h"

namespace qupel {
namespace {

using std::numbers::pi;
using Kind = OneQubitBasis::Kind;

AnglesOfPulse angles_of_pulse(const Matrix2& gate) {
  const auto [theta, phi, lambda] = euler_angles(gate);
  return {theta, phi, lambda};
}

bool is_angle(const Angle& angle, double value) {
  return is_number(angle) && std::abs(std::remainder(angle.offset - value, 2 * pi)) < 1e-12;
}

bool is_quarter(const AnglesOfPulse& pulse) {
  return is_number(pulse.theta) && std::abs(pulse.theta.offset - pi / 2) < 1e-12;
}

Angle shifted(const Angle& angle, double by) { return *sum(angle, by); }

Angle halved(const Angle& angle) { return {angle.scale * 0.5, angle.slot, angle.offset * 0.5}; }

// Two quarter turns with a rotation about Z between them are one gate with that angle as its theta.
AnglesOfPulse joined(const AnglesOfPulse& first, const AnglesOfPulse& second) {
  return {shifted(*sum(first.phi, second.lambda), -pi), shifted(second.phi, -pi / 2),
          shifted(first.lambda, -pi / 2)};
}

// Where a gate takes Z on the Bloch sphere.
Eigen::Vector3d image_of_z(const Matrix2& gate) {
  const auto flip = std::conj(gate(0, 0)) * gate(1, 0);
  return {2 * flip.real(), 2 * flip.imag(), std::norm(gate(0, 0)) - std::norm(gate(1, 0))};
}

}  // namespace

int pulses_of(const Matrix2& gate, const OneQubitBasis& basis) {
  const double flip = std::abs(gate(1, 0));
  if (flip < 1e-12) return 0;
  if (basis.kind == Kind::phased || basis.kind == Kind::euler || std::abs(flip - std::sqrt(0.5)) < 1e-12)
    return 1;
  const bool half = flip > 1 - 1e-12 && (basis.half != nullptr || basis.kind == Kind::ion);
  return half ? 1 : 2;
}

double sparing_angle(const Matrix2& change, const Matrix2& gate, const OneQubitBasis& basis,
                     PassingRotations passing) {
  const int pulses = pulses_of(change.adjoint() * gate, basis);
  if (passing == PassingRotations::none || pulses == 0) return 0;
  // Z of `gate` turns about X; its part along the Z of `change` is the cosine of the angle between them.
  const auto from = image_of_z(gate), to = image_of_z(change);
  constexpr double nothing = 1e-9;
  if (std::abs(to.x()) > nothing) return 0;
  const double turn = std::atan2(to.z(), to.y()) - std::atan2(from.z(), from.y());
  if (std::abs(from.x()) < nothing) return std::remainder(turn, 2 * pi);
  if (passing == PassingRotations::whole || pulses == 1) return 0;
  const double one = std::remainder(turn + pi / 2, 2 * pi), other = std::remainder(turn - pi / 2, 2 * pi);
  return std::abs(one) < std::abs(other) + nothing ? one : other;
}

void PulseWriter::add(const Matrix2& gate) {
  if (!gates_.empty() && gates_.back().turn == std::nullopt)
    gates_.back().gate = gate * gates_.back().gate;
  else
    gates_.push_back({gate, std::nullopt});
}

void PulseWriter::add_turn(int axis, const Angle& angle) {
  add(axis_change(axis, 2));
  gates_.push_back({Matrix2::Identity(), angle});
  add(axis_change(2, axis));
}

Matrix2 PulseWriter::waiting_gate() const {
  return gates_.empty() || gates_.back().turn ? Matrix2(Matrix2::Identity()) : gates_.back().gate;
}

void PulseWriter::write_gates() {
  std::vector<AnglesOfPulse> waiting;  // one, which a rotation about Z and another one may extend
  const auto write_waiting = [&] {
    if (!waiting.empty()) write(waiting.back());
    waiting.clear();
  };
  for (const auto& each : gates_) {
    if (each.turn) {
      put_after(waiting, *each.turn);
      continue;
    }
    const auto angles = angles_of_pulse(each.gate);
    if (is_angle(angles.theta, 0)) {
      put_after(waiting, *sum(angles.phi, angles.lambda));
    } else if (!waiting.empty() && is_quarter(waiting.back()) && is_quarter(angles) &&
               sum(waiting.back().phi, angles.lambda)) {
      waiting.back() = joined(waiting.back(), angles);
    } else {
      write_waiting();
      waiting.push_back(angles);
    }
  }
  write_waiting();
  gates_.clear();
}

void PulseWriter::put_after(std::vector<AnglesOfPulse>& waiting, const Angle& angle) {
  if (!waiting.empty()) {
    if (const auto both = sum(waiting.back().phi, angle)) {
      waiting.back().phi = *both;
      return;
    }
    write(waiting.back());
    waiting.clear();
  }
  turn(angle);
}

void PulseWriter::turn(const Angle& angle) {
  auto both = sum(frame_, angle);
  if (!both) {
    write_frame();
    both = angle;
  }
  frame_ = wrapped(*both);
}

Angle PulseWriter::take_frame() { return std::exchange(frame_, Angle()); }

void PulseWriter::write_frame() {
  const Angle angle = take_frame();
  if (is_no_turn(angle)) return;
  const Angle half = wrapped(halved(angle));
  if (basis_->frame != nullptr) {
    circuit_->add(*basis_->frame, {number_}, {angle});
  } else if (basis_->kind == Kind::phased) {  // two half turns about axes that differ by half the angle
    circuit_->add("prx", {number_}, {pi, 0.0}).add("prx", {number_}, {pi, half});
  } else if (basis_->kind == Kind::ion) {
    circuit_->add("gpi", {number_}, {0.0}).add("gpi", {number_}, {half});
  } else {
    circuit_->add("u", {number_}, {0.0, 0.0, angle});
  }
}

void PulseWriter::write(const AnglesOfPulse& pulse) {
  switch (basis_->kind) {
    case Kind::quarter_turns:
      return write_quarter_turns(pulse);
    case Kind::phased:
      return write_phased(pulse);
    case Kind::ion:
      return write_ion(pulse);
    case Kind::euler:
      return write_euler(pulse);
  }
}

void PulseWriter::write_phased(const AnglesOfPulse& pulse) {
  turn(pulse.lambda);
  circuit_->add("prx", {number_}, {wrapped(pulse.theta), wrapped(shifted(negative(frame_), pi / 2))});
  turn(pulse.phi);
}

void PulseWriter::write_euler(const AnglesOfPulse& pulse) {
  turn(pulse.lambda);
  const Angle lambda = take_frame();
  const bool keeps_frame = basis_->frame != nullptr;
  circuit_->add("u", {number_},
                {wrapped(pulse.theta), keeps_frame ? Angle(0.0) : wrapped(pulse.phi), lambda});
  if (keeps_frame) turn(pulse.phi);
}

void PulseWriter::write_quarter() {
  write_frame();
  if (basis_->quarter->angles == 0)
    circuit_->add(*basis_->quarter, {number_});
  else
    circuit_->add(*basis_->quarter, {number_}, {pi / 2});
}

void PulseWriter::write_half() {
  if (basis_->half->angles == 0)
    circuit_->add(*basis_->half, {number_});
  else
    circuit_->add(*basis_->half, {number_}, {pi});
}

void PulseWriter::write_quarter_turns(const AnglesOfPulse& pulse) {
  if (is_quarter(pulse)) {
    turn(shifted(pulse.lambda, -pi / 2));
    write_quarter();
    turn(shifted(pulse.phi, pi / 2));
  } else if (is_angle(pulse.theta, pi) && basis_->half != nullptr) {
    turn(shifted(pulse.lambda, pi));
    const Angle before = take_frame();  // X RZ(a) = RZ(-a) X
    write_half();
    turn(negative(before));
    turn(pulse.phi);
  } else {
    turn(pulse.lambda);
    write_quarter();
    turn(shifted(pulse.theta, pi));
    write_quarter();
    turn(shifted(pulse.phi, pi));
  }
}

void PulseWriter::write_ion_gate(std::string_view name) {
  circuit_->add(name, {number_}, {wrapped(negative(frame_))});
}

void PulseWriter::write_ion(const AnglesOfPulse& pulse) {
  if (is_quarter(pulse)) {
    turn(shifted(pulse.lambda, -pi / 2));
    write_ion_gate("gpi2");
    turn(shifted(pulse.phi, pi / 2));
  } else if (is_angle(pulse.theta, pi)) {  // gpi(-a) = RZ(-a) X RZ(a), and X RZ(a) = RZ(-a) X
    turn(shifted(pulse.lambda, pi));
    write_ion_gate("gpi");
    turn(pulse.phi);
  } else {
    turn(pulse.lambda);
    write_ion_gate("gpi2");
    turn(shifted(pulse.theta, pi));
    write_ion_gate("gpi2");
    turn(shifted(pulse.phi, pi));
  }
}

}  // namespace qupel
