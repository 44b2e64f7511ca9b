#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/records.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel::mitigate {
namespace {

/// The inverse of a channel's Pauli part as a mixture of Paulis with signs: Pauli P (numbered as
/// PauliString::of_index) happens with probability |weight| / norm, and the result counts with norm times the
/// sign.
struct Inverse {
  std::vector<double> weights;
  double norm = 1;
};

/// How often the letters of two strings differ where both act: they anticommute if that is odd.
bool anticommute(std::size_t a, std::size_t b) {
  int differing = 0;
  for (; a != 0 && b != 0; a >>= 2, b >>= 2) differing += (a & 3) != 0 && (b & 3) != 0 && (a & 3) != (b & 3);
  return differing % 2 == 1;
}

/// @throws InputError for a channel that keeps too little of some Pauli to be undone
Inverse inverse_of(const NoiseStep& step) {
  constexpr double least_kept = 1e-3;
  const auto transfer = transfer_matrix(step.kraus());
  const auto paulis = transfer.rows();
  Inverse inverse{std::vector<double>(paulis), 0};
  for (std::size_t p = 0; p < paulis; ++p) {
    if (transfer(p, p) < least_kept)
      throw InputError(fmt::format("pec: a channel ({}) keeps {:.3g} of a Pauli: too little to be undone",
                                   step.channel.spec->name, transfer(p, p)));
    for (std::size_t q = 0; q < paulis; ++q)
      inverse.weights[q] += (anticommute(p, q) ? -1 : 1) / transfer(p, p) / static_cast<double>(paulis);
  }
  for (const double weight : inverse.weights) inverse.norm += std::abs(weight);
  return inverse;
}

/// What follows each operation, ready to be drawn from.
struct Undoing {
  std::vector<int> qubits;
  Inverse inverse;
};

std::vector<std::vector<Undoing>> undoings(const Job& job) {
  std::map<std::pair<const ChannelSpec*, std::vector<double>>, Inverse> known;  // times repeat all over
  const CircuitNoise noise(job.circuit, job.noise);
  std::vector<std::vector<Undoing>> all(job.circuit.operations().size());
  for (std::size_t k = 0; k < all.size(); ++k)
    for (const auto& step : noise.steps_after(k)) {
      auto& inverse = known[{step.channel.spec, step.channel.parameters}];
      if (inverse.weights.size() != std::size_t{1} << (2 * step.qubits.size())) inverse = inverse_of(step);
      all[k].push_back({step.qubits, inverse});
    }
  return all;
}

/// A circuit with Paulis drawn after its noise. Each is carried out as a part of the next gate on its qubit,
/// as devices do, and so adds no noise; those that no gate follows turn signs of what is measured.
class Drawn {
 public:
  Drawn(const Job& job, const std::vector<std::vector<Undoing>>& undoings, std::uint64_t seed)
      : random_(seed), result_(job), pending_(static_cast<std::size_t>(job.circuit.qubits())) {
    result_.circuit = job.circuit.without_operations();
    const auto operations = job.circuit.operations();
    for (std::size_t k = 0; k < operations.size(); ++k) {
      add(operations[k]);
      for (const auto& undoing : undoings[k]) draw(undoing);
    }
    sign_observables();
  }
  Job take() { return std::move(result_); }

 private:
  static const char* gate_of(std::size_t letter) { return letter == 1 ? "x" : letter == 2 ? "y" : "z"; }

  void add(Operation operation) {
    std::vector<int> qubits;
    for (const int q : operation.qubits)
      if (operation.spec->gate() && pending_[static_cast<std::size_t>(q)] != 0) qubits.push_back(q);
    if (!qubits.empty()) {
      const auto whole = std::make_shared<const CompositeGate>(
          CompositeGate{std::string(operation.spec->name), operation.qubits, qubits.size() + 1});
      for (std::size_t i = 0; i < qubits.size(); ++i) {
        auto& letter = pending_[static_cast<std::size_t>(qubits[i])];
        Operation pauli{&qupel::operation(gate_of(letter)), {qubits[i]}, {}, {}};
        pauli.part = {whole, i};
        result_.circuit.add(std::move(pauli));
        letter = 0;
      }
      operation.part = {whole, qubits.size()};
    }
    result_.circuit.add(std::move(operation));
  }

  void draw(const Undoing& undoing) {
    const auto& [weights, norm] = undoing.inverse;
    double left = random_.uniform() * norm;
    std::size_t drawn = 0;
    while (drawn + 1 < weights.size() && left >= std::abs(weights[drawn])) left -= std::abs(weights[drawn++]);
    factor_ *= weights[drawn] < 0 ? -norm : norm;
    // Letters multiply as their numbers' Gray codes add: X = 01, Y = 11, Z = 10.
    const auto bits = [](std::size_t letter) { return letter ^ (letter >> 1); };
    for (const int q : undoing.qubits) {
      auto& pending = pending_[static_cast<std::size_t>(q)];
      const auto product = bits(pending) ^ bits(drawn & 3);
      pending = product ^ (product >> 1);
      drawn >>= 2;
    }
  }

  void sign_observables() {
    PauliString last;
    for (std::size_t q = 0; q < pending_.size(); ++q)
      if (pending_[q] != 0) last.set(static_cast<int>(q), "IXYZ"[pending_[q]]);
    for (auto& observable : result_.observables)
      for (auto& term : observable.terms) {
        bool turned = false;
        for (const auto& [q, letter] : last.letters()) {
          const char other = term.pauli.letter(q);
          if (other != 'I' && other != letter) turned = !turned;
        }
        term.weight *= turned ? -factor_ : factor_;
      }
  }

  Random random_;
  Job result_;
  std::vector<std::size_t> pending_;  // letter by qubit
  double factor_ = 1;
};

class ErrorCancellation : public Mitigation {
 public:
  explicit ErrorCancellation(std::size_t circuits) : circuits_(circuits) {}

  std::string_view name() const override { return "pec"; }

  Overhead overhead(const Job& job) const override {
    const double norm = norm_of(job);
    return {static_cast<double>(circuits_), norm * norm / static_cast<double>(circuits_)};
  }

  std::vector<Job> expand(const Job& job) const override {
    const auto all = undoings(job);
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < circuits_; ++i)
      jobs.push_back(Drawn(job, all, derive(job.seed, {key_of("pec"), i})).take());
    return jobs;
  }

  /// The mean over the circuits drawn; its error is that of a mean, from their spread.
  Estimate combine(const Job&, std::span<const Estimate> results) const override {
    Estimate estimate;
    const auto n = static_cast<double>(results.size());
    for (std::size_t o = 0; o < results.front().values.size(); ++o) {
      double mean = 0, square = 0;
      for (const auto& result : results) mean += result.values[o] / n;
      for (const auto& result : results) square += (result.values[o] - mean) * (result.values[o] - mean);
      estimate.values.push_back(mean);
      estimate.errors.push_back(std::sqrt(square / (n - 1) / n));
    }
    return estimate;
  }

 private:
  static double norm_of(const Job& job) {
    double norm = 1;
    for (const auto& after : undoings(job))
      for (const auto& undoing : after) norm *= undoing.inverse.norm;
    return norm;
  }

  std::size_t circuits_;
};

std::unique_ptr<Mitigation> make(std::string_view options) {
  std::size_t circuits = 100;
  if (!options.empty()) {
    const auto [end, error] = std::from_chars(options.data(), options.data() + options.size(), circuits);
    if (error != std::errc{} || end != options.data() + options.size() || circuits < 2 ||
        circuits > 1'000'000)
      throw InputError(
          fmt::format("pec({}): the number of circuits is a whole number from 2 to 1000000", options));
  }
  return std::make_unique<ErrorCancellation>(circuits);
}

}  // namespace

const MitigationSpec probabilistic_error_cancellation{
    .name = "pec",
    .summary = "inserts Paulis by chance, with signs, so that on average the inverse of the noise acts",
    .source =
        "Temme, Bravyi and Gambetta, Phys. Rev. Lett. 119, 180509 (2017); van den Berg et al., Nature "
        "Physics 19, 1116 (2023)",
    .assumes = "noise is known, and is what its Pauli part says: what relaxation does beyond that is left",
    .options = "the number of circuits that are drawn: \"100\"",
    .order = 20,
    .make = make};

}  // namespace qupel::mitigate
