#include "qupel/engine/batch/large_states.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/engine/statevector/blocks.h"
#include "qupel/engine/tiled/gradient.h"
#include "qupel/engine/tiled/schedule.h"
#include "qupel/engine/tiled/tiled_state.h"

namespace qupel::batch {
namespace {

// Small states share the threads out among samples, large ones share their own work.
struct Threads {
  int samples, state;
  Threads(int qubits, int threads)
      : samples(qubits < tiled::fewest_shared_qubits ? threads : 1),
        state(qubits < tiled::fewest_shared_qubits ? 1 : threads) {}
};

template <class T>
void require_states(const Program& program, std::size_t samples, const Threads& threads, int states) {
  const auto together = static_cast<double>(
      std::min<std::size_t>(samples, static_cast<std::size_t>(thread_count(threads.samples))));
  const auto precision = sizeof(T) == 4 ? Precision::single : Precision::double_;
  require_memory(program, samples, states * together * TiledState::bytes(program.qubits, precision));
}

}  // namespace

template <class T>
Matrix<double> expectations_apart(const Program& program, tiled::Runners& runners,
                                  const Matrix<double>& features, std::span<const double> parameters,
                                  int threads) {
  const Threads share(program.qubits, threads);
  require_states<T>(program, features.rows(), share, 1);
  Matrix<double> values(features.rows(), program.observable_count);
  parallel_for(features.rows(), share.samples, [&](std::size_t i) {
    const auto row = tiled::expectations<T>(program, runners, features.row(i), parameters, share.state);
    std::ranges::copy(row, values.row(i).begin());
  });
  return values;
}

template <class T>
BatchGradient gradient_apart(const Program& program, tiled::Runners& runners, const Matrix<double>& features,
                             std::span<const double> parameters, const Cotangent& cotangent,
                             bool feature_gradient, int threads) {
  const Threads share(program.qubits, threads);
  require_states<T>(program, features.rows(), share, 2);
  BatchGradient result{
      Matrix<double>(features.rows(), program.observable_count), std::vector<double>(parameters.size()),
      feature_gradient ? Matrix<double>(features.rows(), features.columns()) : Matrix<double>()};
  Matrix<double> by_sample(features.rows(), parameters.size());
  parallel_for(features.rows(), share.samples, [&](std::size_t i) {
    const auto loss = [&](std::span<const double> values) {
      Matrix<double> row(1, values.size()), derivatives(1, values.size());
      std::ranges::copy(values, row.row(0).begin());
      cotangent(i, row, derivatives);
      return std::vector<double>(derivatives.values().begin(), derivatives.values().end());
    };
    const auto gradient =
        tiled::gradient<T>(program, runners, features.row(i), parameters, loss, share.state);
    std::ranges::copy(gradient.values, result.values.row(i).begin());
    for (std::size_t g = 0; g < program.rotations.size(); ++g) {
      for (const auto& [slot, coefficient] : program.rotations[g].angle.terms) {
        const auto index = static_cast<std::size_t>(slot.index);
        const double derivative = coefficient * gradient.rotations[g];
        if (slot.kind == Slot::Kind::parameter) {
          by_sample(i, index) += derivative;
        } else if (feature_gradient) {
          result.features(i, index) += derivative;
        }
      }
    }
  });
  for (std::size_t i = 0; i < by_sample.rows(); ++i) {
    for (std::size_t p = 0; p < by_sample.columns(); ++p) result.parameters[p] += by_sample(i, p);
  }
  return result;
}

template Matrix<double> expectations_apart<float>(const Program&, tiled::Runners&, const Matrix<double>&,
                                                  std::span<const double>, int);
template Matrix<double> expectations_apart<double>(const Program&, tiled::Runners&, const Matrix<double>&,
                                                   std::span<const double>, int);
template BatchGradient gradient_apart<float>(const Program&, tiled::Runners&, const Matrix<double>&,
                                             std::span<const double>, const Cotangent&, bool, int);
template BatchGradient gradient_apart<double>(const Program&, tiled::Runners&, const Matrix<double>&,
                                              std::span<const double>, const Cotangent&, bool, int);

}  // namespace qupel::batch
