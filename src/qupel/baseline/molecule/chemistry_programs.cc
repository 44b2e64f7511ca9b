#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/baseline/molecule/records.h"
#include "qupel/contend/external.h"
#include "qupel/contend/found_energy.h"
#include "qupel/contend/program.h"
#include "qupel/problem/molecule/molecule_problem.h"

// Contenders that are programs of others, run by a Python that has them (`make peers-chemistry`).
namespace qupel {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// The Python that QUPEL_CHEMISTRY names, or that of the environment where `make peers-chemistry` puts it.
fs::path chemistry_python() {
  if (const auto named = environment("QUPEL_CHEMISTRY"); !named.empty()) return named;
  const auto data = environment("XDG_DATA_HOME");
  return (data.empty() ? fs::path(environment("HOME")) / ".local/share" : fs::path(data)) /
         "qupel/chemistry/bin/python";
}

/// Whether that Python finds a module; without importing it, which takes seconds.
bool has_module(std::string_view module) {
  const auto code = fmt::format(
      "import importlib.util; input(); print(importlib.util.find_spec('{}') is not None)", module);
  try {
    return Program({chemistry_python().string(), "-c", code}).ask("?", std::chrono::seconds(60), 100) ==
           "True";
  } catch (const InputError&) {
    return false;
  }
}

std::string refusal(const Instance& instance, std::string_view module) {
  std::error_code ignored;
  if (!fs::exists(chemistry_python(), ignored))
    return fmt::format(
        "not installed: make peers-chemistry installs it, or QUPEL_CHEMISTRY names a Python "
        "that has it");
  if (!has_module(module))
    return fmt::format(
        "its Python has no module {}: make peers-chemistry installs it, or QUPEL_CHEMISTRY names a Python that "
        "has it",
        module);
  if (electronic_system(instance).integrals.spins_differ())
    return "it takes orbitals that both spins share, and those of UHF differ";
  return ground_state_only(instance);
}

/// @param module of Python that the program takes
Contender chemistry_program(std::string_view module, Contender record) {
  record.family = Family::classical;
  record.solves = {"molecule"};
  record.refuses = [module](const Instance& instance) { return refusal(instance, module); };
  record.load = load_energy;
  record.fit = [name = record.name](const Instance& instance, const Settings& settings,
                                    const FitContext& context) {
    const External program{.command = {chemistry_python().string(), "-c",
                                       std::string(embedded_file("baseline/molecule/chemistry.peer.py"))},
                           .time_limit = 600,
                           .digest = {}};
    return external_energy(name, program, electronic_system(instance), settings, context);
  };
  return record;
}

}  // namespace

const Contender ccsd_t = chemistry_program(
    "pyscf",
    {.name = "ccsd-t",
     .summary = "coupled cluster with singles, doubles and perturbative triples, by PySCF (not variational: "
                "it may fall below the exact energy)",
     .source = "Sun et al., J. Chem. Phys. 153, 024109, 2020; Raghavachari et al., Chem. Phys. Lett. 157, "
               "479, 1989",
     .fit = nullptr});

const Contender dmrg = chemistry_program(
    "pyblock2",
    {.name = "dmrg",
     .summary = "density matrix renormalisation group, by block2",
     .source = "Zhai et al., J. Chem. Phys. 159, 234801, 2023; White, Phys. Rev. Lett. 69, 2863, 1992",
     .hyperparameters =
         {{.name = "bond", .summary = "the bond dimension", .values = {200.0}, .range = whole(10000)}},
     .fit = nullptr});

}  // namespace qupel
