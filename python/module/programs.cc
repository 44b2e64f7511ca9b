#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>

#include "arrays.h"
#include "parts.h"
#include "placed_noise.h"
#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/base/usable_memory.h"
#include "qupel/execute/executor.h"
#include "unlocked.h"

namespace qupel::python {
namespace {

using namespace nb::literals;

/// How circuits run, as Python says it.
struct Options {
  std::string precision = "double", noise = {}, engine = {};
  std::optional<Device> device = std::nullopt;
  std::uint64_t trajectories = 0, shots = 0, seed = 0;
  std::vector<std::string> mitigation = {};
  int threads = 0;
  std::vector<Kraus> channels = {};  ///< of the circuit's own places
};

constexpr std::uint64_t most_threads = 1'000'000;

std::uint64_t number_of(nb::handle object, const char* name) {
  std::int64_t value = 0;
  if (!nb::try_cast(object, value)) {
    // Seeds may be as large as a number of 64 bits.
    std::uint64_t large = 0;
    if (nb::try_cast(object, large)) return large;
    throw InputError(
        fmt::format("{} must be a whole number, not {}", name, nb::cast<std::string>(nb::repr(object))));
  }
  if (value < 0) throw InputError(fmt::format("{} of {}: the number must not be negative", name, value));
  return static_cast<std::uint64_t>(value);
}

/// 0: none is named.
int threads_of(nb::handle object) {
  if (object.is_none()) return 0;
  const auto threads = number_of(object, "threads");
  if (threads > most_threads)
    throw InputError(fmt::format("threads of {}: the number must be at most {}", threads, most_threads));
  return static_cast<int>(threads);
}

Precision precision_of(std::string_view name) {
  if (name == "single") return Precision::single;
  if (name == "double") return Precision::double_;
  throw InputError(fmt::format("\"{}\" is no precision; choose one of double, single", name));
}

/// What stands behind Options, kept as long as circuits run.
struct Running {
  explicit Running(const Options& options)
      : mitigation(options.mitigation.empty() ? nullptr : qupel::mitigation(options.mitigation)),
        threads(thread_count(options.threads)) {
    execution.precision = precision_of(options.precision);
    if (!options.noise.empty()) execution.noise = parse_noise(options.noise);
    execution.noise = placed_noise(options.channels, std::move(execution.noise));
    if (options.device) execution.device = std::make_shared<const Device>(*options.device);
    execution.trajectories = options.trajectories;
    execution.shots = options.shots;
    execution.seed = options.seed;
    execution.engine = options.engine;
    execution.mitigation = mitigation.get();
  }
  std::unique_ptr<Mitigation> mitigation;
  Execution execution;
  int threads;
};

Options options_of(const std::string& precision, nb::handle threads, const std::string& noise,
                   const std::optional<Device>& device, nb::handle trajectories, nb::handle shots,
                   const std::vector<std::string>& mitigation, const std::string& engine, nb::handle seed) {
  return {.precision = precision,
          .noise = noise,
          .engine = engine,
          .device = device,
          .trajectories = number_of(trajectories, "trajectories"),
          .shots = number_of(shots, "shots"),
          .seed = number_of(seed, "a seed"),
          .mitigation = mitigation,
          .threads = threads_of(threads)};
}

/// A circuit with its observables, prepared for an execution. Calls from several threads run side by side.
class Program {
 public:
  Program(Circuit circuit, std::vector<Observable> observables, Options options)
      : options_(std::move(options)),
        running_(options_),
        prepared_(Executor(running_.execution, running_.threads).prepare(circuit, std::move(observables))) {}

  const Options& options() const { return options_; }
  const Circuit& circuit() const { return prepared_.circuit(); }
  std::vector<Observable> observables() const {
    return {prepared_.observables().begin(), prepared_.observables().end()};
  }

  /// Numbers of samples; without features as many samples as rows, or one.
  Matrix<double> samples(nb::handle features) const {
    const auto columns = static_cast<std::size_t>(circuit().features());
    if (features.is_none()) {
      if (columns > 0)
        throw InputError(fmt::format("the circuit has {} features, and none were given", columns));
      return {1, 0};
    }
    auto made = matrix_of(features, "X");
    if (made.columns() != columns)
      throw InputError(fmt::format("X has {} columns; the circuit has {} features", made.columns(), columns));
    return made;
  }

  std::vector<double> trained(nb::handle parameters) const {
    auto made = vector_of(parameters, "theta");
    const auto wanted = static_cast<std::size_t>(circuit().parameters());
    if (made.size() != wanted)
      throw InputError(
          fmt::format("theta has {} numbers; the circuit has {} parameters", made.size(), wanted));
    return made;
  }

  /// Calls use(executor, prepared) without Python's lock. Every call with chance in it has random numbers of
  /// its own, unless it names its seed.
  template <class Use>
  auto with_executor(const std::optional<std::uint64_t>& seed, std::uint64_t shots, Use&& use) const {
    auto execution = running_.execution;
    if (shots > 0) execution.shots = shots;
    if (seed)
      execution.seed = *seed;
    else if (execution.shots > 0 || execution.trajectories > 0)
      execution.seed = derive(execution.seed, {key_of("python"), calls_++});
    return without_lock([&] {
      Executor executor(std::move(execution), running_.threads);
      return use(executor, prepared_);
    });
  }

 private:
  Options options_;
  Running running_;
  Prepared prepared_;
  mutable std::atomic<std::uint64_t> calls_ = 0;
};

using Seed = std::optional<std::uint64_t>;

Seed seed_of(nb::handle object) { return object.is_none() ? Seed() : Seed(number_of(object, "a seed")); }

nb::object expectations(const Program& program, nb::handle x, nb::handle theta, nb::handle seed) {
  const auto features = program.samples(x);
  const auto parameters = program.trained(theta);
  auto found = program.with_executor(seed_of(seed), 0, [&](Executor& executor, const Prepared& prepared) {
    return executor.expectations(prepared, features, parameters);
  });
  return nb::cast(lent(std::move(found.values)));
}

nb::tuple estimate(const Program& program, nb::handle x, nb::handle theta, nb::handle seed) {
  const auto features = program.samples(x);
  const auto parameters = program.trained(theta);
  auto found = program.with_executor(seed_of(seed), 0, [&](Executor& executor, const Prepared& prepared) {
    return executor.expectations(prepared, features, parameters);
  });
  if (found.errors.empty()) found.errors = Matrix<double>(found.values.rows(), found.values.columns());
  return nb::make_tuple(lent(std::move(found.values)), lent(std::move(found.errors)));
}

nb::tuple vjp(const Program& program, nb::handle x, nb::handle theta, nb::handle cotangents,
              bool features_too, nb::handle seed) {
  const auto features = program.samples(x);
  const auto parameters = program.trained(theta);
  const auto given = matrix_of(cotangents, "a cotangent");
  const auto columns = program.observables().size();
  if (given.rows() != features.rows() || given.columns() != columns)
    throw InputError(fmt::format("cotangents of {} x {}; they must be samples x observables, {} x {}",
                                 given.rows(), given.columns(), features.rows(), columns));
  auto found = program.with_executor(seed_of(seed), 0, [&](Executor& executor, const Prepared& prepared) {
    const auto fill = [&](std::size_t first, const Matrix<double>&, Matrix<double>& derivatives) {
      std::copy_n(given.data() + first * columns, derivatives.values().size(), derivatives.data());
    };
    return executor.gradient(prepared, features, parameters, fill, features_too);
  });
  return nb::make_tuple(lent(std::move(found.values)), lent(std::move(found.parameters)),
                        lent(std::move(found.features)));
}

nb::tuple jacobian(const Program& program, nb::handle x, nb::handle theta, nb::handle seed) {
  const auto features = program.samples(x);
  const auto parameters = program.trained(theta);
  auto found = program.with_executor(seed_of(seed), 0, [&](Executor& executor, const Prepared& prepared) {
    return executor.jacobian(prepared, features, parameters);
  });
  const auto rows = features.rows(), observables = program.observables().size();
  const auto shaped = [&](Matrix<double>&& matrix) {
    const auto columns = matrix.columns();
    return lent(std::vector<double>(matrix.values().begin(), matrix.values().end()),
                {rows, observables, columns});
  };
  return nb::make_tuple(lent(std::move(found.values)), shaped(std::move(found.parameters)),
                        shaped(std::move(found.features)));
}

nb::object states(const Program& program, nb::handle x, nb::handle theta) {
  const auto features = program.samples(x);
  const auto parameters = program.trained(theta);
  return nb::cast(lent(program.with_executor({}, 0, [&](Executor& executor, const Prepared& prepared) {
    return executor.states(prepared, features, parameters);
  })));
}

nb::object kernel(const Program& program, nb::handle a, nb::handle b, nb::handle theta, nb::handle seed) {
  const auto parameters = program.trained(theta);
  auto left = program.samples(a);
  std::optional<Matrix<double>> right;
  if (!b.is_none()) right = program.samples(b);
  return nb::cast(
      lent(program.with_executor(seed_of(seed), 0, [&](Executor& executor, const Prepared& prepared) {
        const auto rows = executor.encode(prepared, std::move(left), parameters);
        return executor
            .overlaps(rows, right ? executor.encode(prepared, std::move(*right), parameters) : rows)
            .values;
      })));
}

std::vector<ShotCounts> counts_of(const Program& program, nb::handle x, nb::handle theta, nb::handle shots,
                                  const Seed& seed) {
  const auto features = program.samples(x);
  const auto parameters = program.trained(theta);
  const auto wanted = shots.is_none() ? program.options().shots : number_of(shots, "shots");
  if (wanted == 0) throw InputError("0 shots: say shots=1000, here or where the circuit is compiled");
  return program.with_executor(seed, wanted, [&](Executor& executor, const Prepared& prepared) {
    return executor.samples(prepared, features, parameters);
  });
}

nb::list counts(const Program& program, nb::handle x, nb::handle theta, nb::handle shots, nb::handle seed) {
  nb::list all;
  for (const auto& sample : counts_of(program, x, theta, shots, seed_of(seed))) {
    nb::dict found;
    for (const auto& [basis_state, count] : sample) {
      std::string bits;
      for (int q = program.circuit().qubits(); q-- > 0;) bits += ((basis_state >> q) & 1) != 0 ? '1' : '0';
      found[bits.c_str()] = count;
    }
    all.append(found);
  }
  return all;
}

// Shots are drawn as counts; which came first is drawn afterwards.
void spread(const ShotCounts& counts, std::uint64_t seed, std::span<std::uint64_t> shots) {
  constexpr std::size_t between_checks = 1 << 20;
  std::size_t placed = 0;
  Random random(seed);
  // A random order, made as the list grows: each new shot changes places with one of those before it, or
  // stays.
  for (const auto& [basis_state, count] : counts)
    for (std::uint64_t i = 0; i < count; ++i, ++placed) {
      if (placed % between_checks == 0) check_interrupt();
      const auto other = random.below(placed + 1);
      shots[placed] = shots[other];
      shots[other] = basis_state;
    }
}

nb::object sample(const Program& program, nb::handle x, nb::handle theta, nb::handle shots, nb::handle seed) {
  const auto named = seed_of(seed);
  const auto all = counts_of(program, x, theta, shots, named);
  std::uint64_t each = 0;
  for (const auto& [basis_state, count] : all.empty() ? ShotCounts() : all.front()) each += count;
  require_bytes(8.0 * static_cast<double>(all.size()) * static_cast<double>(each),
                fmt::format("a list of {} shots of each of {} samples", each, all.size()));
  Matrix<std::uint64_t> drawn(all.size(), each);
  const auto base = named.value_or(program.options().seed);
  without_lock([&] {
    for (std::size_t r = 0; r < all.size(); ++r)
      spread(all[r], derive(base, {key_of("order of shots"), r}), drawn.row(r));
  });
  return nb::cast(lent(std::move(drawn)));
}

std::vector<Kraus> channels_of(const nb::list& given) {
  std::vector<Kraus> all;
  for (const nb::handle channel : given) {
    Kraus operators;
    for (const nb::handle each : channel)
      operators.push_back(complex_matrix_of(each, "an operator of a channel"));
    all.push_back(std::move(operators));
  }
  return all;
}

nb::list arrays_of(const std::vector<Kraus>& channels) {
  nb::list all;
  for (const auto& channel : channels) {
    nb::list operators;
    for (const auto& each : channel) operators.append(lent(Matrix<Complex>(each)));
    all.append(operators);
  }
  return all;
}

nb::tuple state_of(const Program& program) {
  const auto& o = program.options();
  return nb::make_tuple(program.circuit(), program.observables(), o.precision, o.threads, o.noise,
                        o.device ? nb::cast(*o.device) : nb::none(), o.trajectories, o.shots, o.mitigation,
                        o.engine, o.seed, arrays_of(o.channels));
}

nb::dict run_once(const Circuit& circuit, std::vector<Observable> observables, bool state, int variances,
                  const std::string& precision, nb::handle threads, const std::string& noise,
                  const std::optional<Device>& device, nb::handle trajectories, nb::handle shots,
                  const std::string& engine, nb::handle seed) {
  const auto options = options_of(precision, threads, noise, device, trajectories, shots, {}, engine, seed);
  const Running running(options);
  const Question question{.observables = std::move(observables),
                          .variances = static_cast<std::size_t>(variances),
                          .state = state,
                          .shots = options.shots};
  auto outcome = without_lock([&] {
    Executor executor(running.execution, running.threads);
    return executor.run(circuit, question);
  });
  nb::dict found, drawn;
  for (const auto& [bits, count] : outcome.bit_counts) drawn[bits.c_str()] = count;
  for (const auto& [basis_state, count] : outcome.counts) {
    std::string bits;
    for (int q = circuit.qubits(); q-- > 0;) bits += ((basis_state >> q) & 1) != 0 ? '1' : '0';
    drawn[bits.c_str()] = count;
  }
  found["expectations"] = lent(std::move(outcome.expectations));
  found["errors"] = lent(std::move(outcome.errors));
  found["variances"] = lent(std::move(outcome.variances));
  found["state"] = lent(std::move(outcome.state));
  found["counts"] = drawn;
  found["engine"] = outcome.engine;
  return found;
}

}  // namespace

void add_programs(nb::module_& module) {
  const auto none = nb::none();
#define QUPEL_ARRAY "numpy.typing.ArrayLike | None"
  nb::class_<Program>(module, "Program", "A circuit with its observables, compiled; see qupel.compile().")
      .def(
          "__init__",
          [](Program* self, const Circuit& circuit, std::vector<Observable> observables,
             const std::string& precision, nb::handle threads, const std::string& noise,
             const std::optional<Device>& device, nb::handle trajectories, nb::handle shots,
             const std::vector<std::string>& mitigation, const std::string& engine, nb::handle seed,
             const nb::list& channels) {
            auto options =
                options_of(precision, threads, noise, device, trajectories, shots, mitigation, engine, seed);
            options.channels = channels_of(channels);
            new (self) Program(circuit, std::move(observables), std::move(options));
          },
          "circuit"_a, "observables"_a, "precision"_a = "double", "threads"_a = none, "noise"_a = "",
          "device"_a = none, "trajectories"_a = 0, "shots"_a = 0, "mitigation"_a = std::vector<std::string>(),
          "engine"_a = "", "seed"_a = 0, "channels"_a = nb::list())
      .def("expectations", &expectations, "x"_a = none, "theta"_a = none, "seed"_a = none,
           nb::sig("def expectations(self, x: " QUPEL_ARRAY " = None, theta: " QUPEL_ARRAY
                   " = None, seed: int | None = None) -> numpy.typing.NDArray[numpy.float64]"),
           "samples x observables")
      .def(
          "estimate", &estimate, "x"_a = none, "theta"_a = none, "seed"_a = none,
          nb::sig(
              "def estimate(self, x: " QUPEL_ARRAY " = None, theta: " QUPEL_ARRAY
              " = None, seed: int | None = None) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]"),
          "Expectation values and their standard errors, which are 0 where values are exact.")
      .def(
          "vjp", &vjp, "x"_a.none(), "theta"_a.none(), "cotangents"_a, "features"_a = true, "seed"_a = none,
          nb::sig(
              "def vjp(self, x: " QUPEL_ARRAY ", theta: " QUPEL_ARRAY
              ", cotangents: numpy.typing.ArrayLike, features: bool = True, seed: int | None = None) -> "
              "tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]"),
          "Values, derivatives by the parameters, derivatives by the features.")
      .def(
          "jacobian", &jacobian, "x"_a = none, "theta"_a = none, "seed"_a = none,
          nb::sig(
              "def jacobian(self, x: " QUPEL_ARRAY " = None, theta: " QUPEL_ARRAY
              " = None, seed: int | None = None) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], "
              "numpy.typing.NDArray[numpy.float64]]"),
          "Values, derivatives by the parameters, derivatives by the features; the latter samples x observables x slots.")
      .def("states", &states, "x"_a = none, "theta"_a = none,
           nb::sig("def states(self, x: " QUPEL_ARRAY " = None, theta: " QUPEL_ARRAY
                   " = None) -> numpy.typing.NDArray[numpy.complex128]"),
           "Amplitudes, samples x 2^qubits.")
      .def("kernel", &kernel, "a"_a.none(), "b"_a = none, "theta"_a = none, "seed"_a = none,
           nb::sig("def kernel(self, a: " QUPEL_ARRAY ", b: " QUPEL_ARRAY " = None, theta: " QUPEL_ARRAY
                   " = None, seed: int | None = None) -> numpy.typing.NDArray[numpy.float64]"),
           "|<a_i|b_j>|^2, rows of a x rows of b; None for b: of a with itself.")
      .def("counts", &counts, "x"_a = none, "theta"_a = none, "shots"_a = none, "seed"_a = none,
           nb::sig("def counts(self, x: " QUPEL_ARRAY " = None, theta: " QUPEL_ARRAY
                   " = None, shots: int | None = None, seed: int | None = None) -> list[dict[str, int]]"),
           "How often each bit string was measured, qubit 0 last, a dictionary a sample.")
      .def(
          "sample", &sample, "x"_a = none, "theta"_a = none, "shots"_a = none, "seed"_a = none,
          nb::sig(
              "def sample(self, x: " QUPEL_ARRAY " = None, theta: " QUPEL_ARRAY
              " = None, shots: int | None = None, seed: int | None = None) -> numpy.typing.NDArray[numpy.uint64]"),
          "Basis states that were measured, samples x shots; qubit 0 is the lowest bit.")
      .def_prop_ro("circuit", [](const Program& p) { return p.circuit(); })
      .def_prop_ro("observables", &Program::observables)
      .def_prop_ro("shots", [](const Program& p) { return p.options().shots; })
      .def("__reduce__", [](nb::handle self) {
        return nb::make_tuple(self.type(), state_of(nb::cast<const Program&>(self)));
      });
#undef QUPEL_ARRAY
  module.def("_run", &run_once, "circuit"_a, "observables"_a, "state"_a, "variances"_a, "precision"_a,
             "threads"_a.none(), "noise"_a, "device"_a.none(), "trajectories"_a, "shots"_a, "engine"_a,
             "seed"_a);
}

}  // namespace qupel::python
