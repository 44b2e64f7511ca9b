#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "qupel/base/error.h"
#include "qupel/device/device.h"
#include "qupel/device/median.h"
#include "qupel/device/one_qubit_reach.h"

namespace qupel {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// "qubit 3", "qubits 3, 4, 9": at most a dozen by number.
std::string qubits_text(const std::vector<int>& qubits) {
  constexpr std::size_t most = 12;
  if (qubits.size() == 1) return fmt::format("qubit {}", qubits.front());
  if (qubits.size() <= most) return fmt::format("qubits {}", fmt::join(qubits, ", "));
  return fmt::format("{} qubits ({}, ...)", qubits.size(), fmt::join(std::span(qubits).first(most), ", "));
}

std::string place_text(const DeviceGate& gate) { return fmt::format("({})", fmt::join(gate.qubits, ", ")); }

std::string places_text(const std::vector<DeviceGate>& gates) {
  constexpr std::size_t most = 8;
  std::vector<std::string> places;
  for (const auto& gate : gates) places.push_back(place_text(gate));
  if (places.size() <= most) return fmt::format("at {}", fmt::join(places, ", "));
  return fmt::format("at {} places ({}, ...)", places.size(), fmt::join(std::span(places).first(most), ", "));
}

class Mender {
 public:
  explicit Mender(Device device) : device_(std::move(device)) {}

  Device mend() {
    require_sound();
    const auto couplings = device_.edges();
    leave_out_dead_gates();
    bury_dead_qubits();
    note_dead_edges(couplings);
    fill_in_qubits();
    for (const auto& native : device_.native) fill_in_gates(native);
    bound_t2();
    return std::move(device_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(fmt::format("device \"{}\": {}", device_.name, message));
  }
  void repaired(std::string sentence) { device_.repairs.push_back(std::move(sentence)); }

  void require_probability(double value, const std::string& what) const {
    if (value < 0 || value > 1) fail(fmt::format("{} = {} is not a probability from 0 to 1", what, value));
  }
  void require_time(double value, const std::string& what) const {
    if (value < 0 || value == infinite) fail(fmt::format("{} = {} us is no time", what, value));
  }

  void require_sound() const {
    if (device_.qubits.empty()) fail("has no qubits");
    for (int q = 0; q < device_.size(); ++q) require_sound(q);
    require_time(device_.reset_time, "reset_time");
    require_time(device_.repetition_delay, "repetition_delay");
    require_time(device_.job_overhead, "job_overhead");
    if (device_.circuits_per_job < 1) fail("circuits_per_job is below 1");
    std::set<std::pair<const OpSpec*, std::vector<int>>> seen;
    for (const auto& gate : device_.gates) require_sound(gate, seen);
    if (device_.size() > 1 && device_.edges().empty() && device_.dead_edges.empty())
      fail(fmt::format("no two of its {} qubits are coupled; name an operation on two qubits and its pairs",
                       device_.size()));
  }

  void require_sound(int q) const {
    const auto& qubit = device_.qubits[static_cast<std::size_t>(q)];
    const auto named = [&](std::string_view field) { return fmt::format("qubit {}: {}", q, field); };
    require_probability(qubit.one_for_zero, named("one_for_zero"));
    require_probability(qubit.zero_for_one, named("zero_for_one"));
    require_time(qubit.readout_time, named("readout_time"));
    require_time(qubit.frequency, named("frequency"));
    for (const auto& [value, field] : {std::pair{qubit.t1, "t1"}, std::pair{qubit.t2, "t2"}})
      if (value <= 0) fail(fmt::format("{} = {} us is not above 0", named(field), value));
  }

  void require_sound(const DeviceGate& gate,
                     std::set<std::pair<const OpSpec*, std::vector<int>>>& seen) const {
    const auto name = fmt::format("{} at {}", gate.spec->name, place_text(gate));
    if (device_.native_operation(gate.spec->name) == nullptr) fail(name + ": the operation is not native");
    if (static_cast<int>(gate.qubits.size()) != gate.spec->qubits)
      fail(fmt::format("{}: the operation takes {} qubits", name, gate.spec->qubits));
    for (const int q : gate.qubits)
      if (q < 0 || q >= device_.size())
        fail(fmt::format("{}: there is no qubit {}; there are {}", name, q, device_.size()));
    if (gate.qubits.size() == 2 && gate.qubits[0] == gate.qubits[1])
      fail(name + " couples a qubit to itself");
    if (gate.error < 0) fail(fmt::format("{}: error {} is below 0", name, gate.error));
    require_time(gate.duration, name + ": duration");
    auto place = gate.qubits;
    if (symmetric(*gate.spec)) std::sort(place.begin(), place.end());
    if (!seen.emplace(gate.spec, place).second) fail(name + " stands twice");
  }

  void leave_out_dead_gates() {
    std::map<std::string_view, std::vector<DeviceGate>> dead;
    for (const auto& gate : device_.gates)
      if (gate.error >= 1) dead[gate.spec->name].push_back(gate);
    std::erase_if(device_.gates, [](const DeviceGate& gate) { return gate.error >= 1; });
    for (const auto& [name, gates] : dead)
      repaired(fmt::format("{} {} is left out: its error is 1", name, places_text(gates)));
  }

  void bury_dead_qubits() {
    std::map<int, std::set<const OpSpec*>> there;
    for (const auto& gate : device_.gates)
      if (gate.qubits.size() == 1) there[gate.qubits.front()].insert(gate.spec);
    std::map<std::set<const OpSpec*>, bool> enough;
    std::vector<int> dead;
    for (int q = 0; q < device_.size(); ++q) {
      auto& qubit = device_.qubits[static_cast<std::size_t>(q)];
      if (!qubit.live) continue;
      const auto& specs = there[q];
      if (!enough.contains(specs)) enough[specs] = make_any_one_qubit_gate({specs.begin(), specs.end()});
      if (enough[specs]) continue;
      qubit.live = false;
      dead.push_back(q);
    }
    const auto is_dead = [&](int q) { return !device_.qubits[static_cast<std::size_t>(q)].live; };
    std::erase_if(device_.gates, [&](const DeviceGate& gate) {
      return std::any_of(gate.qubits.begin(), gate.qubits.end(), is_dead);
    });
    require_live(there);
    if (!dead.empty())
      repaired(fmt::format("{} dead: what is left of the one-qubit gates there cannot make every other",
                           qubits_text(dead) + (dead.size() == 1 ? " is" : " are")));
  }

  void require_live(const std::map<int, std::set<const OpSpec*>>& there) const {
    if (std::any_of(device_.qubits.begin(), device_.qubits.end(),
                    [](const auto& qubit) { return qubit.live; }))
      return;
    std::set<std::string_view> names;
    for (const auto& [q, specs] : there)
      for (const auto* spec : specs) names.insert(spec->name);
    fail(fmt::format("on no qubit can its one-qubit operations ({}) make any one-qubit gate; rz and sx can",
                     names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }

  void note_dead_edges(const std::vector<std::pair<int, int>>& couplings) {
    const auto left = device_.edges();
    std::set_difference(couplings.begin(), couplings.end(), left.begin(), left.end(),
                        std::back_inserter(device_.dead_edges));
    std::sort(device_.dead_edges.begin(), device_.dead_edges.end());
  }

  /// Values that are not known become the median of the others, or `otherwise` if none is known.
  void fill_in(std::string_view what, double DeviceQubit::*field, double otherwise) {
    std::vector<double> values;
    std::vector<int> missing;
    for (int q = 0; q < device_.size(); ++q) {
      const auto& qubit = device_.qubits[static_cast<std::size_t>(q)];
      if (qubit.live) values.push_back(qubit.*field);
      if (std::isnan(qubit.*field)) missing.push_back(q);
    }
    if (missing.empty()) return;
    const auto median = median_of_known(values);
    const auto value = std::isnan(median) ? otherwise : median;
    for (const int q : missing) device_.qubits[static_cast<std::size_t>(q)].*field = value;
    repaired(fmt::format("{} of {} is not known and taken as {}", what, qubits_text(missing),
                         std::isnan(median) ? fmt::format("{}", value)
                                            : fmt::format("the median of the others, {:.4g}", value)));
  }

  void fill_in_qubits() {
    fill_in("t1", &DeviceQubit::t1, infinite);
    fill_in("one_for_zero", &DeviceQubit::one_for_zero, 0);
    fill_in("zero_for_one", &DeviceQubit::zero_for_one, 0);
    fill_in("readout_time", &DeviceQubit::readout_time, 0);
    for (auto& qubit : device_.qubits)
      if (std::isnan(qubit.frequency)) qubit.frequency = 0;
  }

  void fill_in_gates(const NativeOperation& native) {
    fill_in_gates(native, "error", &DeviceGate::error);
    fill_in_gates(native, "duration", &DeviceGate::duration);
  }

  void fill_in_gates(const NativeOperation& native, std::string_view what, double DeviceGate::*field) {
    std::vector<double> values;
    std::vector<DeviceGate> missing;
    for (const auto& gate : device_.gates) {
      if (gate.spec != native.spec) continue;
      values.push_back(gate.*field);
      if (std::isnan(gate.*field)) missing.push_back(gate);
    }
    if (missing.empty()) return;
    const auto median = median_of_known(values);
    const auto value = std::isnan(median) ? 0 : median;
    for (auto& gate : device_.gates)
      if (gate.spec == native.spec && std::isnan(gate.*field)) gate.*field = value;
    repaired(fmt::format("{} of {} {} is not known and taken as {}", what, native.spec->name,
                         places_text(missing),
                         std::isnan(median) ? "0" : fmt::format("the median of the others, {:.4g}", value)));
  }

  void bound_t2() {
    std::vector<int> missing, cut;
    for (int q = 0; q < device_.size(); ++q) {
      auto& qubit = device_.qubits[static_cast<std::size_t>(q)];
      const auto most = 2 * qubit.t1;
      const bool known = std::isfinite(qubit.t2);
      if (!std::isnan(qubit.t2) && qubit.t2 <= most) continue;
      if (std::isfinite(most)) (known ? cut : missing).push_back(q);
      qubit.t2 = most;
    }
    if (!missing.empty())
      repaired(fmt::format("t2 of {} is not known and taken as 2 t1", qubits_text(missing)));
    if (!cut.empty()) repaired(fmt::format("t2 of {} was above 2 t1 and is cut to it", qubits_text(cut)));
  }

  Device device_;
};

}  // namespace

Device validated(Device device) { return Mender(std::move(device)).mend(); }

}  // namespace qupel
