#include <fmt/format.h>

#include <memory>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/cli/command.h"
#include "qupel/cli/problem_options.h"
#include "qupel/contenders/contenders.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/fcidump.h"
#include "qupel/problem/molecule/molecule_kind.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel::cli {
namespace {

struct ExportOptions {
  std::string file, fcidump, hamiltonian, circuit, contender = "vqe-uccsd", mapping = "jordan-wigner";
  std::size_t molecule = 1;
  KindOptions kinds;
};

/// The molecule that was asked for, in the file of one or more.
class ExportedMolecule {
 public:
  explicit ExportedMolecule(const ExportOptions& options) : options_(options) {
    const auto* kind = recognised_kind(options.file);
    if (kind != &molecule_kind)
      throw InputError(fmt::format(
          "{} is no molecule: export takes XYZ (.xyz), a Z-matrix (.zmat) or FCIDUMP", options.file));
    problem_ = kind->load(options.file, options.kinds.options);
    if (options.molecule > problem_->rows())
      throw InputError(
          fmt::format("--molecule {}: {} has {}", options.molecule, options.file, problem_->split_words({})));
    const auto split = problem_->splits({}).at(options.molecule - 1);
    instance_ = problem_->prepare({}, split).outer.learn;
  }

  const ElectronicSystem& system() const { return electronic_system(*instance_); }

  /// The circuit of a fitted contender, and what it found.
  std::pair<Circuit, double> fitted_circuit() const {
    const auto contender = contenders().at(options_.contender);
    if (!has_hyperparameter(*contender, "mapping"))
      throw InputError(
          fmt::format("--contender {}: it optimises no circuit; name one of vqe-...", options_.contender));
    if (const auto why = contender->refuses(*instance_); !why.empty())
      throw InputError(fmt::format("--contender {}: {}", options_.contender, why));
    Executor executor(Precision::double_);
    const FitContext context{.executor = &executor};
    const auto model = contender->fit(*instance_, {{"mapping", options_.mapping}}, context);
    const double energy = std::get<Energy>(model->answer(*instance_, context)).value;
    return {dynamic_cast<const FittedCircuit&>(*model).circuit(system()), energy};
  }

 private:
  const ExportOptions& options_;
  std::unique_ptr<Problem> problem_;
  std::shared_ptr<const Instance> instance_;
};

std::string hamiltonian_text(const ExportOptions& options, const ElectronicSystem& system) {
  const auto encoding = qubit_mapping(options.mapping, system);
  const auto hamiltonian = qubit_hamiltonian(system.integrals, encoding);
  return options.hamiltonian.ends_with(".json") ? openfermion_json(hamiltonian, encoding)
                                                : pauli_text(hamiltonian);
}

void export_molecule(const ExportOptions& options, const Console& console) {
  if (options.fcidump.empty() && options.hamiltonian.empty() && options.circuit.empty())
    throw InputError("nothing to write: name a file with --fcidump, --hamiltonian or --circuit");
  const ExportedMolecule molecule(options);
  const auto& system = molecule.system();
  console.say(fmt::format("{} electrons in {} orbitals, {} by {}", system.electrons(), system.orbitals(),
                          system.reference, options.file));
  for (const auto& choice : system.choices) console.say("  " + choice);
  if (!options.fcidump.empty()) {
    write_file(options.fcidump, to_fcidump(system));
    console.say(fmt::format("integrals written to {}", options.fcidump));
  }
  if (!options.hamiltonian.empty()) {
    write_file(options.hamiltonian, hamiltonian_text(options, system));
    console.say(fmt::format("Hamiltonian written to {}", options.hamiltonian));
  }
  if (options.circuit.empty()) return;
  const auto [circuit, energy] = molecule.fitted_circuit();
  write_file(options.circuit, to_qasm(circuit));
  console.say(
      fmt::format("circuit of {} written to {}: {:.8f} hartree", options.contender, options.circuit, energy));
}

}  // namespace

void add_export(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ExportOptions>();
  auto* command =
      app.add_subcommand("export", "a molecule's integrals, qubit Hamiltonian and circuit as files");
  command->add_option("FILE", options->file, "XYZ (.xyz), a Z-matrix (.zmat) or FCIDUMP")
      ->type_name("")
      ->required();
  command->add_option("--fcidump", options->fcidump, "writes the integrals of the active space")
      ->type_name("OUT");
  command
      ->add_option("--hamiltonian", options->hamiltonian,
                   "writes the Hamiltonian in qubits: as text, a Pauli string a line, or, if the name ends "
                   "with .json, as JSON that OpenFermion reads")
      ->type_name("OUT");
  command
      ->add_option("--circuit", options->circuit,
                   "optimises a circuit on exact energies and writes it in OpenQASM 3")
      ->type_name("OUT");
  command->add_option("--contender", options->contender, "whose circuit that is (default: vqe-uccsd)")
      ->type_name("NAME");
  command
      ->add_option("--mapping", options->mapping,
                   "electrons to qubits: jordan-wigner (default), parity, bravyi-kitaev, parity-reduced, "
                   "tapered")
      ->type_name("NAME");
  command->add_option("--molecule", options->molecule, "of several geometries the one with this number")
      ->type_name("N")
      ->transform(whole_number(1, 1'000'000));
  add_kind(*command, molecule_kind, options->kinds);
  command->footer("Example:\n  qupel export water.xyz --hamiltonian water.json --mapping tapered");
  command->callback([options, &chosen] {
    chosen = [options](const Console& console) {
      try {
        export_molecule(*options, console);
      } catch (const SettingError& error) {
        throw InputError(fmt::format("--{}: {}", error.key, error.what()));
      }
    };
  });
}

}  // namespace qupel::cli
