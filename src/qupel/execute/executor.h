#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "qupel/engine/batch/batch.h"
#include "qupel/engine/no_engine.h"
#include "qupel/execute/backend.h"
#include "qupel/execute/execution.h"
#include "qupel/execute/ledger.h"
#include "qupel/execute/prepared.h"
#include "qupel/mitigate/mitigation.h"

namespace qupel {

class NoisyPrograms;
class RowPairs;

/// Expectation values or overlaps with their standard errors.
struct Estimates {
  Matrix<double> values;  ///< samples x observables, or rows x rows
  Matrix<double> errors;  ///< of the same shape; empty: the values are exact
};

/// Expectation values and their derivatives, sample by sample. Row r of a matrix of derivatives is observable
/// r % K of sample r / K, with K observables.
struct Jacobian {
  Matrix<double> values;      ///< samples x observables
  Matrix<double> parameters;  ///< (samples * observables) x parameters
  Matrix<double> features;    ///< (samples * observables) x features
};

/// How often each basis state was measured: (basis state, count), ascending.
using ShotCounts = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// What is asked about one circuit without open slots.
struct Question {
  std::vector<Observable> observables = {};  ///< expectation values: exact, but for trajectories
  std::size_t variances = 0;  ///< <O^2> - <O>^2 in the state, of so many of the first observables
  bool state = false;         ///< all amplitudes
  std::uint64_t shots = 0;    ///< counts of so many measurements of all qubits
};

/// All circuits run through an Executor. An Execution says how; the ledger says what it cost. In all
/// calls `features` is samples x circuit.features() and `parameters` has circuit.parameters() values; a
/// circuit without features takes a matrix with as many rows as samples wanted and no columns. Nothing
/// depends on `threads` but time. Not thread-safe (one executor a trial).
///
/// The samples of a circuit run together, many at a time: without noise if there is no device, mitigation,
/// other backend or named engine but "batch"; with noise, in double precision, if the circuit has gates only
/// and at most 8 qubits, and there are no trajectories, other backend or named engine. Otherwise each circuit
/// is a job of its own for the backend. Each call with shots or trajectories has random numbers of its own,
/// from the execution's seed, the caller's stream (if given) and the number of earlier calls with that
/// stream.
///
/// All calls throw OverBudget before anything runs if their forecast goes over what is left of the budget,
/// and InputError for wrong shapes or what the backend cannot run.
class Executor {
 public:
  /// @throws InputError for an execution that names a device and noise, or a device and a backend
  explicit Executor(Execution execution = {}, int threads = 1);
  /// Exact, on this computer.
  explicit Executor(Precision precision, int threads = 1);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  const Execution& execution() const { return execution_; }
  using Stream = std::optional<std::uint64_t>;

  /// @throws InputError if trajectories are asked for of gates alone without noise
  Prepared prepare(const Circuit& circuit, std::vector<Observable> observables);

  /// samples x observables
  Estimates expectations(const Prepared& prepared, const Matrix<double>& features,
                         std::span<const double> parameters, Stream stream = {});
  CostForecast forecast_expectations(const Prepared& prepared, std::size_t samples) const;

  /// Expectation values and what a loss made of them: by the adjoint method where values are exact and
  /// samples run together, else by shift rules (shift_rule.h).
  BatchGradient gradient(const Prepared& prepared, const Matrix<double>& features,
                         std::span<const double> parameters, const Cotangent& cotangent,
                         bool feature_gradient = false, Stream stream = {});
  CostForecast forecast_gradient(const Prepared& prepared, std::size_t samples,
                                 bool feature_gradient = false) const;

  /// Derivatives of every expectation value of every sample, by the same methods: an adjoint pass for each
  /// observable, or each shifted circuit once for all observables.
  Jacobian jacobian(const Prepared& prepared, const Matrix<double>& features,
                    std::span<const double> parameters, Stream stream = {});

  /// Counts of the execution's shots, one list a sample. @throws InputError for an execution without shots
  std::vector<ShotCounts> samples(const Prepared& prepared, const Matrix<double>& features,
                                  std::span<const double> parameters, Stream stream = {});
  CostForecast forecast_samples(const Prepared& prepared, std::size_t samples) const;

  /// Rows to be compared. Where this executor computes with states, they are made here, once a row.
  EncodedRows encode(const Prepared& prepared, Matrix<double> features, std::span<const double> parameters);
  /// |<a_i|b_j>|^2 as rows of a x rows of b, for rows of the same circuit. Without noise on this computer:
  /// from the states of the rows. With noise, where samples run together: what the compute-uncompute circuit
  /// of each pair would measure, from one state and one effect a row (with shots: drawn from those
  /// probabilities). Otherwise by running that circuit, or under mitigation those in its place, once a pair.
  /// For rows compared with themselves each pair runs once, and the diagonal is 1.
  Estimates overlaps(const EncodedRows& a, const EncodedRows& b, Stream stream = {});
  CostForecast forecast_overlaps(const EncodedRows& a, const EncodedRows& b) const;

  /// Amplitudes, samples x 2^qubits. @throws InputError unless the
  /// execution is noiseless and on this computer
  Matrix<Complex> states(const Prepared& prepared, const Matrix<double>& features,
                         std::span<const double> parameters);

  /// One circuit, everything asked about it from one run. Counts are those of the execution's seed; its shots
  /// and mitigation are not looked at.
  Outcome run(const Circuit& circuit, const Question& question);
  CostForecast forecast(const Circuit& circuit, const Question& question) const;
  /// Which engine of this computer would run it, and why.
  Choice explain(const Circuit& circuit, const Question& question) const;

  const Ledger& ledger() const { return ledger_; }
  Ledger& ledger() { return ledger_; }

 private:
  bool in_batches() const;
  /// The circuit as it runs: compiled, if there is a device.
  const Prepared::Implementation& as_run(const Prepared::Implementation& circuit) const;
  NoiseModel noise_of(const Prepared::Implementation& circuit) const;
  /// @param circuit as it runs
  bool in_noisy_batches(const Prepared::Implementation& circuit) const;
  bool in_noisy_kernels(const Prepared::Implementation& circuit) const;
  bool exact() const { return execution_.shots == 0 && execution_.trajectories == 0; }
  std::uint64_t next_seed(Stream stream);

  // budget.cc
  void admit(const std::function<CostForecast()>& forecast);
  CostForecast cost_of(const Prepared::Implementation& circuit, long long circuits) const;
  CostForecast cost_of_jobs(const Job& job, long long circuits) const;
  CostForecast cost_of_noisy(const Prepared::Implementation& circuit, double work, long long circuits,
                             double runs) const;
  long long circuits_of(const Prepared::Implementation& circuit) const;
  long long mitigated_count(const Prepared::Implementation& circuit, long long circuits) const;

  // jobs.cc
  Backend& backend() const;
  Job job_of(Circuit bound, NoiseModel noise, std::uint64_t seed) const;
  /// @param circuit as it runs
  Job job_of(const Prepared::Implementation& circuit, std::span<const double> features,
             std::span<const double> parameters, std::uint64_t seed) const;
  /// What a device would charge for circuits that were simulated.
  void charge_device(const Prepared::Implementation& circuit, long long circuits);
  double device_seconds(const Prepared::Implementation& circuit, long long circuits) const;
  Job job_of(const Circuit& circuit, const Question& question, std::uint64_t seed) const;
  std::vector<Outcome> perform(std::span<const Job> jobs);
  Completed wait(const std::string& ticket);
  std::vector<Estimate> estimate(const Prepared::Implementation& circuit, std::span<const Job> asked);
  /// Zeros for samples of a circuit that is charged and does not run.
  Estimates charged_only(const Prepared::Implementation& circuit, std::size_t samples);
  Estimates measure_once(const Prepared::Implementation& circuit, const Matrix<double>& features,
                         std::span<const double> parameters, std::uint64_t seed);
  /// Runs a circuit that stands in for another, for all samples.
  using MeasurePart = std::function<Estimates(const Prepared::Implementation& part, std::uint64_t seed)>;
  Estimates measure_mitigated(const Prepared::Implementation& circuit, std::size_t samples,
                              std::uint64_t seed, const MeasurePart& measure_part);
  Estimates measure_by_jobs(const Prepared::Implementation& circuit, const Matrix<double>& features,
                            std::span<const double> parameters, std::uint64_t seed);

  std::vector<ShotCounts> counts_by_jobs(const Prepared::Implementation& circuit,
                                         const Matrix<double>& features, std::span<const double> parameters,
                                         std::uint64_t seed);

  // noisy.cc
  Estimates measure_noisy(const Prepared::Implementation& circuit, const Matrix<double>& features,
                          std::span<const double> parameters, std::uint64_t seed);
  Estimates draw_noisy(const Prepared::Implementation& circuit, const NoisyPrograms& programs,
                       const Matrix<double>& features, std::span<const double> parameters,
                       std::uint64_t seed) const;
  std::vector<ShotCounts> counts_noisy(const Prepared::Implementation& circuit,
                                       const Matrix<double>& features, std::span<const double> parameters,
                                       std::uint64_t seed) const;
  Matrix<double> entries_noisy(const EncodedRows& a, const EncodedRows& b);
  /// Whether the two halves of a circuit of row pairs can run apart: samples run together with noise, the
  /// rows are used one after the other, and there is one diagonal observable. @param circuit as it runs
  bool in_halves(const Prepared::Implementation& circuit) const;
  /// What is measured of pairs of rows, from states of one row and effects of the other.
  Estimates measure_halves(const Prepared::Implementation& circuit, const RowPairs& pairs,
                           std::span<const double> parameters, std::uint64_t seed);
  BatchGradient gradient_noisy(const Prepared::Implementation& circuit, const Matrix<double>& features,
                               std::span<const double> parameters, const Cotangent& cotangent,
                               bool feature_gradient);

  // executor.cc, gradient.cc, jacobian.cc, overlaps.cc
  std::vector<ShotCounts> counts_of(const Prepared::Implementation& circuit, const Matrix<double>& features,
                                    std::span<const double> parameters, std::uint64_t seed);
  Estimates measure(const Prepared::Implementation& circuit, const Matrix<double>& features,
                    std::span<const double> parameters, std::uint64_t seed);
  BatchGradient adjoint_gradient(const Prepared::Implementation& circuit, const Matrix<double>& features,
                                 std::span<const double> parameters, const Cotangent& cotangent,
                                 bool feature_gradient);
  /// Whether derivatives come from adjoint passes. @param circuit as it runs
  bool differentiates(const Prepared::Implementation& circuit) const;
  /// Calls visit(sample, slot, weight, values) for each term of the derivatives by shift rules: `values` are
  /// those of the observables at the shifted angle.
  using ShiftVisitor = std::function<void(std::size_t sample, const Slot& slot, double weight,
                                          std::span<const double> values)>;
  void visit_shifts(const Prepared::Implementation& circuit, const Matrix<double>& features,
                    std::span<const double> parameters, bool feature_gradient, std::uint64_t seed,
                    const ShiftVisitor& visit);
  Jacobian adjoint_jacobian(const Prepared::Implementation& circuit, const Matrix<double>& features,
                            std::span<const double> parameters);
  BatchGradient shifted_gradient(const Prepared::Implementation& circuit, const Matrix<double>& features,
                                 std::span<const double> parameters, const Cotangent& cotangent,
                                 bool feature_gradient, std::uint64_t seed);
  StateSet states_of(const EncodedRows::Implementation& rows);
  Matrix<double> fidelities_of(const EncodedRows& a, const EncodedRows& b);
  Estimates drawn_overlaps(Matrix<double> probabilities, bool itself, std::uint64_t seed) const;
  Estimates measured_overlaps(const EncodedRows& a, const EncodedRows& b, std::uint64_t seed);
  Estimates zero_frequencies(const Prepared::Implementation& circuit, const RowPairs& pairs,
                             std::span<const double> parameters, std::uint64_t seed);
  Estimates measure_pairs(const Prepared::Implementation& circuit, const RowPairs& pairs,
                          std::span<const double> parameters, std::uint64_t seed);
  /// Of a set with itself a device measures each pair once.
  static long long pairs(const EncodedRows& a, const EncodedRows& b);

  Execution execution_;
  int threads_;
  Ledger ledger_;
  CostForecast spent_;  // of all calls admitted
  std::map<Stream, std::uint64_t> calls_;
  std::unique_ptr<Backend> local_;
};

}  // namespace qupel
