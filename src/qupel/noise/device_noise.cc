#include "qupel/noise/device_noise.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/noise/idle_coupling.h"

namespace qupel {
namespace {

/// Paulis on so many qubits, the identity among them.
double paulis(int qubits) { return std::ldexp(1.0, 2 * qubits); }

class DeviceNoise : public NoiseSource, public IdleCoupling {
 public:
  DeviceNoise(std::shared_ptr<const Device> device, std::vector<int> physical,
              const DeviceNoiseOptions& options)
      : device_(std::move(device)), physical_(std::move(physical)), options_(options) {
    for (const int q : physical_)
      if (q < 0 || q >= device_->size())
        throw InputError(
            fmt::format("qubit {} of {}: it has the qubits 0 to {}", q, device_->name, device_->size() - 1));
    if (couples_waiting()) coupled_ = device_->edges();
    for (auto& [a, b] : coupled_)
      if (a > b) std::swap(a, b);
    std::ranges::sort(coupled_);
  }

  bool disturbs_gates() const override { return options_.gates || disturbs_waiting() || coherent(); }
  bool disturbs_waiting() const override {
    return options_.idle || options_.detuning != 0 || couples_waiting();
  }

  bool couples_waiting() const override { return options_.idle_zz != 0; }
  double zz_rate(int a, int b) const override {
    const auto pair =
        std::minmax(physical_.at(static_cast<std::size_t>(a)), physical_.at(static_cast<std::size_t>(b)));
    return std::ranges::binary_search(coupled_, std::pair<int, int>(pair)) ? options_.idle_zz : 0;
  }

  std::vector<NoiseStep> after(const GateEvent& event) const override {
    std::vector<NoiseStep> steps;
    if (!event.gate()) return steps;
    const auto* gate = find(event);
    if (gate == nullptr) return steps;
    if (coherent()) add_coherent(event, *gate, steps);
    if (!options_.gates) return steps;
    const auto qubits = calibrated(event.qubits);
    const int count = static_cast<int>(qubits.size());
    const double share =
        depolarizing_share(gate->error, relaxation_infidelity(gate->duration, qubits), count);
    if (share > 0)
      steps.push_back({{&channel("depolarizing"), {share * (paulis(count) - 1) / paulis(count)}},
                       {event.qubits.begin(), event.qubits.end()}});
    for (const int q : event.qubits) add_relaxation(q, gate->duration, steps);
    return steps;
  }

  std::vector<NoiseStep> while_idle(int qubit, double time) const override {
    std::vector<NoiseStep> steps;
    if (options_.idle) add_relaxation(qubit, time, steps);
    if (options_.detuning != 0) steps.push_back({{&channel("detuning"), {options_.detuning, time}}, {qubit}});
    return steps;
  }

  double duration(const GateEvent& event) const override {
    if (const auto stated = stated_duration(event)) return *stated;
    if (event.gate()) {
      const auto* gate = find(event);
      return gate == nullptr ? 0 : gate->duration;
    }
    switch (event.operation->spec->structure) {
      case Structure::measure:
        return qubit(event.qubits.front()).readout_time;
      case Structure::reset:
        return device_->reset_time;
      default:
        throw InputError(
            fmt::format("{}: how long a step of its clock (dt) lasts is not known; give delays in ns or us",
                        device_->name));
    }
  }

  ReadoutError readout(int q) const override {
    if (!options_.readout) return {};
    return {qubit(q).one_for_zero, qubit(q).zero_for_one};
  }

  std::string text() const override {
    std::string text =
        fmt::format("{} as of {}, on its qubits {}", device_->name, device_->date, fmt::join(physical_, " "));
    if (!options_.gates) text += ", without errors of gates";
    if (!options_.idle) text += ", without waiting";
    if (!options_.readout) text += ", without readout errors";
    if (options_.over_rotation != 0) text += fmt::format(", over-rotation {}", options_.over_rotation);
    if (options_.crosstalk != 0) text += fmt::format(", crosstalk {}", options_.crosstalk);
    if (options_.detuning != 0) text += fmt::format(", detuning {}", options_.detuning);
    if (options_.idle_zz != 0) text += fmt::format(", ZZ of waiting qubits {}", options_.idle_zz);
    return text;
  }

  std::vector<std::string> unmet(std::span<const GateEvent>, int) const override { return {}; }

 private:
  bool coherent() const { return options_.over_rotation != 0 || options_.crosstalk != 0; }

  const DeviceQubit& qubit(int q) const {
    return device_->qubits[static_cast<std::size_t>(physical_.at(static_cast<std::size_t>(q)))];
  }

  std::vector<DeviceQubit> calibrated(std::span<const int> qubits) const {
    std::vector<DeviceQubit> all;
    for (const int q : qubits) all.push_back(qubit(q));
    return all;
  }

  /// Null for a change of frame. @throws InputError if the device lacks the gate at this place
  const DeviceGate* find(const GateEvent& event) const {
    const auto* native = device_->native_operation(event.name);
    // The inverse of a native operation (sxdg) is that operation between two changes of frame.
    for (const auto& each : device_->native)
      if (native == nullptr && each.spec->inverse == event.name) native = &each;
    if (native != nullptr && native->is_virtual) return nullptr;
    std::vector<int> places;
    for (const int q : event.qubits) places.push_back(physical_.at(static_cast<std::size_t>(q)));
    const auto* gate = native == nullptr ? nullptr : device_->gate(*native->spec, places);
    if (gate == nullptr)
      throw InputError(
          fmt::format("{} on qubit{} {}: {} has no such operation there; compile the circuit for it first",
                      event.name, places.size() == 1 ? "" : "s", fmt::join(places, ", "), device_->name));
    return gate;
  }

  void add_relaxation(int q, double time, std::vector<NoiseStep>& steps) const {
    constexpr double forever = 1e300;  // the channel's own bound
    const auto& [t1, t2] = std::pair(std::min(qubit(q).t1, forever), std::min(qubit(q).t2, forever));
    if (time <= 0 || (t1 == forever && t2 == forever)) return;
    steps.push_back({{&channel("thermal-relaxation"), {t1, t2, time}}, {q}});
  }

  void add_coherent(const GateEvent& event, const DeviceGate& gate, std::vector<NoiseStep>& steps) const {
    if (gate.duration <= 0) return;
    if (event.qubits.size() == 1 && options_.over_rotation != 0)
      steps.push_back({{&channel("x-rotation"), {options_.over_rotation}}, {event.qubits.front()}});
    if (event.qubits.size() == 2 && options_.crosstalk != 0)
      steps.push_back(
          {{&channel("zz-rotation"), {options_.crosstalk}}, {event.qubits.begin(), event.qubits.end()}});
  }

  std::shared_ptr<const Device> device_;
  std::vector<int> physical_;
  DeviceNoiseOptions options_;
  std::vector<std::pair<int, int>> coupled_ =
      {};  // ascending, the lower qubit first; if waiting couples them
};

}  // namespace

double relaxation_infidelity(double time, std::span<const DeviceQubit> qubits) {
  double process = 1;
  for (const auto& qubit : qubits)
    process *= (1 + std::exp(-time / qubit.t1) + 2 * std::exp(-time / qubit.t2)) / 4;
  const double d = std::ldexp(1.0, static_cast<int>(qubits.size()));
  return 1 - (d * process + 1) / (d + 1);
}

double depolarizing_share(double error, double infidelity, int qubits) {
  if (error <= infidelity) return 0;
  const double d = std::ldexp(1.0, qubits), most = paulis(qubits) / (paulis(qubits) - 1);
  return std::min(most, d * (error - infidelity) / (d * (1 - infidelity) - 1));
}

NoiseModel device_noise(std::shared_ptr<const Device> device, std::vector<int> physical,
                        const DeviceNoiseOptions& options) {
  return NoiseModel(std::make_shared<DeviceNoise>(std::move(device), std::move(physical), options));
}

}  // namespace qupel
