#include "fit.h"
#include "guadalupe.h"
#include "heuristics.h"
#include "mitigation.h"
#include "molecule.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/encode/encoding.h"
#include "qupel/engine/batch/batch.h"
#include "qupel/engine/engine.h"
#include "qupel/engine/qaoa/qaoa.h"
#include "qupel/engine/tiled/tiled_state.h"
#include "work.h"

// The engines at their own doors, not the executor: each row compares one engine with another program's, and
// what stands around it (preparing circuits, drawing only, keeping a state) is timed or left out by the row's
// rule.
namespace {

using namespace qupel;

Precision precision(const bench::Arguments& arguments) {
  return arguments.single ? Precision::single : Precision::double_;
}

/// RY of every feature, if there are any, then the layers; `trainable` makes every angle of theirs a
/// parameter.
Circuit ring_circuit(int qubits, int features, int depth, bool trainable) {
  Circuit circuit(qubits);
  for (int q = 0; q < features; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  int parameters = 0;
  bench::ring_circuit(
      qubits, depth,
      [&](char axis, int q, double angle) {
        circuit.add(axis == 'Y' ? "ry" : "rz", {q}, {trainable ? Angle::parameter(parameters++) : angle});
      },
      [&](int a, int b) {
        circuit.add("cx", {a, b});
      });
  return circuit;
}

Matrix<double> features(int samples, int columns) {
  Matrix<double> features(static_cast<std::size_t>(samples), static_cast<std::size_t>(columns));
  std::ranges::copy(bench::draws(8, features.values().size()), features.data());
  return features;
}

/// The sum of <Z0> over all samples.
int encode_and_layers(const bench::Arguments& arguments) {
  const auto circuit = ring_circuit(arguments.qubits, arguments.qubits, bench::layers, false);
  const auto data = features(bench::samples, arguments.qubits);
  const BatchProgram program(circuit, {Observable::z(0)}, precision(arguments));
  return bench::report(arguments.repeats, [&] {
    const auto expectations = program.expectations(data, {}, arguments.threads);
    return std::accumulate(expectations.values().begin(), expectations.values().end(), 0.0);
  });
}

Observable observable(const bench::Arguments& arguments) {
  Observable sum;
  for (const auto& [weight, letters] : bench::pauli_sum(arguments)) {
    PauliString pauli;
    for (const auto& [qubit, letter] : letters) pauli.set(qubit, letter);
    sum.terms.push_back({weight, std::move(pauli)});
  }
  return sum;
}

/// All derivatives of the sum of an observable over the samples, weighted.
int gradient(const bench::Arguments& arguments, int samples, int columns, int depth) {
  const auto circuit = ring_circuit(arguments.qubits, columns, depth, true);
  const auto data = features(samples, columns);
  const auto parameters = bench::draws(7, static_cast<std::size_t>(circuit.parameters()));
  const BatchProgram program(circuit, {observable(arguments)}, precision(arguments));
  const auto ones = [](std::size_t, const Matrix<double>&, Matrix<double>& derivatives) {
    std::ranges::fill(derivatives.values(), 1.0);
  };
  return bench::report(arguments.repeats, [&] {
    return bench::weighted(program.gradient(data, parameters, ones, false, arguments.threads).parameters);
  });
}

/// <Z0> from the counts; only drawing them is timed.
int shots(const bench::Arguments& arguments) {
  const TiledState state(ring_circuit(arguments.qubits, 0, bench::deep_layers, false), precision(arguments),
                         arguments.threads);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;
  auto result = bench::best_of(arguments.repeats, [&] {
    counts = state.counts(bench::shots, 1, arguments.threads);
    return 0.0;
  });
  for (const auto& [basis_state, count] : counts)
    result.value += (basis_state & 1 ? -1.0 : 1.0) * static_cast<double>(count) / bench::shots;
  return bench::report(result);
}

/// The sum of all entries, from the features on.
int fidelity_kernel(const bench::Arguments& arguments) {
  const auto& zz_map = encoding("zz-map");
  const EncodingOptions options{.repeats = 2};
  const auto data = features(bench::kernel_rows, arguments.qubits);
  return bench::report(arguments.repeats, [&] {
    const BatchProgram program(zz_map.circuit(arguments.qubits, options), {}, precision(arguments));
    const auto states = program.prepare(encode_rows(zz_map, options, data, 1), {}, arguments.threads);
    const auto kernel = fidelities(states, states, arguments.threads);
    return std::accumulate(kernel.values().begin(), kernel.values().end(), 0.0);
  });
}

int qaoa(const bench::Arguments& arguments) {
  Qaoa qaoa(CostFunction(bench::labs(arguments.qubits)), precision(arguments), arguments.threads);
  const QaoaAngles angles{bench::gammas, bench::betas};
  return bench::report(arguments.repeats, [&] {
    if (arguments.work == "qaoa-labs") return qaoa.objective(angles);
    auto [gammas, betas] = qaoa.gradient(angles).gradient;
    gammas.insert(gammas.end(), betas.begin(), betas.end());
    return bench::weighted(gammas);
  });
}

/// <Z0> of a circuit: a file, and for noise its rules and a number of trajectories. Without noise a shot is
/// drawn, too, which needs the whole state, as peers compute it, not a light cone.
int circuit(const bench::Arguments& arguments) {
  Job job{read_qasm_file(arguments.more[0]).circuit};
  job.observables = {Observable::z(0)};
  job.precision = precision(arguments);
  job.threads = arguments.threads;
  if (arguments.more.size() == 1) {
    job.shots = 1;
  } else {
    job.noise = parse_noise(arguments.more[1]);
    job.trajectories = std::stoull(arguments.more[2]);
    job.seed = 1;
  }
  return bench::report(arguments.repeats, [&] { return run(job).expectations[0]; });
}

}  // namespace

int main(int, char** argv) {
  const bench::Arguments arguments(argv);
  const auto& work = arguments.work;
  if (work == "pec-200") return bench::cancelled(arguments);
  if (work == "readout-1m") return bench::read(arguments);
  if (work.starts_with("guadalupe-")) return bench::guadalupe(arguments);
  if (work.starts_with("annealing-") || work.starts_with("tabu-")) return bench::heuristics(arguments);
  if (work.starts_with("fci-")) return bench::full_ci(arguments);
  if (work == "uccsd-gradient") return bench::uccsd_gradient(arguments);
  if (!arguments.more.empty()) return circuit(arguments);
  if (work == "encode-and-layers") return encode_and_layers(arguments);
  if (work == "gradient-z0" || work == "gradient-50-terms")
    return gradient(arguments, 1, 0, bench::deep_layers);
  if (work == "gradient-batch-256")
    return gradient(arguments, bench::batch, arguments.qubits, bench::deep_layers);
  if (work == "training-step")
    return gradient(arguments, bench::training_batch, arguments.qubits, bench::layers);
  if (work.starts_with("fit-")) return bench::fit(arguments);
  if (work == "shots-1m") return shots(arguments);
  if (work == "fidelity-kernel") return fidelity_kernel(arguments);
  return work.starts_with("qaoa-labs") ? qaoa(arguments) : 2;
}
