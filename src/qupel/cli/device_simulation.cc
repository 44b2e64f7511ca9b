#include "qupel/cli/device_simulation.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/circuit/final_measurements.h"
#include "qupel/cli/simulation.h"
#include "qupel/compile/compile.h"
#include "qupel/mitigate/mitigation.h"

namespace qupel::cli {
namespace {

/// The number in "$12" or "q[12]".
int number_in(const std::string& name) {
  const auto first = name.find_first_of("0123456789");
  int number = -1;
  if (first != std::string::npos) std::from_chars(name.data() + first, name.data() + name.size(), number);
  return number;
}

/// The device's qubit of each of a native program's.
std::vector<int> physical_qubits(const QasmProgram& program) {
  std::vector<int> physical;
  for (const auto& name : program.qubits) physical.push_back(number_in(name));
  return physical;
}

class OnDevice {
 public:
  OnDevice(const QasmProgram& program, const DeviceRequest& request)
      : request_(request),
        whole_(program.circuit),
        whole_qubits_(program.declared_qubits()),
        measurements_(split_final_measurements(program.circuit)),
        circuit_(measurements_.body),
        physical_(request.native ? physical_qubits(program) : std::vector<int>{}) {
    if (!circuit_.unitary()) require_measurable();
    if (request.native) keep_what_is_used();
    if (request.observable) observables_ = {in_circuit(*request.observable)};
  }

  DeviceSimulation run() {
    DeviceSimulation result;
    if (request_.observable) {
      require_mitigable();
      result.ideal = ideal();
      std::tie(result.noisy, result.noisy_error) = measured(execution(), result);
      result.squared_error = squared_error(result, execution(), result.noisy_error);
      for (auto& names : techniques()) result.mitigated.push_back(mitigated(names, result));
    } else {
      count(result);
    }
    result.cost = price(result.spent);
    return result;
  }

 private:
  std::optional<Cost> price(const Ledger& spent) const {
    if (request_.device->prices.empty() || spent.shots == 0 || spent.circuits == 0) return std::nullopt;
    const Workload work{.circuits = static_cast<long>(spent.hardware_circuits),
                        .shots = static_cast<long>(request_.shots),
                        .one_qubit = static_cast<long>(spent.one_qubit_gates / spent.circuits),
                        .two_qubit = static_cast<long>(spent.two_qubit_gates / spent.circuits),
                        .measured = circuit_.qubits()};
    return cost(work, spent.device_seconds, price_of(*request_.device));
  }

  /// What is not done for circuits that measure or reset before their end: Paulis that pec and twirl insert
  /// would have to pass through measurements, and bits of a native program stand where it is.
  void require_measurable() const {
    for (const auto& name : request_.mitigate)
      if (!name.starts_with("zne") && !name.starts_with("readout"))
        throw InputError("--mitigate " + name +
                         ": the circuit measures or resets qubits before its end, where only zne and readout "
                         "are done");
    if (request_.native)
      throw InputError(
          "--noise-only: the circuit measures or resets qubits before its end; leave it out to compile it");
  }

  /// All techniques together say what they cannot do before the first of them runs alone.
  void require_mitigable() const {
    if (request_.mitigate.empty()) return;
    const auto technique = mitigation(request_.mitigate);
    auto with = execution();
    with.mitigation = technique.get();
    Executor executor(with, request_.threads);
    const auto takes = executor.forecast_expectations(executor.prepare(circuit_, observables_), 1);
    if (request_.before_mitigation) request_.before_mitigation(takes);
  }

  Execution execution() const {
    return {.device = request_.device,
            .device_noise = request_.noise,
            .physical = physical_,
            .shots = request_.shots,
            .precision = Precision::double_,
            .seed = request_.seed};
  }

  /// A native program's register may be as wide as the device.
  void keep_what_is_used() {
    std::vector<int> measured;
    if (request_.observable)
      for (const auto& term : request_.observable->terms)
        for (const auto& [qubit, letter] : term.pauli.letters())
          if (const auto at = std::ranges::find(physical_, qubit); at != physical_.end())
            measured.push_back(static_cast<int>(at - physical_.begin()));
    if (!request_.observable)
      for (const auto& bit : measurements_.bits)
        if (bit.from == FinalBit::From::qubit) measured.push_back(bit.qubit);
    auto [used, kept] = compact(circuit_, measured);
    for (auto& bit : measurements_.bits)
      bit.qubit = static_cast<int>(std::ranges::find(kept, bit.qubit) - kept.begin());
    std::vector<int> physical;
    for (const int q : kept) physical.push_back(physical_[static_cast<std::size_t>(q)]);
    circuit_ = std::move(used);
    physical_ = std::move(physical);
  }

  /// Observables of a native program are about the device's qubits.
  Observable in_circuit(Observable observable) const {
    if (physical_.empty()) return observable;
    for (auto& term : observable.terms) {
      PauliString moved;
      for (const auto& [qubit, letter] : term.pauli.letters()) {
        const auto at = std::ranges::find(physical_, qubit);
        if (at == physical_.end())
          throw InputError("--observable: qubit " + std::to_string(qubit) + " is none of the circuit's");
        moved.set(static_cast<int>(at - physical_.begin()), letter);
      }
      term.pauli = moved;
    }
    return observable;
  }

  std::pair<double, std::optional<double>> measured(const Execution& execution,
                                                    DeviceSimulation& result) const {
    Executor executor(execution, request_.threads);
    const auto prepared = executor.prepare(circuit_, observables_);
    const auto found = executor.expectations(prepared, Matrix<double>(1, 0), {});
    result.spent += executor.ledger();
    return {found.values(0, 0),
            found.errors.empty() ? std::nullopt : std::optional<double>(found.errors(0, 0))};
  }

  /// Each technique alone, then all of them.
  std::vector<std::vector<std::string>> techniques() const {
    std::vector<std::vector<std::string>> all;
    for (const auto& name : request_.mitigate) all.push_back({name});
    if (request_.mitigate.size() > 1) all.push_back(request_.mitigate);
    return all;
  }

  MitigatedValue mitigated(const std::vector<std::string>& names, DeviceSimulation& result) const {
    const auto technique = mitigation(names);
    auto with = execution();
    with.mitigation = technique.get();
    DeviceSimulation own;
    const auto [value, error] = measured(with, own);
    result.spent += own.spent;
    const double raw = result.noisy_error.value_or(0), error_now = error.value_or(0);
    return {
        std::string(technique->name()),    value,           error_now,
        own.spent.hardware_circuits,       own.spent.shots, raw > 0 ? error_now * error_now / (raw * raw) : 1,
        squared_error(result, with, error)};
  }

  /// Of values under an execution: bias^2 + variance, the bias from values without the chance of shots.
  std::optional<double> squared_error(const DeviceSimulation& result, Execution with,
                                      std::optional<double> error) const {
    constexpr int affordable_qubits = 8;
    if (!result.ideal || circuit_.qubits() > affordable_qubits || !std::isfinite(error.value_or(0)))
      return std::nullopt;
    with.shots = 0;
    DeviceSimulation aside;
    const double bias = measured(with, aside).first - *result.ideal, spread = error.value_or(0);
    return bias * bias + spread * spread;
  }

  std::optional<double> ideal() const {
    constexpr double affordable_seconds = 10;
    Executor executor(Precision::double_, request_.threads);
    const Question question{.observables = observables_};
    try {
      if (executor.forecast(circuit_, question).seconds > affordable_seconds) return std::nullopt;
      return executor.run(circuit_, question).expectations.front();
    } catch (const NoEngine&) {
      return std::nullopt;
    }
  }

  void count(DeviceSimulation& result) const {
    Executor executor(execution(), request_.threads);
    ShotCounts counts;
    if (circuit_.unitary()) {
      const auto prepared = executor.prepare(circuit_, {});
      counts = executor.samples(prepared, Matrix<double>(1, 0), {}).front();
    } else {
      auto outcome = executor.run(whole_, {.shots = request_.shots});
      counts = std::move(outcome.counts);
      for (const auto& [bits, times] : outcome.bit_counts) result.counts[bits_text(whole_, bits)] += times;
    }
    for (const auto& [state, times] : counts) result.counts[text_of(state)] += times;
    result.spent = executor.ledger();
  }

  /// What is read of the program's classical bits, or of its qubits if it measures none.
  std::string text_of(std::uint64_t state) const {
    if (!whole_.measures()) return basis_text(request_.native ? circuit_.qubits() : whole_qubits_, state);
    std::string bits(measurements_.bits.size(), '0');
    for (std::size_t k = 0; k < bits.size(); ++k) {
      const auto& bit = measurements_.bits[k];
      if (bit.from == FinalBit::From::qubit ? (state >> bit.qubit & 1) != 0 : bit.value)
        bits[bits.size() - 1 - k] = '1';
    }
    return bits_text(whole_, bits);
  }

  const DeviceRequest& request_;
  const Circuit& whole_;  // with the measurements at its end
  int whole_qubits_;
  FinalMeasurements measurements_;  // their qubits are those of circuit_
  Circuit circuit_;
  std::vector<int> physical_;
  std::vector<Observable> observables_;
};

}  // namespace

DeviceSimulation simulate_on_device(const QasmProgram& program, const DeviceRequest& request) {
  try {
    return OnDevice(program, request).run();
  } catch (const NoEngine& error) {
    throw InputError(
        std::string(error.what()) +
        ": its noise is beyond this computer; qupel estimate says what it takes of the device, and qupel "
        "sim without --device its ideal value, if an engine can");
  }
}

}  // namespace qupel::cli
