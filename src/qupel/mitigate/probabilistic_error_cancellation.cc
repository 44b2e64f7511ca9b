#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/pauli_frame.h"
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

/// The job with Paulis drawn after its noise.
Job drawn(const Job& job, const std::vector<std::vector<Undoing>>& undoings, std::uint64_t seed) {
  Random random(seed);
  PauliFrame frame(job);
  double factor = 1;
  const auto operations = job.circuit.operations();
  for (std::size_t k = 0; k < operations.size(); ++k) {
    frame.add(operations[k]);
    for (const auto& [qubits, inverse] : undoings[k]) {
      double left = random.uniform() * inverse.norm;
      std::size_t pauli = 0;
      while (pauli + 1 < inverse.weights.size() && left >= std::abs(inverse.weights[pauli]))
        left -= std::abs(inverse.weights[pauli++]);
      factor *= inverse.weights[pauli] < 0 ? -inverse.norm : inverse.norm;
      frame.insert(PauliString::of_index(pauli), qubits);
    }
  }
  return std::move(frame).take(factor);
}

class ErrorCancellation : public Mitigation {
 public:
  explicit ErrorCancellation(std::size_t circuits) : circuits_(circuits) {}

  std::string_view name() const override { return "pec"; }

  Overhead overhead(const Job& job) const override {
    const double norm = norm_of(job);
    return {static_cast<double>(circuits_), norm * norm / static_cast<double>(circuits_)};
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    const auto all = undoings(job);
    MitigationPlan plan{{}, mean_of_draws};
    for (std::size_t i = 0; i < circuits_; ++i)
      plan.jobs.push_back(drawn(job, all, derive(job.seed, {key_of("pec"), i})));
    return plan;
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
  return std::make_unique<ErrorCancellation>(circuits_drawn("pec", options, 100));
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
