#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/channel_power.h"
#include "qupel/mitigate/damping.h"
#include "qupel/mitigate/learned_noise.h"
#include "qupel/mitigate/noise_gain.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/pauli_frame.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {

double noise_gain(double gamma, double most_overhead) {
  if (!(gamma > 1)) return 0;
  return std::clamp(1 - std::log(most_overhead) / (2 * std::log(gamma)), 0.0, 1.0);
}

double samples_for(double gamma, double error, double failure) {
  return std::ceil(2 * gamma * gamma * std::log(2 / failure) / (error * error));
}

namespace {

/// The inverse of the noise, as much of it as the cap on the square of its norm allows.
PauliMixtures inverse_within(const PauliMixtures& kept, double most_overhead) {
  constexpr double rounding = 1e-9;
  const auto fits = [&](const PauliMixtures& inverse) {
    return std::pow(norm_of(inverse), 2) <= most_overhead * (1 + rounding);
  };
  const auto whole = power(kept, -1);
  if (fits(whole)) return whole;
  double low = 0, high = 1 - noise_gain(norm_of(whole), most_overhead);
  if (auto inverse = power(kept, -high); fits(inverse)) return inverse;
  for (int step = 0; step < 30; ++step) {  // where not all channels are exponentials of Paulis
    const double middle = (low + high) / 2;
    (fits(power(kept, -middle)) ? low : high) = middle;
  }
  return power(kept, -low);
}

struct CancellationSettings {
  std::size_t circuits = 100;
  double precision = 0;      ///< 0: so many circuits; else so many that the standard error is at most this
  double accuracy = 0;       ///< 0: the same; else so many that the error is at most this in 95 of 100 runs
  double most_overhead = 0;  ///< of gamma^2; 0: no limit
  std::optional<NoiseLearning> learning = std::nullopt;  ///< nothing: the noise is known
};

class ErrorCancellation : public Mitigation {
 public:
  explicit ErrorCancellation(const CancellationSettings& settings) : settings_(settings) {}

  std::string_view name() const override { return "pec"; }

  /// Before it is learned, noise is what the model says of two-qubit gates.
  Overhead overhead(const Job& job) const override {
    auto kept = kept_by_noise(job, "pec");
    if (settings_.learning) keep_two_qubit(job, kept);
    const double norm = norm_of(inverse(kept)), circuits = static_cast<double>(count(norm));
    Overhead overhead{.circuits = circuits,
                      .variance = norm * norm / circuits,
                      .drawn = std::pow(norm * damping(job), 2) / circuits};
    if (settings_.learning)
      overhead.learning_circuits = static_cast<double>(learning_circuits(job, *settings_.learning));
    return overhead;
  }

  MitigationPlan plan(const Job& job, const RunJobs& run) const override {
    const auto undone =
        inverse(settings_.learning ? learn_noise(job, *settings_.learning, run) : kept_by_noise(job, "pec"));
    MitigationPlan plan;
    const double missed =
        add_drawn(job, undone, count(norm_of(undone)), derive(job.seed, {key_of("pec")}), plan.jobs);
    plan.combine = [missed](std::span<const Estimate> results) {
      return mean_of_insertions(results, missed);
    };
    return plan;
  }

 private:
  PauliMixtures inverse(const PauliMixtures& kept) const {
    return settings_.most_overhead > 0 ? inverse_within(kept, settings_.most_overhead) : power(kept, -1);
  }

  static void keep_two_qubit(const Job& job, PauliMixtures& kept) {
    for (std::size_t k = 0; k < kept.size(); ++k)
      if (job.circuit.operations()[k].qubits.size() < 2) kept[k].clear();
  }

  /// For a precision as Mitiq counts: a value of one circuit is at most the norm.
  std::size_t count(double norm) const {
    if (settings_.precision == 0 && settings_.accuracy == 0) return settings_.circuits;
    const double wanted = settings_.precision > 0 ? std::floor(std::pow(norm / settings_.precision, 2))
                                                  : samples_for(norm, settings_.accuracy, 0.05);
    if (wanted > static_cast<double>(most_circuits))
      throw InputError(fmt::format(
          "pec: that needs {:.3g} circuits with a norm of {:.3g}, more than {}; ask for less precision or give "
          "a cap, as in pec(precision 0.1, cap 100)",
          wanted, norm, most_circuits));
    return std::max<std::size_t>(2, static_cast<std::size_t>(wanted));
  }

  CancellationSettings settings_;
};

std::unique_ptr<Mitigation> make_probabilistic_error_cancellation(std::string_view text) {
  const Options options("pec", text);
  options.require_known({"", "precision", "accuracy", "cap", "learned", "randomizations"});
  if (options.has("") + options.has("precision") + options.has("accuracy") > 1)
    options.fail("give one of these only: a number of circuits, a precision, an accuracy");
  CancellationSettings settings;
  settings.circuits = circuits_drawn(options, "", settings.circuits);
  settings.precision = options.number("precision", 0, 1e-6, 10, "the precision (a standard error)");
  settings.accuracy = options.number("accuracy", 0, 1e-6, 10, "the accuracy");
  settings.most_overhead = options.number("cap", 0, 1, 1e12, "the cap on the overhead in shots");
  if (options.has("learned")) settings.learning = NoiseLearning{};
  if (options.has("randomizations")) {
    if (!settings.learning) options.fail("randomizations are of noise that is learned: write learned, too");
    settings.learning->randomizations = circuits_drawn(options, "randomizations", 8);
  }
  return std::make_unique<ErrorCancellation>(settings);
}

}  // namespace

const MitigationSpec probabilistic_error_cancellation{
    .name = "pec",
    .summary = "inserts Paulis by chance, with signs, so that on average the inverse of the noise acts",
    .source =
        "Temme, Bravyi and Gambetta, Phys. Rev. Lett. 119, 180509 (2017); van den Berg et al., Nature "
        "Physics 19, 1116 (2023)",
    .assumes =
        "noise is known, and is what its Pauli part says: what relaxation does beyond that is left; learned "
        "noise is that of Clifford gates on two qubits only",
    .options =
        "the number of circuits that are drawn, or the standard error that they are to reach, or the error that 95 of 100 runs keep within; a cap on the "
        "overhead in shots, beyond which a part of the noise is left; whether noise is learned, and from how "
        "many circuits for each basis and depth: \"100\", \"precision 0.03, cap 100\", \"100, learned, "
        "randomizations 8\"",
    .order = 20,
    .make = make_probabilistic_error_cancellation};

}  // namespace qupel::mitigate
