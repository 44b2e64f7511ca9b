#include <algorithm>

#include "qupel/base/random.h"
#include "qupel/learn/fitting.h"
#include "qupel/model/qaoa/angles.h"
#include "qupel/model/qaoa/exact_draws.h"
#include "qupel/model/qaoa/records.h"
#include "qupel/model/qaoa/variant_circuits.h"
#include "qupel/problem/optimization/parts.h"
#include "qupel/problem/optimization/relaxation.h"
#include "qupel/train/optimizer.h"

// QAOAs that run as circuits: other starts, mixers and angles than the usual one.
namespace qupel {
namespace {

enum class Variant { multi_angle, warm_start, counterdiabatic, grover };

const Contender& record_of(Variant variant) {
  switch (variant) {
    case Variant::multi_angle:
      return qaoa_multi_angle;
    case Variant::warm_start:
      return qaoa_warm_start;
    case Variant::counterdiabatic:
      return qaoa_counterdiabatic;
    case Variant::grover:
      break;
  }
  return qaoa_grover;
}

VariantCircuit circuit_of(Variant variant, const Qubo& qubo, std::size_t layers, std::uint64_t seed) {
  switch (variant) {
    case Variant::multi_angle:
      return multi_angle_circuit(qubo, layers);
    case Variant::warm_start:
      return warm_start_circuit(qubo, softened(relaxed_bits(qubo, seed), warm_start_margin), layers);
    case Variant::counterdiabatic:
      return counterdiabatic_circuit(qubo, layers);
    case Variant::grover:
      break;
  }
  return grover_circuit(qubo, layers);
}

struct Trained {
  std::vector<double> parameters;
  FitInfo info{.reason = "angles taken as they are", .losses = {}, .parameters = 0};
};

/// By exact gradients of the mean cost.
Trained trained(Executor& executor, const VariantCircuit& variant, const Qubo& qubo, std::size_t steps) {
  const auto cost = ising_of(qubo);
  const double scale = coupling_scale(cost, static_cast<int>(qubo.size()));
  const auto prepared = executor.prepare(variant.circuit, {cost});
  const Objective mean = [&](std::span<const double> parameters, std::span<double> gradient, std::size_t) {
    const auto found = executor.gradient(
        prepared, Matrix<double>(1, 0), parameters,
        [](std::size_t, const Matrix<double>&, Matrix<double>& slopes) { slopes(0, 0) = 1; });
    for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] = found.parameters[k] / scale;
    return found.values(0, 0) / scale;
  };
  const auto optimum = lbfgs(mean, variant.start,
                             {.max_steps = steps, .gradient_tolerance = 1e-4, .relative_tolerance = 1e-6});
  return {optimum.parameters, fit_info(optimum)};
}

/// Counts of the execution's shots or, if it is exact, of draws that follow the seed.
std::vector<std::pair<Bits, std::int64_t>> measured(Executor& executor, const VariantCircuit& variant,
                                                    const std::vector<double>& parameters, std::size_t count,
                                                    std::uint64_t seed) {
  const auto circuit = variant.circuit.bind({}, parameters);
  auto execution = executor.execution();
  Outcome outcome;
  if (execution.shots > 0) {
    outcome = executor.run(circuit, {.shots = execution.shots});
  } else {
    execution.seed = seed;
    Executor drawn(execution);
    outcome = drawn.run(circuit, {.shots = exact_draws});
    executor.ledger() += drawn.ledger();
  }
  std::vector<std::pair<Bits, std::int64_t>> all;
  for (const auto& [state, times] : outcome.counts) {
    Bits bits(count);
    for (std::size_t i = 0; i < count; ++i) bits[i] = static_cast<std::uint8_t>(state >> i & 1);
    all.emplace_back(std::move(bits), static_cast<std::int64_t>(times));
  }
  return all;
}

class VariantModel final : public Fitted {
 public:
  VariantModel(Variant variant, const Decision& decision, const Settings& settings, const FitContext& context)
      : variant_(variant),
        layers_(static_cast<std::size_t>(count(record_of(variant), settings, "layers"))),
        most_qubits_(static_cast<std::size_t>(count(record_of(variant), settings, "qubits"))),
        seed_(context.seed),
        rounds_(part_rounds(decision.first_answer().size(), 100, context)) {
    if (decision.variables() > most_qubits_) return;
    const auto qubo = decision.qubo();
    trained_ = trained(*context.executor, circuit_of(variant_, qubo, layers_, seed_), qubo,
                       step_limit(context.for_search ? 15 : 40, context));
  }

  /// Parameters are those of the decision that they were trained for; another one, and parts of one that
  /// takes more qubits, begin and stay where training would begin.
  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto& decision = dynamic_cast<const Decision&>(instance);
    if (decision.variables() > most_qubits_) return in_parts(decision, *context.executor);
    const auto variant = circuit_of(variant_, decision.qubo(), layers_, seed_);
    const bool same = trained_.parameters.size() == variant.start.size();
    Tries tries(decision);
    for (const auto& [bits, times] :
         measured(*context.executor, variant, same ? trained_.parameters : variant.start,
                  decision.variables(), derive(seed_, {key_of("measured")})))
      tries.add_bits(bits, times);
    return std::move(tries).take();
  }
  FitInfo info() const override { return trained_.info; }

 private:
  Assignment in_parts(const Decision& decision, Executor& executor) const {
    const PartSearch search{.most_bits = most_qubits_, .rounds = rounds_on(executor, rounds_), .seed = seed_};
    return improve_by_parts(decision, search, [&](const Qubo& part, std::size_t round) {
      const auto variant = circuit_of(variant_, part, layers_, seed_);
      std::vector<Bits> candidates;
      for (auto& [bits, times] :
           measured(executor, variant, variant.start, part.size(), derive(seed_, {round})))
        candidates.push_back(std::move(bits));
      return candidates;
    });
  }

  Variant variant_;
  std::size_t layers_, most_qubits_;
  std::uint64_t seed_;
  std::size_t rounds_;
  Trained trained_;
};

template <Variant variant>
InstanceCircuit circuit_for(const Instance& instance, const Settings& settings) {
  constexpr std::size_t most_drawn = 6;  // qubits: of more nobody can read the drawing
  const auto& decision = dynamic_cast<const Decision&>(instance);
  const auto layers = static_cast<std::size_t>(count(record_of(variant), settings, "layers"));
  const auto most = static_cast<std::size_t>(count(record_of(variant), settings, "qubits"));
  const auto qubo = first_qubo(decision, most);
  if (qubo.size() == 0) return {};
  const auto circuit = circuit_of(variant, qubo, layers, 0).circuit;
  return {circuit.cost(), {qubo.size() <= most_drawn ? draw(circuit) : std::string(), to_qasm(circuit), {}}};
}

template <Variant variant>
Contender variant_record(std::string name, std::string summary, std::string source, double qubits,
                         double most) {
  return {
      .name = std::move(name),
      .summary = std::move(summary),
      .source = std::move(source),
      .family = Family::quantum,
      .hyperparameters =
          {{.name = "layers",
            .summary = "p, each of a phase by the cost and a mixer",
            .values = {2.0, 1.0},
            .range = whole(16),
            .cover = true},
           {"qubits",
            "of a circuit: what has more variables is improved in parts of so many, with angles as they start",
            {qubits},
            whole(most)}},
      .fit = [](const Instance& instance, const Settings& settings,
                const FitContext& context) -> std::unique_ptr<Fitted> {
        return std::make_unique<VariantModel>(variant, dynamic_cast<const Decision&>(instance), settings,
                                              context);
      },
      .solves = all_decisions(),
      .instance_circuit = circuit_for<variant>,
      .training = CircuitTraining{.lbfgs_steps = 40, .gradient_tolerance = 1e-4, .relative_tolerance = 1e-6},
  };
}

}  // namespace

const Contender qaoa_multi_angle = variant_record<Variant::multi_angle>(
    "qaoa-multi-angle", "a QAOA with an angle of its own for each term of the cost and each qubit",
    "Herrman et al., Sci. Rep. 12, 6781, 2022", 12, 20);

const Contender qaoa_warm_start = variant_record<Variant::warm_start>(
    "qaoa-warm-start",
    "a QAOA that begins at a relaxed solution and mixes about it; warm-start-rounding is that solution alone",
    "Egger, Marecek and Woerner, Quantum 5, 479, 2021", 12, 20);

const Contender qaoa_counterdiabatic = variant_record<Variant::counterdiabatic>(
    "qaoa-counterdiabatic", "a QAOA with a term after each mixer that holds back transitions out of the path",
    "Chandarana et al., PRR 4, 013141, 2022", 12, 20);

const Contender qaoa_grover = variant_record<Variant::grover>(
    "qaoa-grover", "a QAOA whose mixer turns about the even superposition of all bit strings",
    "Baertschi and Eidenbenz, arXiv:2006.00354", 8, static_cast<double>(most_grover_qubits));

}  // namespace qupel
