#include <algorithm>

#include "qupel/circuit/qasm/control.h"

// Flips and phases with many controls.
namespace qupel::qasm {
namespace {

const OpSpec& h() {
  static const OpSpec& spec = operation("h");
  return spec;
}
const OpSpec& cx() {
  static const OpSpec& spec = operation("cx");
  return spec;
}
const OpSpec& ccx() {
  static const OpSpec& spec = operation("ccx");
  return spec;
}

std::vector<int> unused(std::span<const int> idle, std::span<const int> controls, int target) {
  std::vector<int> free;
  for (const int qubit : idle) {
    if (free.size() == controls.size()) break;  // more are never of use
    const auto in = [&](std::span<const int> list) { return std::ranges::find(list, qubit) != list.end(); };
    if (qubit != target && !in(controls) && !in(free)) free.push_back(qubit);
  }
  return free;
}

// Lemma 7.2: with as many borrowed qubits as controls beyond two, 4 (controls - 2) Toffoli gates.
void append_ladder(std::span<const int> controls, int target, std::span<const int> borrowed, Sequence& to) {
  const auto top = controls.size() - 1;
  const auto step = [&](std::size_t k) {  // k = 1: the lowest, onto the first borrowed qubit
    const int other = k == 1 ? controls[0] : borrowed[k - 2];
    to.add(ccx(), {controls[k], other, k == top ? target : borrowed[k - 1]});
  };
  for (const std::size_t start : {top, top - 1}) {
    for (std::size_t k = start; k > 1; --k) step(k);
    for (std::size_t k = 1; k <= start; ++k) step(k);
  }
}

// Lemma 7.3: with one borrowed qubit, in four parts, each of which borrows the other parts' qubits.
void append_split(std::span<const int> controls, int target, int borrowed, Sequence& to) {
  const auto half = (controls.size() + 1) / 2;
  const std::vector<int> low(controls.begin(), controls.begin() + static_cast<std::ptrdiff_t>(half));
  std::vector<int> high(controls.begin() + static_cast<std::ptrdiff_t>(half), controls.end());
  std::vector<int> low_borrows = high;
  low_borrows.push_back(target);
  high.push_back(borrowed);
  for (int twice = 0; twice < 2; ++twice) {
    append_flip(low, borrowed, low_borrows, to);
    append_flip(high, target, low, to);
  }
}

}  // namespace

void append_flip(std::span<const int> controls, int target, std::span<const int> idle, Sequence& to) {
  if (controls.size() <= 2) {
    static const OpSpec* const flips[] = {&operation("x"), &cx(), &ccx()};
    std::vector<int> qubits(controls.begin(), controls.end());
    qubits.push_back(target);
    return to.add(*flips[controls.size()], std::move(qubits));
  }
  const auto borrowed = unused(idle, controls, target);
  if (borrowed.size() >= controls.size() - 2) return append_ladder(controls, target, borrowed, to);
  if (!borrowed.empty()) return append_split(controls, target, borrowed[0], to);
  std::vector<int> qubits(controls.begin(), controls.end());
  qubits.push_back(target);
  to.add(h(), {target});
  append_phase(std::numbers::pi, qubits, idle, to);
  to.add(h(), {target});
}

void append_phase(const Angle& angle, std::span<const int> qubits, std::span<const int> idle, Sequence& to) {
  static const OpSpec &p = operation("p"), &cp = operation("cp");
  if (angle == Angle(0)) return;
  if (qubits.empty()) return to.add_phase(angle);
  if (qubits.size() == 1) return to.add(p, {qubits[0]}, {angle});
  if (qubits.size() == 2) return to.add(cp, {qubits[0], qubits[1]}, {angle});
  // Lemma 7.5, with the last qubit lent to the flips: half the phase on the parity of the last two of the
  // controls, then the rest without one of them.
  std::vector<int> rest(qubits.begin(), qubits.end());
  Angle half = angle;
  while (rest.size() > 2) {
    half = times(half, 0.5);
    const int last = rest.back(), target = rest[rest.size() - 2];
    const std::vector<int> controls(rest.begin(), rest.end() - 2);
    std::vector<int> lent(idle.begin(), idle.end());
    lent.push_back(last);
    to.add(cp, {target, last}, {half});
    append_flip(controls, target, lent, to);
    to.add(cp, {target, last}, {times(half, -1)});
    append_flip(controls, target, lent, to);
    rest.erase(rest.end() - 2);
  }
  to.add(cp, {rest[0], rest[1]}, {half});
}

}  // namespace qupel::qasm
