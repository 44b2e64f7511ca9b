#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/channel_power.h"
#include "qupel/mitigate/damping.h"
#include "qupel/mitigate/noise_gain.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/pauli_frame.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {

double noise_gain(double gamma, double most_overhead) {
  if (!(gamma > 1)) return 0;
  return std::clamp(1 - std::log(most_overhead) / (2 * std::log(gamma)), 0.0, 1.0);
}

namespace {

/// The inverse of the noise, as much of it as the cap on the square of its norm allows.
PauliMixtures inverse_within(const PauliMixtures& kept, double most_overhead) {
  constexpr double rounding = 1e-9;
  auto inverse = power(kept, -1);
  const double gamma = norm_of(inverse);
  const auto fits = [&] { return std::pow(norm_of(inverse), 2) <= most_overhead * (1 + rounding); };
  if (fits()) return inverse;
  double low = 0, high = 1 - noise_gain(gamma, most_overhead);
  inverse = power(kept, -high);
  for (int step = 0; step < 40 && !fits(); ++step) {  // where not all channels are exponentials of Paulis
    const double middle = (low + high) / 2;
    inverse = power(kept, -middle);
    (fits() ? low : high) = middle;
    if (step > 20 && low > 0) inverse = power(kept, -low);
  }
  return inverse;
}

struct Settings {
  std::size_t circuits = 100;
  double precision = 0;      ///< 0: so many circuits; else so many that the standard error is at most this
  double most_overhead = 0;  ///< of gamma^2; 0: no limit
};

class ErrorCancellation : public Mitigation {
 public:
  explicit ErrorCancellation(const Settings& settings) : settings_(settings) {}

  std::string_view name() const override { return "pec"; }

  Overhead overhead(const Job& job) const override {
    const double norm = norm_of(inverse(job)), circuits = static_cast<double>(count(norm));
    return {.circuits = circuits,
            .variance = norm * norm / circuits,
            .drawn = std::pow(norm * damping(job), 2) / circuits};
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    const auto undone = inverse(job);
    MitigationPlan plan{{}, mean_of_draws};
    const auto circuits = count(norm_of(undone));
    for (std::size_t i = 0; i < circuits; ++i)
      plan.jobs.push_back(drawn(job, undone, derive(job.seed, {key_of("pec"), i})));
    return plan;
  }

 private:
  PauliMixtures inverse(const Job& job) const {
    const auto kept = kept_by_noise(job, "pec");
    return settings_.most_overhead > 0 ? inverse_within(kept, settings_.most_overhead) : power(kept, -1);
  }

  /// For a precision as Mitiq counts: a value of one circuit is at most the norm.
  std::size_t count(double norm) const {
    if (settings_.precision == 0) return settings_.circuits;
    const double wanted = std::pow(norm / settings_.precision, 2);
    if (wanted > static_cast<double>(most_circuits))
      throw InputError(fmt::format(
          "pec: a precision of {} needs {:.3g} circuits with a norm of {:.3g}, more than {}; ask for less "
          "precision or give a cap, as in pec(precision {}, cap 100)",
          settings_.precision, wanted, norm, most_circuits, settings_.precision));
    return std::max<std::size_t>(2, static_cast<std::size_t>(wanted));
  }

  Settings settings_;
};

std::unique_ptr<Mitigation> make(std::string_view text) {
  const Options options("pec", text);
  options.require_known({"", "precision", "cap"});
  if (options.has("") && options.has("precision"))
    options.fail("either a number of circuits or a precision, not both");
  Settings settings;
  settings.circuits = circuits_drawn(options, "", settings.circuits);
  settings.precision = options.number("precision", 0, 1e-6, 10, "the precision (a standard error)");
  settings.most_overhead = options.number("cap", 0, 1, 1e12, "the cap on the overhead in shots");
  return std::make_unique<ErrorCancellation>(settings);
}

}  // namespace

const MitigationSpec probabilistic_error_cancellation{
    .name = "pec",
    .summary = "inserts Paulis by chance, with signs, so that on average the inverse of the noise acts",
    .source =
        "Temme, Bravyi and Gambetta, Phys. Rev. Lett. 119, 180509 (2017); van den Berg et al., Nature "
        "Physics 19, 1116 (2023)",
    .assumes = "noise is known, and is what its Pauli part says: what relaxation does beyond that is left",
    .options =
        "the number of circuits that are drawn, or the standard error that they are to reach; a cap on the "
        "overhead in shots, beyond which a part of the noise is left: \"100\", \"precision 0.03, cap 100\"",
    .order = 20,
    .make = make};

}  // namespace qupel::mitigate
