#include "qupel/engine/narrowing.h"

#include <algorithm>
#include <map>

#include "qupel/base/error.h"

namespace qupel {
namespace {

// Registers of no more qubits run as they are.
constexpr int most_as_they_are = 20;
constexpr int counted_qubits = 64;  // of a basis state without classical bits

std::vector<int> used_qubits(const Job& job) {
  std::vector<bool> used(static_cast<std::size_t>(job.circuit.qubits()));
  const auto use = [&](int qubit) { used[static_cast<std::size_t>(qubit)] = true; };
  for (const auto& operation : job.circuit.operations()) std::ranges::for_each(operation.qubits, use);
  for (const auto& observable : job.observables)
    for (const auto& term : observable.terms)
      for (const auto& [qubit, letter] : term.pauli.letters()) use(qubit);
  std::vector<int> found;
  for (std::size_t q = 0; q < used.size(); ++q)
    if (used[q]) found.push_back(static_cast<int>(q));
  if (found.empty()) found.push_back(0);  // a circuit has a qubit
  return found;
}

// New numbers of qubits for the used ones among the old.
class Renumbering {
 public:
  explicit Renumbering(std::span<const int> used) : old_(used.begin(), used.end()) {}

  int narrow(int qubit) const {
    return static_cast<int>(std::ranges::lower_bound(old_, qubit) - old_.begin());
  }
  bool uses(int qubit) const { return std::ranges::binary_search(old_, qubit); }
  int wide(int qubit) const { return old_[static_cast<std::size_t>(qubit)]; }
  void narrow(std::vector<int>& qubits) const {
    for (int& qubit : qubits) qubit = narrow(qubit);
  }
  void widen(std::vector<int>& qubits) const {
    for (int& qubit : qubits) qubit = wide(qubit);
  }

 private:
  std::vector<int> old_;
};

// Noise that knows qubits by their old numbers, for a circuit of new ones.
class RenumberedNoise : public NoiseSource {
 public:
  /// @param count of qubits before they were numbered anew
  RenumberedNoise(NoiseModel noise, Renumbering qubits, int count)
      : noise_(std::move(noise)), qubits_(std::move(qubits)), count_(count) {}

  bool disturbs_gates() const override { return source().disturbs_gates(); }
  std::vector<NoiseStep> after(const GateEvent& gate) const override {
    std::vector<int> qubits(gate.qubits.begin(), gate.qubits.end());
    qubits_.widen(qubits);
    return narrowed(source().after({gate.name, qubits, gate.operation}));
  }
  bool disturbs_waiting() const override { return source().disturbs_waiting(); }
  std::vector<NoiseStep> while_idle(int qubit, double time) const override {
    return narrowed(source().while_idle(qubits_.wide(qubit), time));
  }
  Schedule schedule() const override { return source().schedule(); }
  double duration(const GateEvent& gate) const override {
    std::vector<int> qubits(gate.qubits.begin(), gate.qubits.end());
    qubits_.widen(qubits);
    return source().duration({gate.name, qubits, gate.operation});
  }
  ReadoutError readout(int qubit) const override { return source().readout(qubits_.wide(qubit)); }
  std::string text() const override { return source().text(); }
  std::vector<std::string> unmet(std::span<const GateEvent> gates, int) const override {
    std::vector<std::vector<int>> qubits;
    std::vector<GateEvent> wide;
    for (const auto& gate : gates) {
      qubits_.widen(qubits.emplace_back(gate.qubits.begin(), gate.qubits.end()));
      wide.push_back({gate.name, qubits.back(), gate.operation});
    }
    return source().unmet(wide, count_);
  }

 private:
  const NoiseSource& source() const { return *noise_.source(); }
  std::vector<NoiseStep> narrowed(std::vector<NoiseStep> steps) const {
    for (auto& step : steps) qubits_.narrow(step.qubits);
    return steps;
  }

  NoiseModel noise_;
  Renumbering qubits_;
  int count_;
};

Circuit narrowed(const Circuit& circuit, const Renumbering& qubits, int count) {
  Circuit made(count);
  for (const auto& each : circuit.registers()) made.add_bits(each.name, each.size);
  std::map<const CompositeGate*, std::shared_ptr<const CompositeGate>> gates;
  for (Operation operation : circuit.operations()) {
    qubits.narrow(operation.qubits);
    if (auto& gate = operation.part.gate; gate != nullptr) {
      auto& copy = gates[gate.get()];
      if (copy == nullptr) {
        auto changed = *gate;
        qubits.narrow(changed.qubits);
        copy = std::make_shared<const CompositeGate>(std::move(changed));
      }
      gate = copy;
    }
    made.add(std::move(operation));
  }
  return made;
}

Observable narrowed(const Observable& observable, const Renumbering& qubits) {
  Observable made;
  for (const auto& [weight, pauli] : observable.terms) {
    PauliString moved;
    for (const auto& [qubit, letter] : pauli.letters()) moved.set(qubits.narrow(qubit), letter);
    made.terms.push_back({weight, std::move(moved)});
  }
  return made;
}

// A qubit that nothing acts on is read as 0.
FinalBit narrowed(FinalBit bit, const Renumbering& qubits) {
  if (bit.from != FinalBit::From::qubit) return bit;
  if (!qubits.uses(bit.qubit)) return {.from = FinalBit::From::constant};
  bit.qubit = qubits.narrow(bit.qubit);
  return bit;
}

}  // namespace

Narrowing::Narrowing(const Job& job) : job_(&job) {
  const int qubits = job.circuit.qubits();
  const bool counts_qubits = job.shots > 0 && job.readout.empty() && qubits > counted_qubits;
  if (qubits <= most_as_they_are || job.state || counts_qubits) return;
  used_ = used_qubits(job);
  if (static_cast<int>(used_.size()) == qubits) return;
  const Renumbering renumbering(used_);
  narrow_ = Job{.circuit = narrowed(job.circuit, renumbering, static_cast<int>(used_.size())),
                .variances = job.variances,
                .shots = job.shots,
                .trajectories = job.trajectories,
                .seed = job.seed,
                .precision = job.precision,
                .threads = job.threads};
  if (!job.noise.empty())
    narrow_->noise = NoiseModel(std::make_shared<const RenumberedNoise>(job.noise, renumbering, qubits));
  for (const auto& observable : job.observables)
    narrow_->observables.push_back(narrowed(observable, renumbering));
  for (const auto& bit : job.readout) narrow_->readout.push_back(narrowed(bit, renumbering));
}

Outcome Narrowing::answer(Outcome outcome) const {
  if (!narrow_ || outcome.counts.empty()) return outcome;
  if (!narrow_->readout.empty()) {
    add_counts(narrow_->readout, {}, outcome.counts, outcome.bit_counts);
    outcome.counts.clear();
    return outcome;
  }
  for (auto& [basis, count] : outcome.counts) {
    std::uint64_t wide = 0;
    for (std::size_t k = 0; k < used_.size(); ++k) wide |= ((basis >> k) & 1) << used_[k];
    basis = wide;
  }
  return outcome;
}

}  // namespace qupel
