#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/learn/fitting.h"
#include "qupel/model/qaoa/angles.h"
#include "qupel/model/qaoa/elimination.h"
#include "qupel/model/qaoa/exact_draws.h"
#include "qupel/model/qaoa/records.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/parts.h"

// Recursive QAOA: Bravyi, Kliesch, Koenig and Tang, PRL 125, 260505, 2020.
namespace qupel {
namespace {

/// Eliminates a variable by the strongest correlation that measurements show, until few are left.
Bits solved(const Qubo& qubo, std::size_t layers, std::size_t left, std::uint64_t seed, Executor& executor) {
  Elimination elimination(qubo);
  for (std::uint64_t round = 0; elimination.rest().size() > std::max<std::size_t>(left, 1); ++round) {
    const auto& rest = elimination.rest();
    const auto qubits = static_cast<int>(rest.size());
    const auto cost = ising_of(rest);
    QaoaRuns runs(executor, {cost, qubits});
    elimination.eliminate(runs.samples(fixed_angles(cost, qubits, layers), exact_draws,
                                       derive(seed, {key_of("recursive"), round})));
  }
  return elimination.whole(lowest_energy(elimination.rest()).bits);
}

class RecursiveModel final : public Fitted {
 public:
  RecursiveModel(const Decision& decision, const Settings& settings, const FitContext& context)
      : layers_(static_cast<std::size_t>(count(qaoa_recursive, settings, "layers"))),
        left_(static_cast<std::size_t>(count(qaoa_recursive, settings, "left"))),
        most_qubits_(static_cast<std::size_t>(count(qaoa_recursive, settings, "qubits"))),
        seed_(context.seed),
        rounds_(std::clamp<std::size_t>(decision.first_answer().size() / 4, 5, 30)) {}

  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto& decision = dynamic_cast<const Decision&>(instance);
    auto& executor = *context.executor;
    if (decision.variables() > most_qubits_)
      return improve_by_parts(
          decision, {.most_bits = most_qubits_, .rounds = rounds_on(executor, rounds_), .seed = seed_},
          [&](const Qubo& part, std::size_t round) {
            return std::vector<Bits>{solved(part, layers_, left_, derive(seed_, {round}), executor)};
          });
    Tries tries(decision);
    tries.add_bits(solved(decision.qubo(), layers_, left_, seed_, executor));
    return std::move(tries).take();
  }
  FitInfo info() const override {
    return {.reason = "angles taken as they are", .losses = {}, .parameters = 0};
  }

 private:
  std::size_t layers_, left_, most_qubits_;
  std::uint64_t seed_;
  std::size_t rounds_;
};

InstanceCircuit first_circuit(const Instance& instance, const Settings& settings) {
  const auto& decision = dynamic_cast<const Decision&>(instance);
  const auto most = static_cast<std::size_t>(count(qaoa_recursive, settings, "qubits"));
  const auto qubo = first_qubo(decision, most);
  if (qubo.size() == 0) return {};
  const auto circuit = qaoa_circuit({ising_of(qubo), static_cast<int>(qubo.size())},
                                    static_cast<std::size_t>(count(qaoa_recursive, settings, "layers")));
  return {circuit.cost(), {"", to_qasm(circuit), {}}};
}

}  // namespace

const Contender qaoa_recursive{
    .name = "qaoa-recursive",
    .summary = "eliminates variable after variable by the correlation that a QAOA measures most strongly",
    .source = "Bravyi, Kliesch, Koenig and Tang, PRL 125, 260505, 2020",
    .family = Family::quantum,
    .hyperparameters = {{"layers", "p, with known angles", {1.0, 2.0, 4.0}, whole(16)},
                        {"left", "variables that are enumerated in the end", {4.0, 8.0}, whole(16)},
                        {"qubits",
                         "of a circuit: what has more variables is improved in parts of so many",
                         {16.0},
                         whole(24)}},
    .fit = [](const Instance& instance, const Settings& settings,
              const FitContext& context) -> std::unique_ptr<Fitted> {
      return std::make_unique<RecursiveModel>(dynamic_cast<const Decision&>(instance), settings, context);
    },
    .solves = all_decisions(),
    .instance_circuit = first_circuit,
};

}  // namespace qupel
