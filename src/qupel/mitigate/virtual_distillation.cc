#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/circuit/shot_estimator.h"
#include "qupel/mitigate/combining.h"
#include "qupel/mitigate/damping.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

constexpr int most_qubits = 6;

std::size_t power_of(std::size_t base, int exponent) {
  std::size_t value = 1;
  for (; exponent > 0; --exponent) value *= base;
  return value;
}

/// The strings (numbered as PauliString::of_index) that measuring a letter X, Y or Z on each qubit gives.
/// @param basis its digits, base 3
std::vector<std::size_t> strings_in(std::size_t basis, int qubits) {
  std::vector<std::size_t> strings{0};
  for (int q = 0; q < qubits; ++q, basis /= 3)
    for (std::size_t i = 0, size = strings.size(); i < size; ++i)
      strings.push_back(strings[i] | (basis % 3 + 1) << (2 * q));
  return strings;
}

/// Adds weight P, for a string of at most 64 qubits.
void add_string(double weight, const PauliString& string, Eigen::MatrixXcd& matrix) {
  const auto word = string.word();
  static constexpr Complex turns[] = {1, {0, 1}, -1, {0, -1}};
  for (std::uint64_t column = 0; column < static_cast<std::uint64_t>(matrix.cols()); ++column)
    matrix(static_cast<Eigen::Index>(column ^ word.x), static_cast<Eigen::Index>(column)) +=
        weight * turns[word.phase] * (odd(word.z & column) ? -1.0 : 1.0);
}

/// tr(P M), real for Hermitian M.
double trace_with(const PauliString& string, const Eigen::MatrixXcd& matrix) {
  const auto word = string.word();
  static constexpr Complex turns[] = {1, {0, 1}, -1, {0, -1}};
  Complex sum = 0;
  for (std::uint64_t column = 0; column < static_cast<std::uint64_t>(matrix.cols()); ++column)
    sum += (odd(word.z & column) ? -1.0 : 1.0) *
           matrix(static_cast<Eigen::Index>(column), static_cast<Eigen::Index>(column ^ word.x));
  return (turns[word.phase] * sum).real();
}

/// Expectation values of all strings, and the variances of their estimates.
struct Measured {
  std::vector<double> values, variances;
};

/// A state rho by the values of all strings; squares of estimates are freed of what their variance adds.
class SquaredState {
 public:
  SquaredState(const Measured& measured, int qubits)
      : measured_(measured), size_(Eigen::Index{1} << qubits), state_(Eigen::MatrixXcd::Zero(size_, size_)) {
    const auto d = static_cast<double>(size_);
    for (std::size_t p = 0; p < measured.values.size(); ++p) {
      add_string(measured.values[p] / d, PauliString::of_index(p), state_);
      purity_ += measured.values[p] * measured.values[p] / d;
      variances_ += measured.variances[p] / d;
    }
    purity_ = std::max(purity_ - variances_, 1 / d);
  }

  /// tr(O rho^2) / tr(rho^2) within the range of O, and its standard error.
  std::pair<double, double> value(const Observable& observable) const {
    Eigen::MatrixXcd matrix = Eigen::MatrixXcd::Zero(size_, size_);
    double constant = 0;
    for (const auto& [weight, string] : observable.terms) {
      add_string(weight, string, matrix);
      if (string.identity()) constant += weight;
    }
    const Eigen::MatrixXcd both = (matrix * state_ + state_ * matrix) / 2;
    const double value = ((both * state_).trace().real() - constant * variances_) / purity_;
    const auto range = range_of(observable);
    return {std::clamp(value, range.low, range.high), error(both, value)};
  }

 private:
  /// By the derivative of the value in that of each string. @param both (O rho + rho O) / 2
  double error(const Eigen::MatrixXcd& both, double value) const {
    double variance = 0;
    for (std::size_t p = 1; p < measured_.values.size(); ++p) {
      if (measured_.variances[p] == 0) continue;
      const double slope = 2 / (static_cast<double>(size_) * purity_) *
                           (trace_with(PauliString::of_index(p), both) - value * measured_.values[p]);
      variance += measured_.variances[p] * slope * slope;
    }
    return std::sqrt(variance);
  }

  const Measured& measured_;
  Eigen::Index size_;
  Eigen::MatrixXcd state_;
  double purity_ = 0, variances_ = 0;
};

class VirtualDistillation : public Mitigation {
 public:
  std::string_view name() const override { return "vd"; }

  Overhead overhead(const Job& job) const override {
    require_few(job.circuit.qubits());
    const auto groups = ShotEstimator(job.observables).groups().size();
    return {.circuits = static_cast<double>(power_of(3, job.circuit.qubits())) /
                        static_cast<double>(std::max<std::size_t>(1, groups)),
            .variance = std::pow(damping(job), -2)};
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    const int qubits = job.circuit.qubits();
    require_few(qubits);
    MitigationPlan plan;
    for (std::size_t basis = 0; basis < power_of(3, qubits); ++basis) {
      auto& each = plan.jobs.emplace_back(job);
      each.observables.clear();
      for (const auto string : strings_in(basis, qubits))
        if (string != 0) each.observables.push_back({{{1, PauliString::of_index(string)}}});
    }
    plan.combine = [qubits, observables = job.observables](std::span<const Estimate> results) {
      return distilled(measured(results, qubits), qubits, !results.front().errors.empty(), observables);
    };
    return plan;
  }

 private:
  static void require_few(int qubits) {
    if (qubits > most_qubits)
      throw InputError(fmt::format(
          "vd: {} qubits would take {:.3g} measured bases; virtual distillation takes up to {} qubits here: use "
          "another technique",
          qubits, std::pow(3, qubits), most_qubits));
  }

  /// The mean over all bases that give a string.
  static Measured measured(std::span<const Estimate> results, int qubits) {
    const auto strings = power_of(4, qubits);
    Measured found{std::vector<double>(strings), std::vector<double>(strings)};
    std::vector<double> times(strings);
    for (std::size_t basis = 0; basis < results.size(); ++basis) {
      std::size_t next = 0;
      for (const auto string : strings_in(basis, qubits)) {
        if (string == 0) continue;
        found.values[string] += results[basis].values[next];
        if (!results[basis].errors.empty())
          found.variances[string] += std::pow(results[basis].errors[next], 2);
        ++times[string];
        ++next;
      }
    }
    for (std::size_t p = 1; p < strings; ++p) {
      found.values[p] /= times[p];
      found.variances[p] /= times[p] * times[p];
    }
    found.values[0] = 1;
    return found;
  }

  /// tr(O rho^2) / tr(rho^2).
  static Estimate distilled(const Measured& measured, int qubits, bool with_errors,
                            std::span<const Observable> observables) {
    const SquaredState state(measured, qubits);
    Estimate estimate;
    for (const auto& observable : observables) {
      const auto [value, error] = state.value(observable);
      estimate.values.push_back(value);
      if (with_errors) estimate.errors.push_back(error);
    }
    return estimate;
  }
};

}  // namespace

const MitigationSpec virtual_distillation{
    .name = "vd",
    .summary = "values in the squared state, whose largest part is nearer to the noiseless one",
    .source =
        "Huggins et al., Phys. Rev. X 11, 041036 (2021), arXiv:2011.07064; from measurements of single copies: "
        "Seif et al., PRX Quantum 4, 010303 (2023), arXiv:2203.07309",
    .assumes =
        "the noiseless state is pure, and errors lead to states orthogonal to it; up to 6 qubits, as all 3^n "
        "products of X, Y and Z are measured in place of two copies that are joined",
    .options = "",
    .make = [](std::string_view text) -> std::unique_ptr<Mitigation> {
      Options("vd", text).require_known({});
      return std::make_unique<VirtualDistillation>();
    }};

}  // namespace qupel::mitigate
