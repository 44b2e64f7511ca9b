#include "qupel/model/qaoa/variant_circuits.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/model/qaoa/angles.h"

namespace qupel {
namespace {

/// The parts that the variants are made of. Parameters are numbered as they are taken.
class Builder {
 public:
  explicit Builder(const Qubo& qubo)
      : qubits_(static_cast<int>(qubo.size())), cost_(ising_of(qubo)), circuit_(qubits_) {}

  int qubits() const { return qubits_; }
  const Observable& cost() const { return cost_; }
  Circuit& circuit() { return circuit_; }
  QaoaAngles known_angles(std::size_t layers) const { return fixed_angles(cost_, qubits_, layers); }
  int parameter(double start) {
    start_.push_back(start);
    return static_cast<int>(start_.size()) - 1;
  }

  void add_hadamards() {
    for (int q = 0; q < qubits_; ++q) circuit_.add("h", {q});
  }
  void add_phase(int gamma) {
    for (const auto& term : cost_.terms) add_rotation(term, gamma);
  }
  /// A rotation about a term of the cost; nothing for the constant.
  void add_rotation(const Observable::Term& term, int slot) {
    std::vector<int> on;
    for (const auto& letter : term.pauli.letters()) on.push_back(letter.first);
    if (on.empty()) return;
    circuit_.add_pauli_rotation(std::string(on.size(), 'Z'), on, Angle::parameter(slot, 2 * term.weight));
  }
  void add_mixer(int beta) {
    for (int q = 0; q < qubits_; ++q) circuit_.add("rx", {q}, {Angle::parameter(beta, 2)});
  }
  /// Without parameters at the end that no operation has: the cost may be of nothing.
  VariantCircuit take() {
    start_.resize(static_cast<std::size_t>(circuit_.parameters()));
    return {std::move(circuit_), std::move(start_)};
  }

 private:
  int qubits_;
  Observable cost_;
  Circuit circuit_;
  std::vector<double> start_;
};

}  // namespace

VariantCircuit multi_angle_circuit(const Qubo& qubo, std::size_t layers) {
  Builder builder(qubo);
  const auto known = builder.known_angles(layers);
  builder.add_hadamards();
  for (std::size_t l = 0; l < layers; ++l) {
    for (const auto& term : builder.cost().terms)
      if (!term.pauli.letters().empty()) builder.add_rotation(term, builder.parameter(known.gammas[l]));
    for (int q = 0; q < builder.qubits(); ++q)
      builder.circuit().add("rx", {q}, {Angle::parameter(builder.parameter(known.betas[l]), 2)});
  }
  return builder.take();
}

VariantCircuit warm_start_circuit(const Qubo& qubo, const std::vector<double>& ones, std::size_t layers) {
  Builder builder(qubo);
  const auto known = builder.known_angles(layers);
  std::vector<double> tilts;
  for (const double p : ones) tilts.push_back(2 * std::asin(std::sqrt(p)));
  const auto tilt = [&](double sign) {
    for (int q = 0; q < builder.qubits(); ++q)
      builder.circuit().add("ry", {q}, {sign * tilts[static_cast<std::size_t>(q)]});
  };
  tilt(1);
  for (std::size_t l = 0; l < layers; ++l) {
    builder.add_phase(builder.parameter(known.gammas[l]));
    const int beta = builder.parameter(known.betas[l]);
    tilt(-1);
    for (int q = 0; q < builder.qubits(); ++q) builder.circuit().add("rz", {q}, {Angle::parameter(beta, 2)});
    tilt(1);
  }
  return builder.take();
}

VariantCircuit counterdiabatic_circuit(const Qubo& qubo, std::size_t layers) {
  Builder builder(qubo);
  const auto known = builder.known_angles(layers);
  builder.add_hadamards();
  for (std::size_t l = 0; l < layers; ++l) {
    builder.add_phase(builder.parameter(known.gammas[l]));
    builder.add_mixer(builder.parameter(known.betas[l]));
    const int alpha = builder.parameter(0);
    for (const auto& term : builder.cost().terms) {
      std::vector<int> on;
      for (const auto& letter : term.pauli.letters()) on.push_back(letter.first);
      for (std::size_t k = 0; k < on.size(); ++k) {
        std::string letters(on.size(), 'Z');
        letters[k] = 'Y';
        builder.circuit().add_pauli_rotation(letters, on, Angle::parameter(alpha, 2 * term.weight));
      }
    }
  }
  return builder.take();
}

// |s><s| between Hadamard gates is |0...0><0...0| = 2^-n times the sum of all Z strings, the empty one (a
// global phase) among them.
VariantCircuit grover_circuit(const Qubo& qubo, std::size_t layers) {
  if (qubo.size() > most_grover_qubits)
    throw InputError(fmt::format("a Grover mixer of {} qubits has 2^{} rotations: it is made for up to {}",
                                 qubo.size(), qubo.size(), most_grover_qubits));
  Builder builder(qubo);
  const double scale = coupling_scale(builder.cost(), builder.qubits());
  const auto strings = std::uint64_t{1} << qubo.size();
  builder.add_hadamards();
  for (std::size_t l = 0; l < layers; ++l) {
    builder.add_phase(builder.parameter(0.5 / scale));
    const int beta = builder.parameter(-std::numbers::pi / 2);
    builder.add_hadamards();
    for (std::uint64_t string = 1; string < strings; ++string) {
      std::vector<int> on;
      for (int q = 0; q < builder.qubits(); ++q)
        if ((string >> q & 1) != 0) on.push_back(q);
      builder.circuit().add_pauli_rotation(std::string(on.size(), 'Z'), on,
                                           Angle::parameter(beta, 2 / static_cast<double>(strings)));
    }
    builder.add_hadamards();
  }
  return builder.take();
}

}  // namespace qupel
