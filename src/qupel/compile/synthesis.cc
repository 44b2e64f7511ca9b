#include "qupel/compile/synthesis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace qupel {
namespace {

using std::numbers::pi;

LocalPair nothing() { return {Matrix2::Identity(), Matrix2::Identity()}; }
LocalPair after(const LocalPair& second, const LocalPair& first) {
  return {second[0] * first[0], second[1] * first[1]};
}
LocalPair undone(const LocalPair& pair) { return {pair[0].adjoint(), pair[1].adjoint()}; }

Synthesis then(Synthesis first, const Synthesis& second) {
  first.locals.back() = after(second.locals.front(), first.locals.back());
  first.locals.insert(first.locals.end(), second.locals.begin() + 1, second.locals.end());
  first.entanglers.insert(first.entanglers.end(), second.entanglers.begin(), second.entanglers.end());
  return first;
}

Synthesis only(const LocalPair& pair) { return {{pair}, {}}; }
Synthesis one_entangler(double angle) { return {{nothing(), nothing()}, {angle}}; }

// cx with this control, 0 or 1, as gates around exp(i pi/4 XX).
Synthesis controlled_x(int control) {
  static const Weyl cx = weyl(cx_gate());
  Synthesis result{{cx.right, cx.left}, {pi / 4}};
  if (control == 1)
    for (auto& pair : result.locals) std::swap(pair[0], pair[1]);
  return result;
}

// canonical_gate(x, 0, z): between two cx a rotation about X of the control is one about XX, and one about Z
// of the target one about ZZ.
Synthesis two_quarters(double x, double z) {
  const auto middle = then(controlled_x(0), only({rotation(0, -2 * x), rotation(2, -2 * z)}));
  return then(middle, controlled_x(0));
}

// canonical_gate(x, y, z), Vatan and Williams' figure 6.
Synthesis three_quarters(double x, double y, double z) {
  auto result = then(only({Matrix2::Identity(), rotation(2, pi / 2)}), controlled_x(1));
  result = then(result, only({rotation(2, pi / 2 - 2 * z), rotation(1, pi / 2 - 2 * x)}));
  result = then(then(result, controlled_x(0)), only({Matrix2::Identity(), rotation(1, 2 * y - pi / 2)}));
  return then(then(result, controlled_x(1)), only({rotation(2, -pi / 2), Matrix2::Identity()}));
}

Synthesis between(const LocalPair& left, const Synthesis& middle, const LocalPair& right) {
  return then(then(only(right), middle), only(left));
}

// canonical_gate(c) = local(change) canonical_gate(turned) local(change)^dagger.
struct TurnedAxes {
  LocalPair change = nothing();
  std::array<double, 3> c;

  TurnedAxes exchanged(int k, int l) const {
    auto made = *this;
    std::swap(made.c[static_cast<std::size_t>(k)], made.c[static_cast<std::size_t>(l)]);
    for (auto& each : made.change) each = each * axis_change(k, l);
    return made;
  }
  TurnedAxes with_signs_turned(int except) const {
    auto made = *this;
    for (int k = 0; k < 3; ++k)
      if (k != except) made.c[static_cast<std::size_t>(k)] *= -1;
    made.change[0] = made.change[0] * pauli(except);
    return made;
  }
};

// All orders and signs that axes can be given.
std::vector<TurnedAxes> turned_axes(const Weyl& gate) {
  const TurnedAxes given{nothing(), {gate.x, gate.y, gate.z}};
  std::vector<TurnedAxes> all;
  for (const auto& order : {given.exchanged(1, 2), given, given.exchanged(0, 1), given.exchanged(0, 2),
                            given.exchanged(0, 1).exchanged(1, 2), given.exchanged(1, 2).exchanged(0, 1)}) {
    all.push_back(order);
    for (int axis = 0; axis < 3; ++axis) all.push_back(order.with_signs_turned(axis));
  }
  return all;
}

Synthesis with_qubits_exchanged(Synthesis made) {
  for (auto& pair : made.locals) std::swap(pair[0], pair[1]);
  return made;
}

// canonical_gate(pi/4, 0, pi/4): two cx, each with its control on the other's target, and nothing between
// them.
Synthesis two_opposite_quarters() {
  static const Weyl both = weyl(exchanged(cx_gate()) * cx_gate());
  const LocalPair change = {axis_change(1, 2), axis_change(1, 2)};
  return between(after(change, undone(both.left)), then(controlled_x(0), controlled_x(1)),
                 after(undone(both.right), change));
}

// The ways to make a gate of two or three quarters.
std::vector<Synthesis> all_of_quarters(const Weyl& gate, int count) {
  std::vector<Synthesis> all;
  for (const auto& axes : turned_axes(gate)) {
    if (count == 2 && std::abs(axes.c[1]) > 1e-9) continue;
    const auto middle =
        count == 2 ? two_quarters(axes.c[0], axes.c[2]) : three_quarters(axes.c[0], axes.c[1], axes.c[2]);
    const auto left = after(gate.left, axes.change), right = after(undone(axes.change), gate.right);
    all.push_back(between(left, middle, right));
    all.push_back(between(left, with_qubits_exchanged(middle), right));
    if (count == 2 && std::abs(axes.c[0] - pi / 4) + std::abs(axes.c[2] - pi / 4) < 1e-9) {
      all.push_back(between(left, two_opposite_quarters(), right));
      all.push_back(between(left, with_qubits_exchanged(two_opposite_quarters()), right));
    }
  }
  return all;
}

Synthesis with_quarters(const Weyl& gate, int count) {
  if (count == 0) return only(after(gate.left, gate.right));
  if (count == 1) return between(gate.left, one_entangler(pi / 4), gate.right);
  if (count == 3) return between(gate.left, three_quarters(gate.x, gate.y, gate.z), gate.right);
  const LocalPair change = {axis_change(1, 2), axis_change(1, 2)};
  return between(after(gate.left, change), two_quarters(gate.x, gate.y), after(change, gate.right));
}

Synthesis with_rotations(const Weyl& gate, int count) {
  const double angles[] = {gate.x, gate.y, gate.z};
  Synthesis middle = only(nothing());
  for (int axis = 0; axis < count; ++axis) {
    const Matrix2 change = axis_change(axis, 0);
    middle = then(middle, between({change, change}, one_entangler(angles[axis]), {change, change}));
  }
  return between(gate.left, middle, gate.right);
}

// exp(i pi/4 XX) is swap and iswap in a row up to gates on single qubits: what stands before such a swap
// stands on the other qubits.
Synthesis quarters_as_iswaps(const Synthesis& quarters, bool starts_swapped) {
  static const Weyl with_swap = weyl(swap_gate() * canonical_gate(pi / 4, 0, 0));
  bool swapped = starts_swapped;
  // A gate before which the qubits are exchanged: on the exchanged qubits.
  const auto placed = [&](LocalPair pair) {
    if (swapped) std::swap(pair[0], pair[1]);
    return pair;
  };
  Synthesis result = only(placed(quarters.locals[0]));
  for (std::size_t k = 0; k < quarters.entanglers.size(); ++k) {
    // quarter = swap . left . iswap . right
    result = then(result, only(placed(with_swap.right)));
    result = then(result, one_entangler(0));
    result = then(result, only(placed(with_swap.left)));
    swapped = !swapped;
    result = then(result, only(placed(quarters.locals[k + 1])));
  }
  return result;
}

Synthesis with_iswaps(const Matrix4& gate, const Weyl& parts, int count) {
  if (count == 0) return only(after(parts.left, parts.right));
  if (count == 1) return between(parts.left, one_entangler(0), parts.right);
  if (count == 2) return quarters_as_iswaps(with_quarters(parts, 2), false);
  return quarters_as_iswaps(with_quarters(weyl(gate * swap_gate()), 3), true);
}

// Gates in this part of the Weyl chamber take two half iswaps (Huang et al., theorem 1).
bool takes_two_half_iswaps(const Weyl& gate) { return gate.x >= gate.y + std::abs(gate.z) - 1e-10; }

// A factor that is what rounding leaves of 0 is 0: the root of a product with it would be a turn of 1e-8.
double without_noise(double factor) { return std::abs(factor) < 1e-15 ? 0 : factor; }

double root_of(double square) { return std::sqrt(std::clamp(square, 0.0, 1.0)); }

// Huang et al., algorithm 1: half iswap, gates on single qubits by the canonical numbers, half iswap.
Synthesis two_half_iswaps(const Weyl& gate) {
  const double x = gate.x, y = gate.y, z = gate.z;
  const auto sine = [](double angle) { return without_noise(std::sin(angle)); };
  const auto cosine = [](double angle) { return without_noise(std::cos(angle)); };
  const double root = root_of(sine(x + y - z) * sine(x - y + z) * sine(-x - y - z) * sine(-x + y + z));
  const double product = 2 * std::cos(x) * std::cos(z) * std::sin(y);
  const double root_of_rest = root_of(cosine(2 * x) * cosine(2 * y) * cosine(2 * z));
  // Their formulas for cos(alpha) and cos(beta) lose digits near 1 and -1: these are of sines and cosines of
  // half the angles. sin^2(alpha/2) sin^2(beta/2) is (2 sin x sin z cos y)^2, and the product of the cosines
  // product^2 + rest, where rest is cos 2x cos 2y cos 2z.
  const double half_sum = std::pow(std::sin(x), 2) - std::pow(std::sin(y), 2) + std::pow(std::sin(z), 2);
  const double larger_sine = root_of(half_sum + root);
  const double larger_cosine = root_of(1 - half_sum + root);
  const double smaller_sine =
      larger_sine > 0
          ? std::min(larger_sine, 2 * std::sin(x) * std::abs(std::sin(z)) * std::cos(y) / larger_sine)
          : 0;
  const double smaller_cosine =
      larger_cosine > 0 ? std::min(larger_cosine, std::hypot(product, root_of_rest) / larger_cosine) : 0;
  const double alpha = 2 * std::atan2(smaller_sine, larger_cosine);
  const double beta = 2 * std::atan2(larger_sine, smaller_cosine);
  const double gamma = std::atan2(root_of_rest, z < 0 ? -std::abs(product) : std::abs(product));
  Synthesis result = one_entangler(0);
  result.locals.back() = {rotation(2, gamma) * rotation(0, alpha) * rotation(2, gamma), rotation(0, beta)};
  result = then(result, one_entangler(0));
  const Matrix4 half = entangler_gate(EntanglerFamily::half_iswap, 0);
  const auto made = weyl(half * local(result.locals[1]) * half);
  return between(after(gate.left, undone(made.left)), result, after(undone(made.right), gate.right));
}

// canonical_gate is the product of one locally equal to a half iswap and of one that takes two.
Synthesis three_half_iswaps(const Weyl& gate) {
  constexpr double eighth = pi / 8;
  for (const auto& [x, y, z] : std::array<std::array<double, 3>, 6>{{{0, eighth, eighth},
                                                                     {0, eighth, -eighth},
                                                                     {-eighth, eighth, 0},
                                                                     {eighth, 0, eighth},
                                                                     {eighth, 0, -eighth},
                                                                     {eighth, eighth, 0}}}) {
    const auto rest = weyl(canonical_gate(gate.x - x, gate.y - y, gate.z - z));
    if (!takes_two_half_iswaps(rest)) continue;
    const auto first = weyl(canonical_gate(x, y, z));
    const auto made = then(between(first.left, one_entangler(0), first.right), two_half_iswaps(rest));
    return between(gate.left, made, gate.right);
  }
  return with_quarters(gate, 3);  // never: the six cover the chamber
}

Synthesis with_half_iswaps(const Weyl& gate, int count) {
  if (count == 0) return only(after(gate.left, gate.right));
  if (count == 1) return between(gate.left, one_entangler(0), gate.right);
  return count == 2 ? two_half_iswaps(gate) : three_half_iswaps(gate);
}

}  // namespace

Matrix4 entangler_gate(EntanglerFamily family, double angle) {
  switch (family) {
    case EntanglerFamily::quarter:
      return canonical_gate(pi / 4, 0, 0);
    case EntanglerFamily::rotation:
      return canonical_gate(angle, 0, 0);
    case EntanglerFamily::iswap:
      return canonical_gate(pi / 4, pi / 4, 0);
    case EntanglerFamily::half_iswap:
      break;
  }
  return canonical_gate(pi / 8, pi / 8, 0);
}

int entangler_count(const Weyl& gate, EntanglerFamily family) {
  constexpr double tolerance = 1e-10;
  if (gate.at(0, 0, 0)) return 0;
  const bool flat = std::abs(gate.z) < tolerance;
  switch (family) {
    case EntanglerFamily::quarter:
      return gate.at(pi / 4, 0, 0) ? 1 : flat ? 2 : 3;
    case EntanglerFamily::rotation:
      return gate.at(gate.x, 0, 0) ? 1 : flat ? 2 : 3;
    case EntanglerFamily::iswap:
      return gate.at(pi / 4, pi / 4, 0) ? 1 : flat ? 2 : 3;
    case EntanglerFamily::half_iswap:
      break;
  }
  return gate.at(pi / 8, pi / 8, 0) ? 1 : takes_two_half_iswaps(gate) ? 2 : 3;
}

Synthesis synthesis(const Matrix4& gate, EntanglerFamily family) {
  const auto parts = weyl(gate);
  const int count = entangler_count(parts, family);
  switch (family) {
    case EntanglerFamily::quarter:
      return with_quarters(parts, count);
    case EntanglerFamily::rotation:
      return with_rotations(parts, count);
    case EntanglerFamily::iswap:
      return with_iswaps(gate, parts, count);
    case EntanglerFamily::half_iswap:
      break;
  }
  return with_half_iswaps(parts, count);
}

std::vector<Synthesis> syntheses(const Matrix4& gate, EntanglerFamily family) {
  const auto parts = weyl(gate);
  const int count = entangler_count(parts, family);
  std::vector<Synthesis> all = {synthesis(gate, family)};
  if (family != EntanglerFamily::quarter || count == 0) return all;
  if (count == 1) {
    all.push_back(with_qubits_exchanged(synthesis(exchanged(gate), family)));
    return all;
  }
  for (auto& each : all_of_quarters(parts, count)) all.push_back(std::move(each));
  return all;
}

}  // namespace qupel
