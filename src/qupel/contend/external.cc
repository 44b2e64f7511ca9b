#include "qupel/contend/external.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/hash.h"
#include "qupel/contend/partner.h"
#include "qupel/contend/row_model.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/optimization/decision.h"

namespace qupel {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

}  // namespace

std::shared_ptr<const Contender> external_contender(const std::string& name, Family family, Inputs inputs,
                                                    External external,
                                                    std::vector<HyperParameter> hyperparameters) {
  std::vector<std::string> solves{"classification", "regression", "molecule"};
  for (auto& kind : all_decisions()) solves.push_back(std::move(kind));
  const auto rows =
      on_rows([name, external](const Samples& samples, const Settings& settings, const FitContext& context) {
        return external_model(name, external, samples, settings, context);
      });
  return std::make_shared<const Contender>(Contender{
      .name = name,
      .summary = fmt::format("a program of your own: {}", Program::shown(external.command)),
      .source = "docs/external.md",
      .family = family,
      .inputs = inputs,
      .hyperparameters = std::move(hyperparameters),
      .fit = [name, external, rows](const Instance& instance, const Settings& settings,
                                    const FitContext& context) -> std::unique_ptr<Fitted> {
        if (const auto* molecule = dynamic_cast<const MoleculeInstance*>(&instance))
          return external_energy(name, external, *molecule->system, settings, context);
        if (const auto* decision = dynamic_cast<const Decision*>(&instance))
          return external_solution(name, external, *decision, settings, context);
        return rows(instance, settings, context);
      },
      .solves = std::move(solves),
      .lacks =
          [program = external.command.front()] {
            return Program::exists(program)
                       ? std::string()
                       : fmt::format("there is no program \"{}\" that could be started", program);
          },
  });
}

std::vector<std::string> resolved_command(std::vector<std::string> command, const std::string& folder) {
  for (std::size_t i = 0; i < command.size(); ++i) {
    const fs::path path(command[i]);
    if (command[i].empty() || path.is_absolute() || (i == 0 && command[i].find('/') == std::string::npos))
      continue;
    const auto file = fs::absolute(fs::path(folder) / path).lexically_normal();
    if (is_file(file)) command[i] = file.string();
  }
  return command;
}

std::string digest_of(const std::vector<std::string>& command) {
  std::string all;
  for (const auto& word : command) {
    const fs::path path(word);
    // A file that cannot be read fails when the program is started, with its reason.
    std::optional<std::string> bytes;
    try {
      if (path.is_absolute() && is_file(path)) bytes = read_file(path);
    } catch (const InputError&) {
    }
    all += bytes ? fmt::format("file {} {}\n", path.filename().string(), sha256(*bytes))
                 : fmt::format("word {} {}\n", word.size(), word);
  }
  return sha256(all);
}

}  // namespace qupel
