#include <algorithm>
#include <bit>
#include <limits>

#include "qupel/base/random.h"
#include "qupel/learn/fitting.h"
#include "qupel/model/qaoa/angles.h"
#include "qupel/model/qaoa/exact_draws.h"
#include "qupel/model/qaoa/qaoa_training.h"
#include "qupel/model/qaoa/records.h"
#include "qupel/problem/optimization/parts.h"

namespace qupel {
namespace {

Bits bits_of_state(std::uint64_t state, std::size_t count) {
  Bits bits(count);
  for (std::size_t i = 0; i < count; ++i) bits[i] = static_cast<std::uint8_t>(state >> i & 1);
  return bits;
}

constexpr double most_circuit_qubits = 24;  // of a circuit

/// Which of the records of this file: how the mixer moves.
enum class Mixing { every_qubit, keeps_ones };

QaoaAnsatz ansatz_of(const Qubo& qubo) {
  return {.cost = ising_of(qubo), .qubits = static_cast<int>(qubo.size())};
}

QaoaAnsatz ansatz_for(const Decision& decision, Mixing mixing) {
  // With all ones or none there is nothing to mix: the usual QAOA and its penalty find the one answer.
  const auto ones = decision.ones();
  if (mixing == Mixing::every_qubit || !ones || *ones == 0 || *ones == decision.variables())
    return ansatz_of(decision.qubo());
  auto ansatz = ansatz_of(decision.qubo_among_ones());
  ansatz.ones = static_cast<int>(*ones);
  return ansatz;
}

QaoaAngles start_angles(const QaoaAnsatz& ansatz, std::size_t layers, const std::string& name) {
  if (name != "ramp") return fixed_angles(ansatz.cost, ansatz.qubits, layers);
  auto angles = ramp_angles(layers, 0.75);
  for (double& gamma : angles.gammas) gamma /= coupling_scale(ansatz.cost, ansatz.qubits);
  return angles;
}

TrainedAngles trained(QaoaRuns& runs, const QaoaAnsatz& ansatz, const Settings& settings,
                      const FitContext& context) {
  const auto layers = static_cast<std::size_t>(count(qaoa_contender, settings, "layers"));
  const auto start = text(qaoa_contender, settings, "start"),
             training = text(qaoa_contender, settings, "training");
  const auto begin = start_angles(ansatz, layers, start);
  if (training == "none")
    return {begin, {.reason = "angles taken as they are", .losses = {}, .parameters = 0}};
  const double scale = coupling_scale(ansatz.cost, ansatz.qubits);
  const QaoaTraining how{.share = training == "cvar" ? number(qaoa_contender, settings, "share") : 1,
                         .steps = step_limit(context.for_search ? 20 : 60, context)};
  if (training == "slopes") return train_ramp(runs, layers, scale, how);
  if (start == "interpolation")
    return train_layer_by_layer(runs, fixed_angles(ansatz.cost, ansatz.qubits, 1), layers, scale, how).back();
  return train_angles(runs, begin, scale, how);
}

std::size_t widest_circuit(Mixing mixing, const Settings& settings) {
  return static_cast<std::size_t>(
      count(mixing == Mixing::keeps_ones ? qaoa_dicke : qaoa_contender, settings, "qubits"));
}

class QaoaModel final : public Fitted {
 public:
  QaoaModel(const Decision& decision, Mixing mixing, Settings settings, const FitContext& context)
      : mixing_(mixing),
        settings_(std::move(settings)),
        seed_(derive(context.seed, {key_of("measured")})),
        rounds_(part_rounds(decision.first_answer().size(), 300, context)) {
    trained_.info = {.reason = "angles taken as they are", .losses = {}, .parameters = 0};
    if (!fits(decision)) return;
    const auto ansatz = ansatz_for(decision, mixing);
    QaoaRuns runs(*context.executor, ansatz);
    trained_ = trained(runs, ansatz, settings_, context);
  }

  /// The angles were trained for one decision; to another they are transferred as they are. A decision that
  /// takes more qubits than the circuit may have is improved part by part, with angles known beforehand.
  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto& decision = dynamic_cast<const Decision&>(instance);
    if (!fits(decision)) return in_parts(decision, *context.executor);
    QaoaRuns runs(*context.executor, ansatz_for(decision, mixing_));
    auto angles = trained_.angles;
    if (angles.gammas.empty()) angles = known_angles(ansatz_for(decision, mixing_));
    Tries tries(decision);
    for (const auto& [state, count] : runs.samples(angles, exact_draws, seed_))
      tries.add_bits(bits_of_state(state, decision.variables()), static_cast<std::int64_t>(count));
    return std::move(tries).take();
  }
  FitInfo info() const override { return trained_.info; }

 private:
  bool fits(const Decision& decision) const {
    return decision.variables() <= widest_circuit(mixing_, settings_);
  }

  QaoaAngles known_angles(const QaoaAnsatz& ansatz) const {
    return start_angles(ansatz, static_cast<std::size_t>(count(qaoa_contender, settings_, "layers")),
                        text(qaoa_contender, settings_, "start"));
  }

  Assignment in_parts(const Decision& decision, Executor& executor) const {
    const PartSearch search{.most_bits = widest_circuit(mixing_, settings_),
                            .rounds = rounds_on(executor, rounds_),
                            .seed = seed_};
    return improve_by_parts(decision, search, [&](const Qubo& part, std::size_t round) {
      const auto ansatz = ansatz_of(part);
      QaoaRuns runs(executor, ansatz);
      std::vector<Bits> candidates;
      for (const auto& [state, count] :
           runs.samples(known_angles(ansatz), exact_draws, derive(seed_, {round})))
        candidates.push_back(bits_of_state(state, part.size()));
      return candidates;
    });
  }

  Mixing mixing_;
  Settings settings_;
  std::uint64_t seed_;
  std::size_t rounds_;
  TrainedAngles trained_;
};

template <Mixing mixing>
std::unique_ptr<Fitted> fit(const Instance& instance, const Settings& settings, const FitContext& context) {
  return std::make_unique<QaoaModel>(dynamic_cast<const Decision&>(instance), mixing, settings, context);
}

/// Of the whole decision or, where that has more variables than the circuit may have qubits, of a part.
template <Mixing mixing>
InstanceCircuit circuit_for(const Instance& instance, const Settings& settings) {
  constexpr int most_drawn = 6;  // qubits: of more nobody can read the drawing
  const auto& decision = dynamic_cast<const Decision&>(instance);
  const auto layers = static_cast<std::size_t>(count(qaoa_contender, settings, "layers"));
  QaoaAnsatz ansatz;
  if (decision.variables() <= widest_circuit(mixing, settings)) {
    ansatz = ansatz_for(decision, mixing);
  } else {
    Random random(0);
    ansatz = ansatz_of(decision.part(decision.first_answer(), widest_circuit(mixing, settings), random).qubo);
  }
  if (ansatz.qubits == 0) return {};
  const auto circuit = qaoa_circuit(ansatz, layers);
  return {circuit.cost(),
          {ansatz.qubits <= most_drawn ? draw(circuit) : std::string(), to_qasm(circuit), {}}};
}

/// The lowest and the highest cost of the strings that the mixer reaches.
std::pair<double, double> reachable_costs(const QaoaAnsatz& ansatz) {
  const CostFunction cost(ansatz.cost, ansatz.qubits);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::uint64_t state = 0; state < cost.values().size(); ++state)
    if (ansatz.ones == 0 || std::popcount(state) == ansatz.ones) {
      low = std::min(low, cost.values()[state]);
      high = std::max(high, cost.values()[state]);
    }
  return {low, high};
}

/// What more layers bring: how far the mean cost is on its way from the worst to the best, with known angles
/// and with trained ones.
template <Mixing mixing>
std::vector<Plot> ratio_by_depth(const Instance& instance, const Settings&) {
  constexpr std::size_t most_layers = 8, largest = 14;  // qubits: a second or so
  const auto& decision = dynamic_cast<const Decision&>(instance);
  if (decision.variables() > largest) return {};
  const auto ansatz = ansatz_for(decision, mixing);
  const auto [low, high] = reachable_costs(ansatz);
  if (!(high > low)) return {};
  Executor executor(Precision::double_);
  QaoaRuns runs(executor, ansatz);
  const auto ratio = [&, best = low, worst = high](const QaoaAngles& angles) {
    return (worst - runs.gradient(angles).objective) / (worst - best);
  };
  Series known{.name = "known angles", .points = {}}, trained_ones{.name = "trained angles", .points = {}};
  const auto trained = train_layer_by_layer(runs, fixed_angles(ansatz.cost, ansatz.qubits, 1), most_layers,
                                            coupling_scale(ansatz.cost, ansatz.qubits), {.steps = 40});
  for (std::size_t p = 1; p <= most_layers; ++p) {
    known.points.emplace_back(p, ratio(fixed_angles(ansatz.cost, ansatz.qubits, p)));
    trained_ones.points.emplace_back(p, ratio(trained[p - 1].angles));
  }
  return {
      {.title = "approximation ratio of the mean cost by depth: 1 is the optimum, 0 the worst of all answers",
       .x_label = "layers",
       .y_label = "ratio",
       .series = {std::move(known), std::move(trained_ones)}}};
}

template <Mixing mixing>
std::string more_than_a_budget(const Instance& instance) {
  if (mixing == Mixing::every_qubit || dynamic_cast<const Decision&>(instance).ones()) return "";
  return "the number of ones is not the only constraint, and its mixer keeps no other";
}

template <Mixing mixing>
Contender qaoa_record(std::string name, std::string summary, std::string source,
                      std::vector<std::string> kinds, double qubits) {
  return {
      .name = std::move(name),
      .summary = std::move(summary),
      .source = std::move(source),
      .family = Family::quantum,
      .hyperparameters =
          {{.name = "layers",
            .summary = "p, each of a phase by the cost and a mixer",
            .values = {4.0, 1.0, 2.0, 8.0},
            .range = whole(64),
            .cover = true},
           {"start",
            "where the angles begin: known ones, a linear ramp, or those trained for one layer fewer, "
            "interpolated",
            {"fixed", "ramp", "interpolation"}},
           {"training",
            "of the angles by exact gradients: on the mean cost, on the mean of the lowest ones, of nothing but "
            "the two slopes of a linear ramp, or none",
            {"mean", "cvar", "slopes", "none"}},
           {"qubits",
            "of a circuit: what has more variables is improved in parts of so many, with known angles",
            {qubits},
            whole(most_circuit_qubits)},
           {"share", "of the measurements that the lowest costs make up", {0.1, 0.25}, up_to(1)}},
      .fit = fit<mixing>,
      .solves = std::move(kinds),
      .instance_circuit = circuit_for<mixing>,
      .charts = ratio_by_depth<mixing>,
      .refuses = more_than_a_budget<mixing>,
      .training = CircuitTraining{.lbfgs_steps = 60, .gradient_tolerance = 1e-4, .relative_tolerance = 1e-6},
  };
}

}  // namespace

const Contender qaoa_contender = qaoa_record<Mixing::every_qubit>(
    "qaoa",
    "layers of phases by the cost and of rotations of all qubits, measured; the best of the measurements",
    "Farhi, Goldstone and Gutmann, arXiv:1411.4028", all_decisions(), 16);

const Contender qaoa_dicke = qaoa_record<Mixing::keeps_ones>(
    "qaoa-dicke",
    "a QAOA whose mixer keeps the number of ones: it measures nothing but answers within the budget",
    "Hadfield et al. 2019; Brandhofer et al. 2023", {"portfolio"}, 20);  // it stores fewer amplitudes

}  // namespace qupel
