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

  /// tr(O rho^2) / tr(rho^2); squares of estimates are freed of what their variance adds.
  static Estimate distilled(const Measured& measured, int qubits, bool with_errors,
                            std::span<const Observable> observables) {
    const auto size = Eigen::Index{1} << qubits;
    const double d = static_cast<double>(size);
    Eigen::MatrixXcd state = Eigen::MatrixXcd::Zero(size, size);
    double purity = 0;
    for (std::size_t p = 0; p < measured.values.size(); ++p) {
      add_string(measured.values[p] / d, PauliString::of_index(p), state);
      purity += (measured.values[p] * measured.values[p] - measured.variances[p]) / d;
    }
    purity = std::max(purity, 1 / d);
    Estimate estimate;
    for (const auto& observable : observables) {
      Eigen::MatrixXcd matrix = Eigen::MatrixXcd::Zero(size, size);
      double constant = 0;
      for (const auto& [weight, string] : observable.terms) {
        add_string(weight, string, matrix);
        if (string.identity()) constant += weight;
      }
      const Eigen::MatrixXcd both = (matrix * state + state * matrix) / 2;
      double variances = 0;
      for (const double variance : measured.variances) variances += variance / d;
      const double value = ((both * state).trace().real() - constant * variances) / purity;
      const auto range = range_of(observable);
      estimate.values.push_back(std::clamp(value, range.low, range.high));
      if (!with_errors) continue;
      double variance = 0;  // by the derivative in each string's value
      for (std::size_t p = 1; p < measured.values.size(); ++p)
        variance += measured.variances[p] *
                    std::pow(2 / (d * purity) *
                                 (trace_with(PauliString::of_index(p), both) - value * measured.values[p]),
                             2);
      estimate.errors.push_back(std::sqrt(variance));
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
