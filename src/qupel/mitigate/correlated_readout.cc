#include <fmt/format.h>

#include <Eigen/Core>
#include <bit>
#include <cmath>
#include <map>
#include <set>

#include "qupel/base/decompositions.h"
#include "qupel/base/error.h"
#include "qupel/mitigate/native_gates.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/readout_overhead.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

/// Qubits that are read with errors that depend on each other, and the inverse of what reading them does to
/// products of Z: row S, column T (bit masks of its qubits).
struct Block {
  std::vector<int> qubits;
  Eigen::MatrixXd inverse;
};

std::vector<Block> blocks_of(const Job& job, std::size_t most) {
  std::set<int> measured;
  for (const auto& observable : job.observables)
    for (const auto& term : observable.terms)
      for (const auto& [q, letter] : term.pauli.letters()) measured.insert(q);
  std::vector<Block> blocks;
  for (const int q : measured) {
    if (blocks.empty() || blocks.back().qubits.size() == most) blocks.emplace_back();
    blocks.back().qubits.push_back(q);
  }
  return blocks;
}

Observable product_of_z(const Block& block, std::size_t mask) {
  std::vector<int> members;
  for (std::size_t k = 0; k < block.qubits.size(); ++k)
    if (mask >> k & 1) members.push_back(block.qubits[k]);
  return Observable::parity(members);
}

/// Basis state b of every block (as many of its bits as it has qubits).
Job prepared(const Job& job, const std::vector<Block>& blocks, std::size_t state) {
  auto made = job;
  made.circuit = job.circuit.without_operations();
  made.observables.clear();
  for (const auto& block : blocks) {
    for (std::size_t k = 0; k < block.qubits.size(); ++k)
      if (state >> k & 1) add_pauli('X', block.qubits[k], job.noise, made.circuit);
    for (std::size_t mask = 1; mask < std::size_t{1} << block.qubits.size(); ++mask)
      made.observables.push_back(product_of_z(block, mask));
  }
  return made;
}

/// Reading turns <Z_S> into sum_T R(S, T) <Z_T>. R is found from basis states, for which every <Z_T> is 1 or
/// -1.
void learn(std::vector<Block>& blocks, const Job& job, std::size_t most, const RunJobs& run) {
  constexpr double least = 0.01;
  std::vector<Job> jobs;
  for (std::size_t state = 0; state < std::size_t{1} << most; ++state)
    jobs.push_back(prepared(job, blocks, state));
  const auto seen = run(jobs);
  std::size_t first = 0;  // of the block's products among the observables
  for (auto& block : blocks) {
    const auto size = Eigen::Index{1} << block.qubits.size();
    Eigen::MatrixXd read(size, size), right(size, size);
    for (Eigen::Index state = 0; state < size; ++state)
      for (Eigen::Index mask = 0; mask < size; ++mask) {
        read(mask, state) =
            mask == 0
                ? 1
                : seen[static_cast<std::size_t>(state)].values[first + static_cast<std::size_t>(mask) - 1];
        right(mask, state) = std::popcount(static_cast<std::size_t>(mask & state)) % 2 == 0 ? 1 : -1;
      }
    const Eigen::MatrixXd change = read * right / static_cast<double>(size);  // right is its own inverse
    // The smallest singular value, the root of the smallest eigenvalue of the square.
    const double smallest = std::sqrt(std::max(0.0, symmetric_eigen(change.transpose() * change).values[0]));
    if (!(smallest > least))
      throw InputError(fmt::format(
          "correlated-readout: what is read of the qubits from {} on says too little about their states "
          "(smallest singular value {:.3g}): leave readout mitigation out or use other qubits",
          block.qubits.front(), smallest));
    block.inverse = pseudo_inverse(change);
    first += static_cast<std::size_t>(size) - 1;
  }
}

/// As if reading were perfect. Qubits of a block without a letter of the term are read in Z.
Observable unfolded(const Observable& observable, const std::vector<Block>& blocks) {
  constexpr std::size_t most_terms = std::size_t{1} << 20;
  constexpr double negligible = 1e-13;
  std::vector<Observable::Term> all;
  for (const auto& term : observable.terms) {
    std::vector<Observable::Term> parts{{term.weight, {}}};
    for (const auto& block : blocks) {
      std::size_t mask = 0;
      for (std::size_t k = 0; k < block.qubits.size(); ++k)
        if (term.pauli.letter(block.qubits[k]) != 'I') mask |= std::size_t{1} << k;
      if (mask == 0) continue;
      std::vector<Observable::Term> longer;
      for (const auto& part : parts)
        for (Eigen::Index t = 0; t < block.inverse.cols(); ++t) {
          const double weight = part.weight * block.inverse(static_cast<Eigen::Index>(mask), t);
          if (std::abs(weight) < negligible) continue;
          longer.push_back({weight, part.pauli});
          for (std::size_t k = 0; k < block.qubits.size(); ++k)
            if (static_cast<std::size_t>(t) >> k & 1) {
              const char letter = term.pauli.letter(block.qubits[k]);
              longer.back().pauli.set(block.qubits[k], letter == 'I' ? 'Z' : letter);
            }
        }
      parts = std::move(longer);
      if (all.size() + parts.size() > most_terms)
        throw InputError(fmt::format("correlated-readout: {} terms become more than {}; use smaller blocks",
                                     observable.terms.size(), most_terms));
    }
    all.insert(all.end(), parts.begin(), parts.end());
  }
  return collected(all);
}

class CorrelatedReadout : public Mitigation {
 public:
  explicit CorrelatedReadout(std::size_t most) : most_(most) {}

  std::string_view name() const override { return "correlated-readout"; }

  Overhead overhead(const Job& job) const override {
    return {.variance = readout_variance(job),
            .learning_circuits = static_cast<double>(std::size_t{1} << most_)};
  }

  MitigationPlan plan(const Job& job, const RunJobs& run) const override {
    auto blocks = blocks_of(job, most_);
    learn(blocks, job, most_, run);
    MitigationPlan plan{{job}, [](std::span<const Estimate> results) { return results.front(); }};
    for (auto& observable : plan.jobs.front().observables) observable = unfolded(observable, blocks);
    return plan;
  }

 private:
  std::size_t most_;
};

}  // namespace

const MitigationSpec correlated_readout{
    .name = "correlated-readout",
    .summary = "measures how a few qubits together are misread, and inverts the whole confusion matrix",
    .source = "Bravyi et al., Phys. Rev. A 103, 042605 (2021), arXiv:2006.14044, section III",
    .assumes =
        "readout errors depend on each other within blocks of measured qubits, in their order, only; basis "
        "states are prepared without errors; errors of what was learned are not in the standard error",
    .options = "how many qubits a block has, for which 2 to that power circuits run once: \"2\"",
    .order = 30,
    .corrects = "readout",
    .make = [](std::string_view text) -> std::unique_ptr<Mitigation> {
      const Options options("correlated-readout", text);
      options.require_known({""});
      return std::make_unique<CorrelatedReadout>(
          options.whole("", 2, 1, 6, "the number of qubits of a block"));
    }};

}  // namespace qupel::mitigate
