#include "qupel/engine/batch/batch_planner.h"

#include <algorithm>
#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/statevector/blocks.h"

namespace qupel {
namespace {

// Whether tiled states are faster: a block of samples would leave the caches, or most of its lanes would be
// idle. The numbers were found by measurement.
bool better_apart(int qubits, std::size_t samples, std::size_t lanes) {
  const auto used = static_cast<double>(std::min(samples, lanes));
  return qubits >= 12 + 4 * std::log2(used) / std::max(1.0, std::log2(static_cast<double>(lanes)));
}

}  // namespace

BatchPath choose_path(const statevector::Program& program, std::size_t samples, std::size_t lanes) {
  return better_apart(program.qubits, samples, lanes) ? BatchPath::apart : BatchPath::blocks;
}

BatchPath choose_path(const statevector::Program& program, const std::optional<heisenberg::Inputs>& inputs,
                      std::size_t samples, std::size_t lanes) {
  const auto path = choose_path(program, samples, lanes);
  const bool polynomials = path == BatchPath::blocks && inputs && heisenberg::pays(program, *inputs, samples);
  return polynomials ? BatchPath::polynomials : path;
}

Forecast forecast_batch(const Job& sample, std::size_t samples) {
  const auto lanes = sample.precision == Precision::single ? statevector::kernels<float>().lanes
                                                           : statevector::kernels<double>().lanes;
  const bool apart = better_apart(sample.circuit.qubits(), samples, lanes);
  const auto& engine = apart ? tiled_engine() : batch_engine();
  auto forecast = engine.predict(sample);
  const auto runs = apart ? samples : (samples + lanes - 1) / lanes;
  const auto shared =
      apart ? 1 : std::min<std::size_t>(runs, static_cast<std::size_t>(thread_count(sample.threads)));
  forecast.seconds *= static_cast<double>(runs) / static_cast<double>(std::max<std::size_t>(1, shared));
  return forecast;
}

}  // namespace qupel
