#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/decompositions.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/combining.h"
#include "qupel/mitigate/damping.h"
#include "qupel/mitigate/folding.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

struct RegressionSettings {
  std::size_t circuits = 24;
  double kept = 0.5;                 ///< share of angles that stay as they are
  std::vector<double> scales = {1};  ///< noise factors; the first is 1
};

/// The angle, or one of a Clifford gate near it; where it is open, any.
Angle training_angle(const Angle& angle, const OpSpec& spec, double kept, Random& random) {
  const bool stays = random.uniform() < kept;
  const double value =
      angle.slot.kind == Slot::Kind::none ? angle.offset : random.uniform(0, 2 * std::numbers::pi);
  if (stays) return value;
  const bool halves = std::ranges::find(spec.spectrum, 0.5) != spec.spectrum.end();  // controlled rotations
  const double step = halves ? std::numbers::pi : std::numbers::pi / 2;
  return std::round(value / step) * step;
}

Circuit training_circuit(const Circuit& circuit, double kept, std::uint64_t seed) {
  Random random(seed);
  Circuit made = circuit.without_operations();
  for (auto operation : circuit.operations()) {
    for (auto& angle : operation.angles) angle = training_angle(angle, *operation.spec, kept, random);
    made.add(std::move(operation));
  }
  return made;
}

/// A linear map from noisy values at some noise factors to a noiseless one, learned from examples.
class Regression {
 public:
  /// @param noisy examples x factors, `variances` of their errors @param ideal by example
  /// With one factor the map has a constant (Czarnik et al.), with several it has none (Lowe et al.). Where
  /// the examples tell nothing (their noisy values are equal within errors) it is the identity.
  Regression(const Eigen::MatrixXd& noisy, const Eigen::VectorXd& ideal, double mean_variance) {
    const auto examples = noisy.rows();
    constexpr double equal = 1e-8;
    const double spread = (noisy.col(0).array() - noisy.col(0).mean()).square().mean();
    if (spread < std::max(equal, 2 * mean_variance)) return;
    Eigen::MatrixXd inputs = noisy;
    if (noisy.cols() == 1) {
      inputs.conservativeResize(examples, 2);
      inputs.col(1).setOnes();
    }
    const Eigen::MatrixXd inverse = pseudo_inverse(inputs);
    map_ = inverse * ideal;
    const auto free = std::max<Eigen::Index>(1, examples - inputs.cols());
    const double residual = (inputs * map_ - ideal).squaredNorm() / static_cast<double>(free);
    covariance_ = residual * inverse * inverse.transpose();
  }

  /// Of values with these errors (none: exact).
  std::pair<double, double> apply(std::span<const double> values, std::span<const double> errors) const {
    if (map_.size() == 0) return {values[0], errors.empty() ? 0 : errors[0]};
    Eigen::VectorXd inputs = Eigen::VectorXd::Ones(map_.size());
    double variance = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      inputs(static_cast<Eigen::Index>(i)) = values[i];
      if (!errors.empty()) variance += std::pow(map_(static_cast<Eigen::Index>(i)) * errors[i], 2);
    }
    return {inputs.dot(map_), std::sqrt(variance + inputs.dot(covariance_ * inputs))};
  }

 private:
  Eigen::VectorXd map_;  // empty: the identity
  Eigen::MatrixXd covariance_;
};

class CliffordDataRegression : public Mitigation {
 public:
  explicit CliffordDataRegression(RegressionSettings settings) : settings_(std::move(settings)) {}

  std::string_view name() const override { return "cdr"; }

  /// Of one noise factor as it would be for depolarizing noise, of several as for a straight line.
  Overhead overhead(const Job& job) const override {
    const auto factors = static_cast<double>(settings_.scales.size());
    double variance = std::pow(damping(job), -2);
    if (settings_.scales.size() > 1) {
      variance = 0;
      for (const double weight : weights(settings_.scales, linear_fit)) variance += weight * weight;
    }
    return {.circuits = factors,
            .variance = variance,
            .learning_circuits = factors * static_cast<double>(settings_.circuits)};
  }

  MitigationPlan plan(const Job& job, const RunJobs& run) const override {
    MitigationPlan plan{at_all_scales(job), {}};
    plan.combine = [learned = learn(job, run),
                    ranges = ranges_of(job.observables)](std::span<const Estimate> results) {
      std::size_t o = 0;
      return combined(results, ranges, [&](auto values, auto errors, const Range& range) {
        const auto found = learned[o++].apply(values, errors);
        if (believed(found.first, found.second, range)) return found;
        return std::pair(values[0], errors.empty() ? 0.0 : errors[0]);
      });
    };
    return plan;
  }

 private:
  std::vector<Job> at_all_scales(const Job& job) const {
    std::vector<Job> jobs;
    for (const double scale : settings_.scales) {
      jobs.push_back(job);
      jobs.back().circuit = folded(job.circuit, scale).circuit;
    }
    return jobs;
  }

  /// By observable.
  std::vector<Regression> learn(const Job& job, const RunJobs& run) const {
    const auto examples = static_cast<Eigen::Index>(settings_.circuits),
               factors = static_cast<Eigen::Index>(settings_.scales.size());
    std::vector<Job> jobs;
    std::vector<std::vector<double>> ideal;
    for (std::size_t t = 0; t < settings_.circuits; ++t) {
      auto example = job;
      example.circuit = training_circuit(job.circuit, settings_.kept, derive(job.seed, {key_of("cdr"), t}));
      for (auto& each : at_all_scales(example)) jobs.push_back(std::move(each));
      example.noise = {};
      example.trajectories = 0;
      ideal.push_back(qupel::run(example).expectations);
    }
    const auto noisy = run(jobs);
    std::vector<Regression> learned;
    for (std::size_t o = 0; o < job.observables.size(); ++o) {
      Eigen::MatrixXd inputs(examples, factors);
      Eigen::VectorXd wanted(examples);
      double variance = 0;
      for (Eigen::Index t = 0; t < examples; ++t) {
        wanted(t) = ideal[static_cast<std::size_t>(t)][o];
        for (Eigen::Index f = 0; f < factors; ++f) {
          const auto& result = noisy[static_cast<std::size_t>(t * factors + f)];
          inputs(t, f) = result.values[o];
          if (f == 0 && !result.errors.empty())
            variance += result.errors[o] * result.errors[o] / static_cast<double>(examples);
        }
      }
      learned.emplace_back(inputs, wanted, std::isfinite(variance) ? variance : 1);
    }
    return learned;
  }

  RegressionSettings settings_;
};

std::unique_ptr<Mitigation> make_clifford_data_regression(std::string_view text) {
  const Options options("cdr", text);
  options.require_known({"", "keep", "scales"});
  RegressionSettings settings;
  settings.circuits = options.whole("", settings.circuits, 4, 10'000, "the number of training circuits");
  settings.kept = options.number("keep", settings.kept, 0, 1, "the share of angles that are kept");
  if (const auto* scales = options.find("scales")) {
    settings.scales = scales->numbers;
    if (settings.scales.size() < 2 || settings.scales.size() >= settings.circuits)
      options.fail("variable noise takes at least 2 factors, and fewer than training circuits");
    for (std::size_t i = 0; i < settings.scales.size(); ++i)
      if (i == 0 ? settings.scales[i] != 1
                 : !(settings.scales[i] > settings.scales[i - 1] && settings.scales[i] <= 99))
        options.fail("noise factors begin with 1 and ascend to 99 at most, as in cdr(scales 1 3)");
  }
  return std::make_unique<CliffordDataRegression>(std::move(settings));
}

}  // namespace

const MitigationSpec clifford_data_regression{
    .name = "cdr",
    .summary =
        "learns how noise changes values from circuits like this one that this computer can run exactly",
    .source =
        "Czarnik et al., Quantum 5, 592 (2021), arXiv:2005.10189; variable noise: Lowe et al., Phys. Rev. "
        "Research 3, 033098 (2021), arXiv:2011.01157",
    .assumes =
        "noise does to the circuit what it does to those in which some angles are those of Clifford gates; they "
        "run exactly here, so the circuit is not too wide for that; where they tell nothing, the value stays as "
        "it is",
    .options =
        "the number of training circuits; the share of angles that they keep; noise factors, for variable "
        "noise: \"24, keep 0.5\", \"24, scales 1 3\"",
    .order = 8,
    .make = make_clifford_data_regression};

}  // namespace qupel::mitigate
