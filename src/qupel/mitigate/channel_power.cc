#include "qupel/mitigate/channel_power.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/pauli_frame.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel::mitigate {

bool anticommute(std::size_t a, std::size_t b) {
  int differing = 0;
  for (; a != 0 && b != 0; a >>= 2, b >>= 2) differing += (a & 3) != 0 && (b & 3) != 0 && (a & 3) != (b & 3);
  return differing % 2 == 1;
}

PauliMixture mixture_of(std::vector<int> qubits, const std::vector<double>& factors) {
  const auto paulis = factors.size();
  PauliMixture mixture{std::move(qubits), std::vector<double>(paulis), 0};
  for (std::size_t p = 0; p < paulis; ++p)
    for (std::size_t q = 0; q < paulis; ++q)
      mixture.weights[q] += (anticommute(p, q) ? -1 : 1) * factors[p] / static_cast<double>(paulis);
  for (const double weight : mixture.weights) mixture.norm += std::abs(weight);
  return mixture;
}

PauliMixtures kept_by_noise(const Job& job, std::string_view technique) {
  constexpr double least_kept = 1e-3;
  std::map<std::pair<const ChannelSpec*, std::vector<double>>, std::vector<double>> known;  // times repeat
  const CircuitNoise noise(job.circuit, job.noise);
  PauliMixtures all(job.circuit.operations().size());
  for (std::size_t k = 0; k < all.size(); ++k)
    for (const auto& step : noise.steps_after(k)) {
      auto& kept = known[{step.channel.spec, step.channel.parameters}];
      if (kept.size() != std::size_t{1} << (2 * step.qubits.size())) {
        const auto transfer = transfer_matrix(step.kraus());
        kept.clear();
        for (std::size_t p = 0; p < transfer.rows(); ++p) {
          if (transfer(p, p) < least_kept)
            throw InputError(
                fmt::format("{}: a channel ({}) keeps {:.3g} of a Pauli: too little to be undone", technique,
                            step.channel.spec->name, transfer(p, p)));
          kept.push_back(transfer(p, p));
        }
      }
      all[k].push_back({step.qubits, kept});
    }
  return all;
}

PauliMixtures power(const PauliMixtures& kept, double exponent) {
  std::map<std::vector<double>, PauliMixture> known;
  PauliMixtures all(kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k)
    for (const auto& channel : kept[k]) {
      const auto [found, fresh] = known.try_emplace(channel.weights);
      if (fresh) {
        auto factors = channel.weights;
        for (double& factor : factors) factor = exponent == -1 ? 1 / factor : std::pow(factor, exponent);
        found->second = mixture_of({}, factors);
      }
      all[k].push_back(found->second);
      all[k].back().qubits = channel.qubits;
    }
  return all;
}

double norm_of(const PauliMixtures& mixtures) {
  double norm = 1;
  for (const auto& after : mixtures)
    for (const auto& mixture : after) norm *= mixture.norm;
  return norm;
}

namespace {

struct Drawn {
  Job job;
  bool inserted = false;
};

Drawn drawn(const Job& job, const PauliMixtures& mixtures, std::uint64_t seed) {
  Random random(seed);
  PauliFrame frame(job);
  double factor = 1;
  bool inserted = false;
  const auto operations = job.circuit.operations();
  for (std::size_t k = 0; k < operations.size(); ++k) {
    frame.add(operations[k]);
    for (const auto& [qubits, weights, norm] : mixtures[k]) {
      double left = random.uniform() * norm;
      std::size_t pauli = 0;
      while (pauli + 1 < weights.size() && left >= std::abs(weights[pauli]))
        left -= std::abs(weights[pauli++]);
      factor *= weights[pauli] < 0 ? -norm : norm;
      frame.insert(PauliString::of_index(pauli), qubits);
      inserted |= pauli > 0;
    }
  }
  return {std::move(frame).take(factor), inserted};
}

double insertion_probability(const PauliMixtures& mixtures) {
  double nothing = 1;
  for (const auto& after : mixtures)
    for (const auto& mixture : after) nothing *= std::abs(mixture.weights.front()) / mixture.norm;
  return 1 - nothing;
}

}  // namespace

double add_drawn(const Job& job, const PauliMixtures& mixtures, std::size_t copies, std::uint64_t seed,
                 std::vector<Job>& jobs) {
  bool inserted = false;
  for (std::size_t i = 0; i < copies; ++i) {
    auto copy = drawn(job, mixtures, derive(seed, {i}));
    inserted |= copy.inserted;
    jobs.push_back(std::move(copy.job));
  }
  return inserted ? 0 : insertion_probability(mixtures);
}

}  // namespace qupel::mitigate
