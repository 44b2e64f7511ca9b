#include "qupel/compile/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/error.h"

namespace qupel {
namespace {

/// Beside what its error costs, so that fewer are better where errors are not known.
constexpr double cost_of_each = 1e-9;

using std::numbers::pi;

const OpSpec* native(const Device& device, std::string_view name) {
  const auto& spec = operation(name);
  const auto found = std::ranges::find(device.native, &spec, &NativeOperation::spec);
  return found == device.native.end() ? nullptr : &spec;
}

std::string native_names(const Device& device) {
  std::vector<std::string_view> names;
  for (const auto& each : device.native) names.push_back(each.spec->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

OneQubitBasis one_qubit_basis(const Device& device) {
  using Kind = OneQubitBasis::Kind;
  const auto has = [&](std::string_view name) { return native(device, name) != nullptr; };
  const auto* frame = has("rz") ? native(device, "rz") : native(device, "p");
  if (has("prx")) return {Kind::phased, nullptr, nullptr, frame};
  if (has("sx") && frame != nullptr)
    return {Kind::quarter_turns, native(device, "sx"), native(device, "x"), frame};
  if (has("rx") && frame != nullptr)
    return {Kind::quarter_turns, native(device, "rx"), native(device, "rx"), frame};
  if (has("gpi") && has("gpi2")) return {Kind::ion, nullptr, nullptr, frame};
  if (has("u")) return {Kind::euler, nullptr, nullptr, frame};
  throw InputError(
      fmt::format("device \"{}\" makes {}: not every gate on one qubit can be made of that; it takes rz and "
                  "sx, rz and rx, "
                  "prx, gpi and gpi2, or u",
                  device.name, native_names(device)));
}

// Where a rotation about Z on one side is after the gate.
int sign_after(const Matrix4& gate, std::size_t side, std::size_t side_after) {
  constexpr double angle = 0.7;
  const auto turned = [&](std::size_t on, double by) {
    LocalPair pair = {Matrix2::Identity(), Matrix2::Identity()};
    pair[on] = rotation(2, by);
    return local(pair);
  };
  for (const int sign : {1, -1})
    if (same_gate<Matrix4>(gate * turned(side, angle), turned(side_after, sign * angle) * gate)) return sign;
  return 0;
}

void find_passes(Entangler& entangler, const Matrix4& gate) {
  entangler.passes = {sign_after(gate, 0, 0), sign_after(gate, 1, 1)};
  if (entangler.passes[0] != 0 || entangler.passes[1] != 0) return;
  const std::array<int, 2> exchanged = {sign_after(gate, 0, 1), sign_after(gate, 1, 0)};
  entangler.exchanges = exchanged[0] != 0 && exchanged[1] != 0;
  if (entangler.exchanges) entangler.passes = exchanged;
}

Entangler rotation_entangler(const OpSpec& spec) {
  Entangler entangler{&spec, EntanglerFamily::rotation};
  for (std::size_t side = 0; side < 2; ++side) {
    const int axis = static_cast<int>(std::string_view("XYZ").find(spec.pauli[side]));
    entangler.before[side] = axis_change(axis, 0);
    entangler.after[side] = axis_change(0, axis);
  }
  find_passes(entangler, fixed4(full_matrix(spec, std::vector{0.6})));
  return entangler;
}

std::optional<Entangler> fixed_entangler(const OpSpec& spec) {
  Entangler entangler{&spec, EntanglerFamily::quarter,
                      std::vector<double>(static_cast<std::size_t>(spec.angles), 0.0)};
  const auto gate = fixed4(full_matrix(spec, entangler.angles));
  const auto parts = weyl(gate);
  for (const auto family : {EntanglerFamily::quarter, EntanglerFamily::iswap, EntanglerFamily::half_iswap}) {
    if (entangler_count(parts, family) != 1) continue;
    entangler.family = family;
    entangler.before = parts.right;
    entangler.after = parts.left;
    find_passes(entangler, gate);
    return entangler;
  }
  return std::nullopt;
}

// ms(0, 0) as exp(-i pi/4 XX), whose axes its angles turn.
bool turns_with_frames(const OpSpec& spec) { return &spec == &operation("ms"); }

std::optional<Entangler> entangler_of(const OpSpec& spec) {
  if (spec.structure == Structure::pauli_rotation && spec.pauli.size() == 2) return rotation_entangler(spec);
  if (spec.angles > 0 && !turns_with_frames(spec)) return std::nullopt;
  auto found = fixed_entangler(spec);
  if (found) found->takes_frames = turns_with_frames(spec);
  return found;
}

double cost_of_error(double error) {
  constexpr double most = 0.999;
  return std::isfinite(error) ? -std::log1p(-std::clamp(error, 0.0, most)) : 0;
}

}  // namespace

CompileTarget::CompileTarget(const Device& device)
    : device_(&device),
      basis_(one_qubit_basis(device)),
      neighbours_(device.qubits.size()),
      distances_(device.qubits.size(), device.qubits.size(), device.size()),
      edge_costs_(device.qubits.size(), device.qubits.size()) {
  for (const auto& qubit : device.qubits) {
    live_.push_back(qubit.live);
    readout_cost_.push_back(cost_of_error((qubit.one_for_zero + qubit.zero_for_one) / 2));
  }
  add_entanglers();
  add_edges();
  add_edge_costs();
  add_waiting_cost();
  measure_distances();
}

void CompileTarget::add_entanglers() {
  for (const auto& each : device_->native) {
    if (each.spec->qubits != 2) continue;
    if (auto found = entangler_of(*each.spec)) entanglers_.push_back(std::move(*found));
  }
  const bool has_cz = std::ranges::any_of(entanglers_, [](const auto& e) { return e.spec->name == "cz"; });
  for (auto& entangler : entanglers_)
    entangler.quarter_turn_at_most = has_cz && entangler.spec->name == "rzz";
}

void CompileTarget::add_edges() {
  for (const auto& gate : device_->gates) {
    const auto entangler = std::ranges::find(entanglers_, gate.spec, &Entangler::spec);
    if (gate.qubits.size() != 2 || entangler == entanglers_.end()) continue;
    const int a = gate.qubits[0], b = gate.qubits[1];
    if (!live(a) || !live(b)) continue;
    const EdgeGate added{&*entangler, a, b, cost_of_error(gate.error)};
    auto& ways = edges_[std::minmax(a, b)];
    const auto same = std::ranges::find(ways, added.entangler, &EdgeGate::entangler);
    if (same == ways.end()) {
      ways.push_back(added);
      continue;
    }
    const bool both = same->first != a && same->entangler->family != EntanglerFamily::rotation;
    if (added.cost < same->cost) *same = added;
    same->both_ways = both;
  }
  for (const auto& [pair, ways] : edges_) {
    neighbours_[index(pair.first)].push_back(pair.second);
    neighbours_[index(pair.second)].push_back(pair.first);
  }
}

void CompileTarget::measure_distances() {
  for (int start = 0; start < size(); ++start) {
    if (!live(start)) continue;
    std::vector<int> reached = {start};
    distances_(index(start), index(start)) = 0;
    for (std::size_t next = 0; next < reached.size(); ++next) {
      for (const int neighbour : neighbours(reached[next])) {
        auto& distance = distances_(index(start), index(neighbour));
        if (distance < size()) continue;
        distance = distances_(index(start), index(reached[next])) + 1;
        reached.push_back(neighbour);
      }
    }
    if (reached.size() > component_.size()) component_ = reached;
  }
  std::ranges::sort(component_);
}

const std::vector<EdgeGate>& CompileTarget::edge(int a, int b) const {
  static const std::vector<EdgeGate> none;
  const auto found = edges_.find(std::minmax(a, b));
  return found == edges_.end() ? none : found->second;
}

const EdgeGate& CompileTarget::cheapest(int a, int b, const Weyl& gate) const {
  const auto& ways = edge(a, b);
  const auto cost = [&](const EdgeGate& way) {
    return entangler_count(gate, way.entangler->family) * (way.cost + cost_of_each);
  };
  return *std::ranges::min_element(ways, {}, cost);
}

// Of the mean qubit and the mean two-qubit operation.
void CompileTarget::add_waiting_cost() {
  double time = 0, rate = 0, count = 0, live = 0;
  for (const auto& gate : device_->gates)
    if (gate.qubits.size() == 2 && std::isfinite(gate.duration)) time += gate.duration, ++count;
  for (const auto& qubit : device_->qubits)
    if (qubit.live && qubit.t1 > 0 && qubit.t2 > 0) rate += 1 / (6 * qubit.t1) + 1 / (3 * qubit.t2), ++live;
  if (count > 0 && live > 0) waiting_cost_ = time / count * rate / live;
}

void CompileTarget::add_edge_costs() {
  const auto cx = weyl(cx_gate());
  std::vector<double> costs;
  for (const auto& [pair, ways] : edges_) {
    const auto& way = cheapest(pair.first, pair.second, cx);
    const double cost = (way.cost + cost_of_each) * entangler_count(cx, way.entangler->family);
    edge_costs_(index(pair.first), index(pair.second)) = edge_costs_(index(pair.second), index(pair.first)) =
        cost;
    costs.push_back(cost);
  }
  if (costs.empty()) return;
  const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
  std::ranges::nth_element(costs, middle);
  usual_edge_cost_ = *middle;
}

}  // namespace qupel
