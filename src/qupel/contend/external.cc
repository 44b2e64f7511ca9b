#include "qupel/contend/external.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/hash.h"
#include "qupel/contend/found_energy.h"
#include "qupel/contend/program.h"
#include "qupel/contend/row_model.h"
#include "qupel/problem/molecule/fcidump.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/optimization/tries.h"

namespace qupel {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

constexpr int protocol_version = 1;

/// What is no object of JSON is quoted so far in messages.
constexpr std::size_t quoted_answer = 80;

void append_rows(std::string& text, const Matrix<double>& x) {
  text += '[';
  for (std::size_t r = 0; r < x.rows(); ++r) {
    text += r == 0 ? "[" : ",[";
    for (std::size_t c = 0; c < x.columns(); ++c)
      fmt::format_to(std::back_inserter(text), "{}{}", c == 0 ? "" : ",", x(r, c));
    text += ']';
  }
  text += ']';
}

template <typename T>
void append_list(std::string& text, std::span<const T> values) {
  text += '[';
  for (std::size_t i = 0; i < values.size(); ++i)
    fmt::format_to(std::back_inserter(text), "{}{}", i == 0 ? "" : ",", values[i]);
  text += ']';
}

/// Whole numbers without a point, since many programs take a count as nothing else.
json as_json(const Setting& setting) {
  if (const auto* text = std::get_if<std::string>(&setting)) return *text;
  const double value = std::get<double>(setting);
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (value == std::floor(value) && std::abs(value) < exact) return static_cast<std::int64_t>(value);
  return value;
}

/// What every first request says.
json request(const char* task, std::string_view kind, const std::string& name, const Settings& settings,
             const FitContext& context) {
  json chosen = json::object();
  for (const auto& [key, value] : settings) chosen[key] = as_json(value);
  // Libraries take seeds of 31 bits.
  return {{"task", task},
          {"protocol", protocol_version},
          {"kind", kind},
          {"name", name},
          {"seed", context.seed & 0x7fffffff},
          {"settings", chosen},
          {"effort", context.effort},
          {"search", context.for_search}};
}

std::string fit_message(const std::string& name, const Samples& samples, const Settings& settings,
                        const FitContext& context) {
  const bool classes = samples.is_classification();
  auto head = request("fit", classes ? "classification" : "regression", name, settings, context);
  head["balanced"] = context.balanced;
  auto text = head.dump(-1, ' ', false, json::error_handler_t::replace);
  text.pop_back();
  if (classes) {
    fmt::format_to(std::back_inserter(text), ",\"classes\":{},\"labels\":", samples.classes);
    append_list(text, samples.y);
  } else {
    text += ",\"targets\":";
    append_list(text, samples.targets);
  }
  text += ",\"rows\":";
  append_rows(text, samples.x);
  return text + "}";
}

std::string energy_message(const std::string& name, const ElectronicSystem& system, const Settings& settings,
                           const FitContext& context) {
  auto message = request("energy", "molecule", name, settings, context);
  message["orbitals"] = system.orbitals();
  message["alpha"] = system.alpha;
  message["beta"] = system.beta;
  message["fcidump"] = to_fcidump(system);
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string predict_message(const Matrix<double>& x) {
  std::string text = R"({"task":"predict","rows":)";
  append_rows(text, x);
  return text + "}";
}

/// Room for that many numbers, whatever their digits, and for some words.
std::size_t most_bytes(std::size_t numbers) { return (std::size_t{1} << 20) + 64 * numbers; }

/// Reads an answer; every fault names the place in it.
class AnswerReader {
 public:
  AnswerReader(const json& answer, std::size_t rows, std::size_t classes)
      : answer_(answer), rows_(rows), classes_(classes) {}

  Classes classes() const {
    if (!answer_.contains("labels") && !answer_.contains("probabilities"))
      throw InputError("answered \"predict\" without \"labels\" and without \"probabilities\"");
    Classes found;
    if (answer_.contains("probabilities")) {
      found.probabilities = probabilities();
      for (std::size_t r = 0; r < rows_; ++r) {
        const auto row = found.probabilities.row(r);
        found.labels.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
      }
    }
    if (answer_.contains("labels")) found.labels = labels();
    if (!answer_.contains("probabilities")) {
      found.probabilities = Matrix<double>(rows_, classes_);
      for (std::size_t r = 0; r < rows_; ++r)
        found.probabilities(r, static_cast<std::size_t>(found.labels[r])) = 1;
    }
    return found;
  }

  Numbers numbers() const {
    Numbers found;
    const auto& values = list("values");
    for (std::size_t r = 0; r < rows_; ++r)
      found.values.push_back(finite(values[r], fmt::format("values[{}]", r)));
    return found;
  }

 private:
  const json& list(const char* key) const {
    const auto found = answer_.find(key);
    if (found == answer_.end() || !found->is_array())
      throw InputError(fmt::format("answered \"predict\" without a list \"{}\"", key));
    if (found->size() != rows_)
      throw InputError(fmt::format("answered {} {} for {} rows", found->size(), key, rows_));
    return *found;
  }

  static double finite(const json& value, const std::string& place) {
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!std::isfinite(number))
      throw InputError(fmt::format("answered {} = {}, which is no finite number", place,
                                   Program::quoted(value.dump(), 40)));
    return number;
  }

  std::vector<int> labels() const {
    const auto& values = list("labels");
    std::vector<int> found;
    for (std::size_t r = 0; r < rows_; ++r) {
      const auto place = fmt::format("labels[{}]", r);
      const double label = finite(values[r], place);
      if (label != std::floor(label) || label < 0 || label >= static_cast<double>(classes_))
        throw InputError(fmt::format("answered {} = {:g}; labels are whole numbers from 0 to {}", place,
                                     label, classes_ - 1));
      found.push_back(static_cast<int>(label));
    }
    return found;
  }

  /// Single precision is enough; what is handed on sums to 1.
  Matrix<double> probabilities() const {
    constexpr double slack = 1e-3;
    const auto& rows = list("probabilities");
    Matrix<double> found(rows_, classes_);
    for (std::size_t r = 0; r < rows_; ++r) {
      if (!rows[r].is_array() || rows[r].size() != classes_)
        throw InputError(fmt::format(
            "answered probabilities[{}] without one number for each of the {} classes", r, classes_));
      double total = 0;
      for (std::size_t c = 0; c < classes_; ++c) {
        const auto place = fmt::format("probabilities[{}][{}]", r, c);
        const double p = finite(rows[r][c], place);
        if (p < -slack || p > 1 + slack)
          throw InputError(fmt::format("answered {} = {:g}; a probability lies from 0 to 1", place, p));
        total += found(r, c) = std::clamp(p, 0.0, 1.0);
      }
      if (std::abs(total - 1) > slack)
        throw InputError(fmt::format("answered probabilities[{}] that sum to {:g}, not to 1", r, total));
      for (double& p : found.row(r)) p /= total;
    }
    return found;
  }

  const json& answer_;
  std::size_t rows_, classes_;
};

/// A program, asked in JSON.
class Partner {
 public:
  explicit Partner(const External& external)
      : name_(Program::shown(external.command)), limit_(external.time_limit), program_(external.command) {}

  /// @param numbers that the answer may hold
  /// @throws InputError naming the command, also if the answer says {"error": "..."}
  json ask(const std::string& message, std::size_t numbers) {
    const auto line = program_.ask(message, limit_, most_bytes(numbers));
    auto answer = json::parse(line, nullptr, false);
    if (!answer.is_object())
      throw fault(
          fmt::format("answered {}, which is no JSON object (answers alone go to standard output, "
                      "anything else to standard error; JSON knows no NaN)",
                      Program::quoted(line, quoted_answer)));
    if (const auto error = answer.find("error"); error != answer.end())
      throw fault(fmt::format(
          "says: {}", Program::quoted(error->is_string() ? error->get<std::string>() : error->dump())));
    return answer;
  }

  InputError fault(const std::string& what) const {
    return InputError(fmt::format("\"{}\" {}", name_, what));
  }

 private:
  std::string name_;
  std::chrono::duration<double> limit_;
  Program program_;
};

/// What the program says of its fit; all of it may be left out.
FitInfo fit_info(const json& answer) {
  const auto count = [&](const char* key) {
    const auto found = answer.find(key);
    constexpr std::uint64_t most = std::uint64_t{1} << 53;
    const bool usable =
        found != answer.end() && found->is_number_unsigned() && found->get<std::uint64_t>() <= most;
    return usable ? found->get<std::uint64_t>() : 0;
  };
  FitInfo info{.reason = "the program said so", .losses = {}};
  if (const auto found = answer.find("converged"); found != answer.end() && found->is_boolean())
    info.converged = found->get<bool>();
  if (const auto found = answer.find("reason"); found != answer.end() && found->is_string())
    info.reason = Program::quoted(found->get<std::string>());
  info.steps = count("steps");
  info.parameters = static_cast<long>(count("parameters"));
  return info;
}

class ExternalModel : public RowModel {
 public:
  ExternalModel(const std::string& name, const External& external, const Samples& samples,
                const Settings& settings, const FitContext& context)
      : partner_(external), classes_(static_cast<std::size_t>(samples.classes)) {
    const auto answer = partner_.ask(fit_message(name, samples, settings, context), 0);
    if (answer.value("ok", json()) != json(true))
      throw partner_.fault(fmt::format(
          "answered \"fit\" with {} instead of {{\"ok\": true}}",
          Program::quoted(answer.dump(-1, ' ', false, json::error_handler_t::replace), quoted_answer)));
    info_ = fit_info(answer);
  }

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    const bool classification = classes_ > 0;
    if (x.rows() == 0)
      return classification ? Answer(Classes{{}, Matrix<double>(0, classes_)}) : Answer(Numbers{});
    const std::scoped_lock lock(mutex_);
    const auto answer = partner_.ask(predict_message(x), x.rows() * (classes_ + 1));
    try {
      const AnswerReader reader(answer, x.rows(), classes_);
      return classification ? Answer(reader.classes()) : Answer(reader.numbers());
    } catch (const InputError& error) {
      throw partner_.fault(error.what());
    }
  }
  FitInfo info() const override { return info_; }
  void save(Archive&) const override {
    throw partner_.fault("keeps its model to itself, so Qupel cannot save it; let the program save it");
  }

 private:
  mutable std::mutex mutex_;
  mutable Partner partner_;
  std::size_t classes_;  // no classes: numbers
  FitInfo info_;
};

std::string solve_message(const std::string& name, const Decision& decision, const Settings& settings,
                          const FitContext& context) {
  auto head = request("solve", decision.kind(), name, settings, context);
  head["sense"] = decision.maximised() ? "max" : "min";
  auto text = head.dump(-1, ' ', false, json::error_handler_t::replace);
  text.pop_back();
  return text + ",\"problem\":" + decision.data() + "}";
}

/// The values of an answer to "solve". @throws InputError for a solution that is none of this decision, one
/// that breaks a constraint, and an objective that the solution does not have
Values solved_values(const json& answer, const Decision& decision) {
  constexpr double slack = 1e-6;  // of an objective, relative: programs compute in single precision, too
  const auto solution = answer.find("solution");
  if (solution == answer.end()) throw InputError("answered \"solve\" without a \"solution\"");
  Values values;
  try {
    values = decision.read_solution(solution->dump(-1, ' ', true, json::error_handler_t::replace));
  } catch (const InputError& error) {
    throw InputError(fmt::format("answered {}", error.what()));
  }
  if (const auto wrong = decision.violation(values); !wrong.empty())
    throw InputError(fmt::format("answered an infeasible solution: {}", wrong));
  const auto claimed = answer.find("objective");
  if (claimed == answer.end()) return values;
  const double objective = decision.objective(values);
  const double number = claimed->is_number() ? claimed->get<double>() : std::nan("");
  if (!(std::abs(number - objective) <= slack * std::max(1e-6, std::abs(objective))))
    throw InputError(fmt::format("answered objective = {}; that of its solution is {}",
                                 Program::quoted(claimed->dump(), 40), objective));
  return values;
}

/// What a program found for a decision. About another decision the program is started anew.
class ExternalSolver : public Fitted {
 public:
  ExternalSolver(std::string name, External external, const Decision& decision, Settings settings,
                 const FitContext& context)
      : name_(std::move(name)),
        external_(std::move(external)),
        settings_(std::move(settings)),
        seed_(context.seed),
        digest_(decision.digest()),
        solved_(solve(decision, context, &info_)) {}

  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto& decision = dynamic_cast<const Decision&>(instance);
    if (decision.digest() == digest_) return solved_;
    auto same = context;
    same.seed = seed_;
    return solve(decision, same, nullptr);
  }
  FitInfo info() const override { return info_; }

 private:
  Assignment solve(const Decision& decision, const FitContext& context, FitInfo* info) const {
    Partner partner(external_);
    const auto answer = partner.ask(solve_message(name_, decision, settings_, context),
                                    decision.first_answer().size() + decision.variables());
    if (info != nullptr) *info = fit_info(answer);
    try {
      Tries tries(decision);
      tries.add(solved_values(answer, decision));
      return std::move(tries).take();
    } catch (const InputError& error) {
      throw partner.fault(error.what());
    }
  }

  std::string name_;
  External external_;
  Settings settings_;
  std::uint64_t seed_;
  std::string digest_;
  FitInfo info_;
  Assignment solved_;
};

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

}  // namespace

std::unique_ptr<Fitted> external_energy(const std::string& name, const External& external,
                                        const ElectronicSystem& system, const Settings& settings,
                                        const FitContext& context) {
  const StageTimer timer(&context.executor->ledger(), Stage::classical);
  Partner partner(external);
  const auto answer = partner.ask(energy_message(name, system, settings, context), 1);
  const auto energy = answer.find("energy");
  if (energy == answer.end() || !energy->is_number() || !std::isfinite(energy->get<double>()))
    throw partner.fault("answered \"energy\" without a finite number \"energy\", in hartree");
  return std::make_unique<FoundEnergy>(energy->get<double>(), fit_info(answer));
}

std::shared_ptr<const Contender> external_contender(const std::string& name, Family family, Inputs inputs,
                                                    External external,
                                                    std::vector<HyperParameter> hyperparameters) {
  std::vector<std::string> solves{"classification", "regression", "molecule"};
  for (auto& kind : all_decisions()) solves.push_back(std::move(kind));
  const auto rows =
      on_rows([name, external](const Samples& samples, const Settings& settings, const FitContext& context) {
        return std::make_unique<ExternalModel>(name, external, samples, settings, context);
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
          return std::make_unique<ExternalSolver>(name, external, *decision, settings, context);
        return rows(instance, settings, context);
      },
      .solves = std::move(solves),
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
