#include "qupel/engine/noisy_batch/noisy_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/engine/noisy_batch/blocks.h"
#include "qupel/engine/noisy_batch/chances.h"
#include "qupel/engine/shapes.h"
#include "qupel/engine/simd/aligned.h"
#include "qupel/noise/readout.h"

namespace qupel {

using noisy_batch::Block;
using noisy_batch::lanes;
using noisy_batch::Program;
using noisy_batch::StatePlan;
using noisy_batch::Workspace;

namespace {

// Sums of states that a gradient holds, how many parts of the samples have their own, and from how many
// blocks each such sum is worth its memory.
constexpr double most_sum_bytes = 0x1p26, most_chunks = 16;
constexpr std::size_t fewest_summed_blocks = 4;

/// Adds derivatives by parameters, from those by angles.
void add_parameters(const Program& program, const double* by_angle, std::size_t count,
                    std::span<double> by_parameter) {
  for (std::size_t a = 0; a < program.angles.size(); ++a) {
    const auto& angle = program.angles[a];
    if (angle.slot.kind != Slot::Kind::parameter) continue;
    for (std::size_t lane = 0; lane < count; ++lane)
      by_parameter[static_cast<std::size_t>(angle.slot.index)] += angle.scale * by_angle[a * lanes + lane];
  }
}

/// The same by features.
void add_features(const Program& program, const double* by_angle, const Block& block,
                  Matrix<double>& by_feature) {
  for (std::size_t a = 0; a < program.angles.size(); ++a) {
    const auto& angle = program.angles[a];
    if (!angle.is_feature()) continue;
    for (std::size_t lane = 0; lane < block.count; ++lane)
      by_feature(block.first + lane, static_cast<std::size_t>(angle.slot.index)) +=
          angle.scale * by_angle[a * lanes + lane];
  }
}

}  // namespace

struct NoisyBatch::Implementation {
  using Steps = std::vector<noisy_batch::OpenStep>;

  Implementation(const Circuit& circuit, const NoiseModel& noise, std::span<const Observable> observables)
      : Implementation(circuit, noisy_batch::steps_of(circuit, CircuitNoise(circuit, noise), 0,
                                                      circuit.operations().size())) {
    for (const auto& observable : observables) {
      auto& terms = read.emplace_back();
      for (const auto& [weight, pauli] : as_read(observable, noise).terms)
        terms.push_back({weight, lanes * pauli.index()});
    }
  }

  Implementation(const Circuit& circuit, const Steps& steps)
      : Implementation(circuit, steps, noisy_batch::parts_of(steps, circuit.qubits())) {}

  Implementation(const Circuit& circuit, const Steps& steps, const noisy_batch::StepParts& parts)
      : features(circuit.features()),
        parameters(circuit.parameters()),
        whole(circuit.qubits(), steps, true),
        head(circuit.qubits(), parts.head, true),
        tail(circuit.qubits(), parts.tail, false) {}

  /// Whether observables are taken back through the tail, once for all samples, and meet the samples' states
  /// behind the head.
  bool meets_halfway() const { return !tail.windows.empty() && !read.empty() && read.size() <= lanes; }
  const Program& run_by_sample() const { return meets_halfway() ? head : whole; }
  std::size_t state_size() const { return whole.coefficients() * lanes; }

  /// @param use takes (sample, lane, lines of the final state)
  template <class Use>
  void for_each_state(const Matrix<double>& x, std::span<const double> values, int threads, Use&& use) const {
    require_shapes(features, parameters, x, values);
    for_each_block(whole, StatePlan::of_values(), x, values, threads, [&](const Block& block) {
      const double* state = block.work.run();
      for (std::size_t lane = 0; lane < block.count; ++lane) use(block.first + lane, lane, state);
    });
  }

  /// Each observable in a lane of its own.
  void set_observables(double* effect) const {
    for (std::size_t o = 0; o < read.size(); ++o)
      for (const auto& [weight, line] : read[o]) effect[line + o] += weight;
  }

  /// Observables as they are before the tail. Nothing if they do not meet the states halfway.
  HugeArray<double> pulled_observables(std::span<const double> values) const {
    if (!meets_halfway()) return {};
    Workspace work(tail, StatePlan::of_values(), values);
    set_observables(work.clear_effect());
    HugeArray<double> pulled(state_size(), false);
    std::copy_n(work.pull_back(), pulled.size(), pulled.data());
    return pulled;
  }

  /// Expectation values of a block from its states. @param values samples x observables
  void measure(const HugeArray<double>& pulled, const double* state, std::size_t count,
               std::span<double> values) const {
    alignas(64) double products[lanes * lanes];
    if (pulled.size() > 0)
      noisy_batch::kernels().dots(pulled.data(), read.size(), state, state_size(), products);
    for (std::size_t lane = 0; lane < count; ++lane) {
      for (std::size_t o = 0; o < read.size(); ++o)
        values[lane * read.size() + o] =
            pulled.size() > 0 ? products[o * lanes + lane] : expectation(o, state + lane);
    }
  }

  double expectation(std::size_t observable, const double* state) const {
    double sum = 0;
    for (const auto& [weight, line] : read[observable]) sum += weight * state[line];
    return sum;
  }

  /// Derivatives of a loss by the states of a block, from those by expectation values.
  /// @param by_value a line an observable
  void set_effect(const HugeArray<double>& pulled, const double* by_value, double* effect) const {
    if (pulled.size() > 0) {
      noisy_batch::kernels().combine(pulled.data(), read.size(), by_value, state_size(), effect);
      return;
    }
    for (std::size_t o = 0; o < read.size(); ++o)
      for (const auto& [weight, line] : read[o])
        for (std::size_t lane = 0; lane < lanes; ++lane)
          effect[line + lane] += weight * by_value[o * lanes + lane];
  }

  /// Derivatives by the parameters of the tail. The tail is linear and the same for all samples, so one
  /// backward run does for all: lane o holds the sum over samples of the state before the tail times
  /// d loss / d value of observable o. @param sums those, by chunk
  void differentiate_tail(std::span<const HugeArray<double>> sums, std::span<const double> values,
                          std::span<double> by_parameter) const {
    Workspace work(tail, StatePlan::of_gradient(tail, false), values);
    double* state = work.first_state();
    std::fill_n(state, state_size(), 0.0);
    for (const auto& chunk : sums)
      for (std::size_t o = 0; o < read.size(); ++o)
        for (std::size_t i = 0; i < state_size(); ++i)
          state[i / lanes * lanes + o] += chunk.data()[o * state_size() + i];
    work.run();
    set_observables(work.clear_effect());
    add_parameters(tail, work.differentiate(), read.size(), by_parameter);
  }

  /// Blocks of samples whose sums are one.
  std::size_t blocks_in_chunk(std::size_t blocks) const {
    const double bytes = static_cast<double>(state_size() * read.size() * sizeof(double));
    const auto chunks = static_cast<std::size_t>(std::clamp(most_sum_bytes / bytes, 1.0, most_chunks));
    return std::max(fewest_summed_blocks, (blocks + chunks - 1) / chunks);
  }

  struct Term {
    double weight;
    std::size_t line;  ///< where the numbers of the string begin
  };
  int features, parameters;
  Program whole;
  Program head, tail;                   ///< the same in two parts: only the head differs between samples
  std::vector<std::vector<Term>> read;  ///< by observable: what measurements average to
};

/// One call of gradient().
class NoisyBatch::Gradient {
 public:
  Gradient(const Implementation& made, const Matrix<double>& features, std::span<const double> parameters,
           const Cotangent& cotangent, bool feature_gradient)
      : made_(made),
        features_(features),
        parameters_(parameters),
        cotangent_(cotangent),
        result_{Matrix<double>(features.rows(), made.read.size()), std::vector<double>(parameters.size()),
                feature_gradient ? Matrix<double>(features.rows(), features.columns()) : Matrix<double>()},
        by_parameter_((features.rows() + lanes - 1) / lanes, parameters.size()),
        pulled_(made.pulled_observables(parameters)) {}

  BatchGradient run(bool feature_gradient, int threads) {
    const auto blocks = by_parameter_.rows();
    if (blocks == 0) return std::move(result_);
    const auto in_chunk = halfway() ? made_.blocks_in_chunk(blocks) : 1;
    if (halfway()) sums_.resize((blocks + in_chunk - 1) / in_chunk);
    for_each_block(
        program(), StatePlan::of_gradient(program(), feature_gradient), features_, parameters_, threads,
        [&](const Block& block) { run_block(block); }, in_chunk);
    for (std::size_t b = 0; b < blocks; ++b)
      for (std::size_t p = 0; p < parameters_.size(); ++p) result_.parameters[p] += by_parameter_(b, p);
    if (halfway()) made_.differentiate_tail(sums_, parameters_, result_.parameters);
    return std::move(result_);
  }

 private:
  bool halfway() const { return made_.meets_halfway(); }
  const Program& program() const { return made_.run_by_sample(); }

  void run_block(const Block& block) {
    const auto observables = made_.read.size();
    const double* state = block.work.run();
    Matrix<double> values(block.count, observables), derivatives(block.count, observables);
    made_.measure(pulled_, state, block.count, values.values());
    cotangent_(block.first, values, derivatives);
    std::ranges::copy(values.values(), result_.values.data() + block.first * observables);
    AlignedVector<double> by_value(observables * lanes);  // a line an observable
    for (std::size_t lane = 0; lane < block.count; ++lane)
      for (std::size_t o = 0; o < observables; ++o) by_value[o * lanes + lane] = derivatives(lane, o);
    if (halfway()) add_to_sum(block.chunk, state, by_value.data());
    if (!block.work.differentiable()) return;
    made_.set_effect(pulled_, by_value.data(), block.work.clear_effect());
    const double* by_angle = block.work.differentiate();
    add_parameters(program(), by_angle, block.count, by_parameter_.row(block.number()));
    if (!result_.features.empty()) add_features(program(), by_angle, block, result_.features);
  }

  void add_to_sum(std::size_t chunk, const double* state, const double* by_value) {
    auto& sum = sums_[chunk];
    const auto size = made_.state_size(), observables = made_.read.size();
    if (sum.size() == 0) sum = HugeArray<double>(observables * size);
    noisy_batch::kernels().add_weighted(state, by_value, observables, size, sum.data());
  }

  const Implementation& made_;
  const Matrix<double>& features_;
  std::span<const double> parameters_;
  const Cotangent& cotangent_;
  BatchGradient result_;
  Matrix<double> by_parameter_;  // by block
  HugeArray<double> pulled_;
  std::vector<HugeArray<double>> sums_;
};

NoisyBatch::NoisyBatch(const Circuit& circuit, const NoiseModel& noise, std::vector<Observable> observables) {
  require_qubits(circuit.qubits());
  require_on_qubits(observables, circuit.qubits());
  implementation_ = std::make_unique<Implementation>(circuit, noise, observables);
}

void NoisyBatch::require_qubits(int qubits) {
  if (qubits > most_qubits)
    throw InputError(fmt::format(
        "a batch of mixed states takes up to {} qubits, not {}: run the circuits one by one, or with "
        "trajectories",
        most_qubits, qubits));
}

NoisyBatch::~NoisyBatch() = default;
NoisyBatch::NoisyBatch(NoisyBatch&&) noexcept = default;
NoisyBatch& NoisyBatch::operator=(NoisyBatch&&) noexcept = default;

Matrix<double> NoisyBatch::expectations(const Matrix<double>& features, std::span<const double> parameters,
                                        int threads) const {
  const auto& made = *implementation_;
  require_shapes(made.features, made.parameters, features, parameters);
  Matrix<double> values(features.rows(), made.read.size());
  const auto pulled = made.pulled_observables(parameters);
  for_each_block(made.run_by_sample(), StatePlan::of_values(), features, parameters, threads,
                 [&](const Block& block) {
                   made.measure(pulled, block.work.run(), block.count,
                                values.values().subspan(block.first * values.columns()));
                 });
  return values;
}

BatchGradient NoisyBatch::gradient(const Matrix<double>& features, std::span<const double> parameters,
                                   const Cotangent& cotangent, bool feature_gradient, int threads) const {
  require_shapes(implementation_->features, implementation_->parameters, features, parameters);
  return Gradient(*implementation_, features, parameters, cotangent, feature_gradient)
      .run(feature_gradient, threads);
}

Matrix<double> NoisyBatch::coefficients(const Matrix<double>& features, std::span<const double> parameters,
                                        int threads) const {
  const auto size = implementation_->whole.coefficients();
  noisy_batch::require_memory(features.rows(), size);
  Matrix<double> all(features.rows(), size);
  implementation_->for_each_state(features, parameters, threads,
                                  [&](std::size_t sample, std::size_t lane, const double* state) {
                                    for (std::size_t i = 0; i < size; ++i)
                                      all(sample, i) = state[i * lanes + lane];
                                  });
  return all;
}

Matrix<double> NoisyBatch::probabilities(const Matrix<double>& features, std::span<const double> parameters,
                                         int threads) const {
  const int qubits = implementation_->whole.qubits;
  const auto size = std::size_t{1} << qubits;
  noisy_batch::require_memory(features.rows(), size);
  Matrix<double> all(features.rows(), size);
  implementation_->for_each_state(features, parameters, threads,
                                  [&](std::size_t sample, std::size_t lane, const double* state) {
                                    noisy_batch::write_chances(state, lane, qubits, all.row(sample));
                                  });
  return all;
}

double NoisyBatch::work() const { return noisy_batch::work(implementation_->run_by_sample()); }

}  // namespace qupel
