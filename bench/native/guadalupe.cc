#include "guadalupe.h"

#include <memory>

#include "qupel/base/file.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/device/import.h"
#include "qupel/execute/executor.h"

// A classifier under a device's noise, through the executor as models use it.
namespace bench {
namespace {

using namespace qupel;

constexpr std::size_t points = 30, compared = 40, shots_a_pair = 1024, steps = 10;

std::shared_ptr<const Device> device_of(const Arguments& arguments) {
  const auto configuration = read_file(arguments.more[1]), properties = read_file(arguments.more[2]);
  return std::make_shared<const Device>(
      validated(import_ibm({configuration, "configuration"}, {properties, "properties"})));
}

Matrix<double> drawn_rows(std::size_t rows, int columns) {
  Matrix<double> made(rows, static_cast<std::size_t>(columns));
  std::ranges::copy(draws(8, made.values().size()), made.data());
  return made;
}

/// The circuit where it stands, and an executor under the noise of gates alone.
struct Task {
  Circuit circuit;
  Executor executor;
  std::vector<double> labels, parameters;
  Matrix<double> rows;

  Task(const Arguments& arguments, std::size_t count, std::uint64_t drawn)
      : circuit(read_qasm(read_file(arguments.more[0]), arguments.more[0]).circuit),
        executor({.device = device_of(arguments),
                  .device_noise = {.idle = false, .readout = false},
                  .physical = {0, 1, 2, 3},
                  .shots = drawn,
                  .precision = Precision::double_,
                  .seed = 1},
                 arguments.threads),
        parameters(draws(7, static_cast<std::size_t>(circuit.parameters()))),
        rows(drawn_rows(count, circuit.features())) {
    for (std::size_t r = 0; r < count; ++r) labels.push_back(rows(r, 0) * rows(r, 1) > 0 ? 1 : -1);
  }
  Prepared prepared() { return executor.prepare(circuit, {Observable::z(circuit.qubits() - 1)}); }
};

double spsa(Task& task) {
  const auto prepared = task.prepared();
  auto theta = task.parameters;
  Angles turns(9);
  const auto loss = [&](const std::vector<double>& at) {
    const auto values = task.executor.expectations(prepared, task.rows, at).values;
    double sum = 0;
    for (std::size_t r = 0; r < points; ++r) sum += std::pow(values(r, 0) - task.labels[r], 2);
    return sum / points;
  };
  for (std::size_t step = 0; step < steps; ++step) {
    std::vector<double> turn, above = theta, below = theta;
    for (std::size_t k = 0; k < theta.size(); ++k) {
      turn.push_back(turns.next() > 0 ? 1 : -1);
      above[k] += 0.1 * turn[k];
      below[k] -= 0.1 * turn[k];
    }
    const double slope = (loss(above) - loss(below)) / 0.2;
    for (std::size_t k = 0; k < theta.size(); ++k) theta[k] -= 0.2 * slope * turn[k];
  }
  return std::accumulate(theta.begin(), theta.end(), 0.0);
}

double gradient(Task& task) {
  const Cotangent of_loss = [&](std::size_t first, const Matrix<double>& values,
                                Matrix<double>& derivatives) {
    for (std::size_t r = 0; r < values.rows(); ++r)
      derivatives(r, 0) = 2 * (values(r, 0) - task.labels[first + r]) / points;
  };
  return weighted(task.executor.gradient(task.prepared(), task.rows, task.parameters, of_loss).parameters);
}

double kernel(Task& task) {
  const auto rows = task.executor.encode(task.executor.prepare(task.circuit, {}), task.rows, {});
  const auto entries = task.executor.overlaps(rows, rows).values;
  double sum = 0;
  for (std::size_t a = 0; a < compared; ++a)
    for (std::size_t b = a + 1; b < compared; ++b) sum += entries(a, b);
  return sum;
}

}  // namespace

int guadalupe(const Arguments& arguments) {
  const bool compares = arguments.work == "guadalupe-kernel";
  Task task(arguments, compares ? compared : points, compares ? shots_a_pair : 0);
  return report(arguments.repeats, [&] {
    return compares ? kernel(task) : arguments.work == "guadalupe-spsa" ? spsa(task) : gradient(task);
  });
}

}  // namespace bench
