#include "qupel/model/molecule/pauli_ansatz.h"

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel {
namespace {

constexpr int most_qubits = 16;

}  // namespace

Circuit PauliAnsatz::circuit() const {
  Circuit made(qubits);
  for (int q = 0; q < qubits; ++q)
    if ((start >> q & 1) != 0) made.add("x", {q});
  for (const auto& gate : gates) {
    std::string letters;
    std::vector<int> acted_on;
    for (const auto& [qubit, letter] : gate.pauli.letters()) {
      letters += letter;
      acted_on.push_back(qubit);
    }
    made.add_pauli_rotation(letters, acted_on,
                            Angle::parameter(static_cast<int>(gate.parameter), -2 * gate.scale));
  }
  return made;
}

PauliAnsatz pauli_reference(const ElectronicSystem& system, const FermionEncoding& encoding) {
  const Determinant lowest{(Occupation{1} << system.alpha) - 1, (Occupation{1} << system.beta) - 1};
  return {encoding.qubits(), encoding.bits(occupations(lowest, system.orbitals())), {}, 0};
}

void add_excitation(PauliAnsatz& ansatz, const FermionEncoding& encoding, const Excitation& excitation,
                    int orbitals, std::size_t parameter, double scale) {
  const auto product = ladder_product(excitation, orbitals);
  if (!encoding.keeps(product)) return;
  for (const auto& term : encoding.generator({product}).terms)
    if (term.pauli.weight() > 0) ansatz.gates.push_back({term.pauli, parameter, scale * term.weight});
}

PauliEnergy::PauliEnergy(const ElectronicSystem& system, const FermionEncoding& encoding,
                         const FitContext& context)
    : exact_(Precision::double_),
      executor_(exact_here(context.executor->execution()) ? *context.executor : exact_),
      hamiltonian_(qubit_hamiltonian(system.integrals, encoding)) {}

void PauliEnergy::use(const PauliAnsatz& ansatz) {
  prepared_ = executor_.prepare(ansatz.circuit(), {hamiltonian_});
}

EnergyGradient PauliEnergy::gradient(std::span<const double> parameters) {
  const Cotangent mean = [](std::size_t, const Matrix<double>&, Matrix<double>& derivatives) {
    std::ranges::fill(derivatives.values(), 1.0);
  };
  const auto found = executor_.gradient(*prepared_, Matrix<double>(1, 0), parameters, mean);
  return {found.values(0, 0), found.parameters};
}

double energy_of(const PauliAnsatz& ansatz, const ElectronicSystem& system, const std::string& mapping,
                 std::span<const double> parameters, Executor& executor) {
  const auto prepared = executor.prepare(
      ansatz.circuit(), {qubit_hamiltonian(system.integrals, qubit_mapping(mapping, system))});
  return executor.expectations(prepared, Matrix<double>(1, 0), parameters).values(0, 0);
}

Circuit circuit_of(const PauliAnsatz& ansatz, const ElectronicSystem&, const std::string&) {
  return ansatz.circuit();
}

void save_ansatz(const PauliAnsatz& ansatz, Archive& archive) {
  std::vector<std::int64_t> x, z, slots;
  std::vector<double> scales;
  for (const auto& gate : ansatz.gates) {
    x.push_back(static_cast<std::int64_t>(gate.pauli.word().x));
    z.push_back(static_cast<std::int64_t>(gate.pauli.word().z));
    slots.push_back(static_cast<std::int64_t>(gate.parameter));
    scales.push_back(gate.scale);
  }
  archive.set("qubits", ansatz.qubits);
  archive.set("start", static_cast<std::int64_t>(ansatz.start));
  archive.set_wholes("x", x);
  archive.set_wholes("z", z);
  archive.set_wholes("slots", slots);
  archive.set("scales", std::move(scales));
}

std::unique_ptr<Fitted> load_paulis(const Archive& saved, const Settings& settings, const FitContext&) {
  PauliAnsatz ansatz;
  ansatz.qubits = static_cast<int>(saved.whole("qubits", 1, most_qubits));
  const auto most = (std::int64_t{1} << ansatz.qubits) - 1;
  ansatz.start = static_cast<std::uint64_t>(saved.whole("start", 0, most));
  const auto x = saved.wholes<std::uint64_t>("x", 0, most), z = saved.wholes<std::uint64_t>("z", 0, most);
  auto parameters = saved.numbers("parameters");
  const auto slots = saved.wholes<std::size_t>("slots", 0, static_cast<std::int64_t>(parameters.size()) - 1);
  const auto& scales = saved.numbers("scales");
  require_saved(x.size() == z.size() && x.size() == slots.size() && x.size() == scales.size(),
                "a Pauli rotation has two masks, a slot and a scale");
  ansatz.parameters = parameters.size();
  for (std::size_t g = 0; g < slots.size(); ++g) {
    require_saved((x[g] | z[g]) != 0, "a Pauli rotation acts on a qubit");
    ansatz.gates.push_back({PauliString::of_masks(x[g], z[g]), slots[g], scales[g]});
  }
  return std::make_unique<FittedPaulis>(std::move(ansatz), mapping_of(settings), std::move(parameters));
}

std::string too_many_qubits(const Instance& instance) {
  const int qubits = 2 * electronic_system(instance).orbitals();
  if (qubits <= most_qubits) return ground_state_only(instance);
  return fmt::format("{} qubits; its circuits do not stay among the determinants, and it trains at most {}",
                     qubits, most_qubits);
}

}  // namespace qupel
