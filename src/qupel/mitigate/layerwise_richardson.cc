#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "qupel/base/decompositions.h"
#include "qupel/mitigate/combining.h"
#include "qupel/mitigate/gate_units.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

using Exponents = std::vector<int>;  // one a chunk

/// All with a sum of at most the degree, the zeros first.
std::vector<Exponents> exponents_up_to(int degree, std::size_t chunks) {
  std::vector<Exponents> all{{}};
  for (std::size_t c = 0; c < chunks; ++c) {
    std::vector<Exponents> longer;
    for (const auto& each : all) {
      int sum = 0;
      for (const int e : each) sum += e;
      for (int e = 0; sum + e <= degree; ++e) {
        longer.push_back(each);
        longer.back().push_back(e);
      }
    }
    all = std::move(longer);
  }
  return all;
}

/// Chunk c is folded folds[c] times: its noise is 1 + 2 folds[c] times as strong. The polynomial through all
/// values, at no noise in any chunk, is the sum of these weights times values.
std::vector<double> layerwise_weights(const std::vector<Exponents>& all) {
  const auto size = static_cast<Eigen::Index>(all.size());
  Eigen::MatrixXd monomials(size, size);
  for (Eigen::Index i = 0; i < size; ++i)
    for (Eigen::Index j = 0; j < size; ++j) {
      monomials(i, j) = 1;
      for (std::size_t c = 0; c < all.front().size(); ++c)
        monomials(i, j) *=
            std::pow(1 + 2 * all[static_cast<std::size_t>(i)][c], all[static_cast<std::size_t>(j)][c]);
    }
  const Eigen::VectorXd found = solution(monomials.transpose(), Eigen::VectorXd::Unit(size, 0));
  return {found.begin(), found.end()};
}

class LayerwiseRichardson : public Mitigation {
 public:
  LayerwiseRichardson(int degree, std::size_t chunks) : degree_(degree), chunks_(chunks) {}

  std::string_view name() const override { return "lre"; }

  Overhead overhead(const Job& job) const override {
    const auto all = exponents_up_to(degree_, chunks_of(job).size());
    Overhead overhead{.circuits = static_cast<double>(all.size()), .variance = 0};
    for (const double weight : layerwise_weights(all)) overhead.variance += weight * weight;
    return overhead;
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    MitigationPlan plan;
    const auto chunks = chunks_of(job);
    const auto all = exponents_up_to(degree_, chunks.size());
    for (const auto& folds : all) {
      plan.jobs.push_back(job);
      auto& circuit = plan.jobs.back().circuit;
      circuit = job.circuit.without_operations();
      for (std::size_t c = 0; c < chunks.size(); ++c) add_folded(chunks[c], folds[c], circuit);
    }
    plan.combine = [by_value = layerwise_weights(all),
                    ranges = ranges_of(job.observables)](std::span<const Estimate> results) {
      return combined(results, ranges, [&](auto values, auto errors, const Range& range) {
        double value = 0, variance = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
          value += by_value[i] * values[i];
          if (!errors.empty()) variance += std::pow(by_value[i] * errors[i], 2);
        }
        if (believed(value, std::sqrt(variance), range)) return std::pair(value, std::sqrt(variance));
        return std::pair(values[0], errors.empty() ? 0.0 : errors[0]);
      });
    };
    return plan;
  }

 private:
  using Chunk = std::vector<GateUnit>;

  /// As many as there are layers at most; layers are shared out evenly.
  std::vector<Chunk> chunks_of(const Job& job) const {
    job.circuit.require_unitary();
    const auto layers = layers_of(job.circuit);
    std::vector<Chunk> chunks(std::max<std::size_t>(1, std::min(chunks_, layers.size())));
    for (std::size_t l = 0; l < layers.size(); ++l) {
      auto& chunk = chunks[l * chunks.size() / layers.size()];
      chunk.insert(chunk.end(), layers[l].begin(), layers[l].end());
    }
    return chunks;
  }

  static void add_folded(const Chunk& chunk, int folds, Circuit& circuit) {
    for (const auto& unit : chunk) add(unit, circuit);
    for (int fold = 0; fold < folds; ++fold) {
      for (std::size_t k = chunk.size(); k-- > 0;) add_inverse(chunk[k], circuit);
      for (const auto& unit : chunk) add(unit, circuit);
    }
  }

  int degree_;
  std::size_t chunks_;
};

std::unique_ptr<Mitigation> make_layerwise_richardson(std::string_view text) {
  const Options options("lre", text);
  options.require_known({"degree", "chunks"});
  const auto degree = static_cast<int>(options.whole("degree", 2, 1, 4, "the degree"));
  return std::make_unique<LayerwiseRichardson>(degree,
                                               options.whole("chunks", 3, 1, 12, "the number of chunks"));
}

}  // namespace

const MitigationSpec layerwise_richardson{
    .name = "lre",
    .summary =
        "makes parts of the circuit noisier one apart from another and extrapolates in all of them at once",
    .source = "Russo and Mari, Phys. Rev. A 110, 062420 (2024), arXiv:2402.04000",
    .assumes =
        "values are a polynomial of the degree in the noise of each part; a value that is not to be believed "
        "gives way to that without mitigation",
    .options =
        "the degree of the polynomial; into how many parts the layers are shared out: \"degree 2, chunks 3\"",
    .order = 9,
    .make = make_layerwise_richardson};

}  // namespace qupel::mitigate
