#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/mitigate/combining.h"
#include "qupel/mitigate/damping.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

/// Which basis states a noiseless result is made of.
struct Symmetry {
  enum class Kind { even, odd, particles } kind = Kind::even;
  int particles = 0;
};

double binomial_coefficient(int n, int k) {
  if (k < 0 || k > n) return 0;
  double value = 1;
  for (int i = 1; i <= k; ++i) value = value * (n - k + i) / i;
  return std::round(value);
}

/// The projector on basis states with so many ones, as a sum of products of Z: a product of s of them has the
/// weight sum_j (-1)^j C(s, j) C(n - s, k - j) / 2^n (a Krawtchouk polynomial).
Observable on_particles(int particles, int qubits) {
  constexpr int most_qubits = 12;
  if (qubits > most_qubits)
    throw InputError(fmt::format(
        "symmetry: a number of particles is looked at on up to {} qubits, not {}; use symmetry(even) or "
        "symmetry(odd)",
        most_qubits, qubits));
  if (particles > qubits)
    throw InputError(fmt::format("symmetry: {} particles on {} qubits", particles, qubits));
  Observable projector;
  for (std::uint64_t mask = 0; mask < std::uint64_t{1} << qubits; ++mask) {
    const int letters = std::popcount(mask);
    double weight = 0;
    for (int j = 0; j <= letters; ++j)
      weight += (j % 2 == 0 ? 1 : -1) * binomial_coefficient(letters, j) *
                binomial_coefficient(qubits - letters, particles - j);
    if (weight != 0) projector.terms.push_back({std::ldexp(weight, -qubits), PauliString::of_masks(0, mask)});
  }
  return projector;
}

Observable projector(const Symmetry& symmetry, int qubits) {
  if (symmetry.kind == Symmetry::Kind::particles) return on_particles(symmetry.particles, qubits);
  PauliString parity;
  for (int q = 0; q < qubits; ++q) parity.set(q, 'Z');
  return {{{0.5, {}}, {symmetry.kind == Symmetry::Kind::even ? 0.5 : -0.5, parity}}};
}

/// (O P + P O) / 2: products of strings that anticommute cancel.
Observable within(const Observable& observable, const Observable& projector) {
  std::vector<Observable::Term> terms;
  for (const auto& a : observable.terms)
    for (const auto& b : projector.terms) {
      const auto [string, turns] = a.pauli * b.pauli;
      if (turns % 2 == 0) terms.push_back({(turns == 0 ? 1 : -1) * a.weight * b.weight, string});
    }
  return collected(terms);
}

class SymmetryVerification : public Mitigation {
 public:
  explicit SymmetryVerification(const Symmetry& symmetry) : symmetry_(symmetry) {}

  std::string_view name() const override { return "symmetry"; }

  /// Of shots that are left, if noise that is seen at all leaves one half of them in the right place.
  Overhead overhead(const Job& job) const override {
    auto all = job;
    all.observables = {projector(symmetry_, job.circuit.qubits())};
    return {.variance = 2 / (1 + damping(all))};
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    const auto right = projector(symmetry_, job.circuit.qubits());
    MitigationPlan plan{{job}, {}};
    auto& measured = plan.jobs.front().observables;
    measured.push_back(right);
    for (const auto& observable : job.observables) measured.push_back(within(observable, right));
    std::vector<bool> diagonal;
    for (const auto& observable : job.observables) diagonal.push_back(observable.diagonal());
    plan.combine = [ranges = ranges_of(job.observables), diagonal](std::span<const Estimate> results) {
      return verified(results.front(), ranges, diagonal);
    };
    return plan;
  }

 private:
  /// @param result of the observables, of the projector P, and of the observables within it
  /// A mean over the shots that are left is r = <O P> / <P>. If O is diagonal, both come from the same shots:
  /// as P is 0 or 1 in each, their covariance is r times the variance of P, and the variance of r is
  /// (var(O P) - r^2 var(P)) / <P>^2. Other observables are measured in other bases: what they share of their
  /// shots with P is not known here, and the error is the largest possible one, (s(O P) + |r| s(P)) / <P>.
  static Estimate verified(const Estimate& result, std::span<const Range> ranges,
                           const std::vector<bool>& diagonal) {
    constexpr double least_left = 0.02;
    const auto count = ranges.size();
    const double left = result.values[count];
    Estimate estimate;
    for (std::size_t o = 0; o < count; ++o) {
      double value = result.values[count + 1 + o] / left, error = 0;
      if (!result.errors.empty()) {
        const double of_both = result.errors[count + 1 + o], of_left = std::abs(value) * result.errors[count];
        error = (diagonal[o] ? std::sqrt(std::max(0.0, of_both * of_both - of_left * of_left))
                             : of_both + of_left) /
                left;
      }
      const bool good = left >= least_left && believed(value, error, ranges[o]);
      estimate.values.push_back(good ? value : result.values[o]);
      if (!result.errors.empty()) estimate.errors.push_back(good ? error : result.errors[o]);
    }
    return estimate;
  }

  Symmetry symmetry_;
};

std::unique_ptr<Mitigation> make_symmetry(std::string_view text) {
  const Options options("symmetry", text);
  options.require_known({"even", "odd", "particles"});
  if (options.all().size() > 1) options.fail("one symmetry at a time");
  Symmetry symmetry;
  if (options.has("odd")) symmetry.kind = Symmetry::Kind::odd;
  if (options.has("particles"))
    symmetry = {Symmetry::Kind::particles,
                static_cast<int>(options.whole("particles", 0, 0, 64, "the number of particles"))};
  return std::make_unique<SymmetryVerification>(symmetry);
}

}  // namespace

const MitigationSpec symmetry_verification{
    .name = "symmetry",
    .summary = "keeps what has the parity or the number of ones that a noiseless result must have",
    .source =
        "Bonet-Monroig et al., Phys. Rev. A 98, 062339 (2018), arXiv:1807.10050; McArdle, Yuan and Benjamin, "
        "Phys. Rev. Lett. 122, 180501 (2019)",
    .assumes =
        "noiseless results have the symmetry, over all qubits in use; observables that commute with it "
        "(products of Z always do; others are combined from expectation values and take more measurements); "
        "where under 2% of the shots are left, the value stays as it is",
    .options = "what noiseless results have: \"even\" or \"odd\" parity, or \"particles 2\"",
    .order = 6,
    .make = make_symmetry};

}  // namespace qupel::mitigate
