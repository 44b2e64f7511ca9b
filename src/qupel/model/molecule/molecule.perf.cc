#include <benchmark/benchmark.h>

#include "qupel/electrons/davidson.h"
#include "qupel/model/molecule/uccsd.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/xyz.h"

namespace qupel {
namespace {

constexpr std::string_view lih = "2\n\nLi 0 0 0\nH 0 0 1.595\n", nitrogen = "2\n\nN 0 0 0\nN 0 0 1.0977\n",
                           water = "3\n\nO 0 0 0\nH 0 0.757160 0.586932\nH 0 -0.757160 0.586932\n";

ElectronicSystem system_of(std::string_view xyz) {
  const MoleculeProblem problem("molecule", "molecule.xyz", read_xyz(xyz, "molecule.xyz"), {});
  return problem.system(0);
}

/// Goal: a tenth of PennyLane Lightning's 54 and 127 ms for LiH and water, one thread.
void uccsd_gradient(benchmark::State& state, std::string_view xyz) {
  const auto system = system_of(xyz);
  const auto ansatz = uccsd_ansatz(system);
  const SectorProgram<double> program(ansatz, system.integrals);
  const std::vector<double> parameters(ansatz.parameters(), 0.01);
  for (auto _ : state) benchmark::DoNotOptimize(program.gradient(parameters, 1));
}
BENCHMARK_CAPTURE(uccsd_gradient, lih_goal_5_ms, lih)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(uccsd_gradient, water_goal_12_ms, water)->Unit(benchmark::kMillisecond);

/// Goal: a second for the 14,400 determinants of nitrogen.
void full_configuration_interaction(benchmark::State& state) {
  const auto system = system_of(nitrogen);
  const Sector sector(system.orbitals(), system.alpha, system.beta);
  for (auto _ : state) benchmark::DoNotOptimize(lowest_states(system.integrals, sector));
}
BENCHMARK(full_configuration_interaction)->Unit(benchmark::kMillisecond);

/// Goal: a third of TenCirChem's 1.9 and 14 s for 8 and 10 atoms.
void uccsd_of_hydrogen(benchmark::State& state) {
  std::string xyz = fmt::format("{}\n\n", state.range(0));
  for (int i = 0; i < state.range(0); ++i) xyz += fmt::format("H 0 0 {}\n", 0.8 * i);
  const auto system = system_of(xyz);
  const auto ansatz = uccsd_ansatz(system);
  for (auto _ : state) {
    Executor executor(Precision::double_);
    ElectronicEnergy energy(executor, ansatz, system.integrals,
                            [&] { return electronic_circuit(ansatz, system, "jordan-wigner"); });
    state.counters["hartree"] = minimise_energy(energy, std::vector<double>(ansatz.parameters()), 1).energy;
  }
}
BENCHMARK(uccsd_of_hydrogen)->Arg(8)->Arg(10)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qupel
