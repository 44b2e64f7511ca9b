#include "molecule.h"

#include "qupel/base/file.h"
#include "qupel/electrons/davidson.h"
#include "qupel/model/molecule/uccsd.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/xyz.h"

namespace bench {

using namespace qupel;

namespace {

ElectronicSystem system_of(const std::string& file) {
  const MoleculeProblem problem("molecule", file, read_xyz(read_file(file), file), {});
  return problem.system(0);
}

}  // namespace

int full_ci(const Arguments& arguments) {
  const auto system = system_of(arguments.more[0]);
  return report(arguments.repeats, [&] {
    const Sector sector(system.orbitals(), system.alpha, system.beta);
    return lowest_states(system.integrals, sector, {.threads = arguments.threads}).energies[0];
  });
}

int uccsd_gradient(const Arguments& arguments) {
  const auto system = system_of(arguments.more[0]);
  const auto ansatz = uccsd_ansatz(system);
  const SectorProgram<double> program(ansatz, system.integrals);
  const std::vector<double> parameters(ansatz.parameters(), 0.01), zeros(ansatz.parameters());
  auto result =
      best_of(arguments.repeats, [&] { return program.gradient(parameters, arguments.threads).energy; });
  const auto slopes = program.gradient(zeros, arguments.threads).gradient;
  result.value = std::inner_product(slopes.begin(), slopes.end(), slopes.begin(), 0.0);
  return report(result);
}

}  // namespace bench
