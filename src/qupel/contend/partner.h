#pragma once
#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "qupel/base/error.h"
#include "qupel/contend/external.h"
#include "qupel/contend/program.h"
#include "qupel/problem/optimization/decision.h"
#include "qupel/problem/tabular/samples.h"

// How a contender that is a program of somebody's own is asked: a JSON object a line (docs/external.md).
namespace qupel {

/// A program that was started.
class Partner {
 public:
  /// So many bytes of an answer are quoted in messages.
  static constexpr std::size_t quoted = 80;

  explicit Partner(const External& external);

  /// @param numbers that the answer may hold
  /// @throws InputError naming the command, also if the answer says {"error": "..."}
  nlohmann::json ask(const std::string& message, std::size_t numbers);

  /// What is wrong with an answer: a sentence that begins with the command.
  InputError fault(const std::string& what) const;

 private:
  std::string name_;
  std::chrono::duration<double> limit_;
  Program program_;
};

/// What every first request says.
/// @param kind of the problem
nlohmann::json request(const char* task, std::string_view kind, const std::string& name,
                       const Settings& settings, const FitContext& context);

/// As a line; what is not UTF-8 becomes U+FFFD.
std::string as_line(const nlohmann::json& object);

/// What the program says of its fit; all of it may be left out.
FitInfo fit_info(const nlohmann::json& answer);

/// What a program fitted to rows of a table. @throws InputError naming the command for any fault of it
std::unique_ptr<Fitted> external_model(const std::string& name, const External& external,
                                       const Samples& samples, const Settings& settings,
                                       const FitContext& context);

/// What a program found for a decision. @throws InputError naming the command for any fault of it
std::unique_ptr<Fitted> external_solution(const std::string& name, const External& external,
                                          const Decision& decision, const Settings& settings,
                                          const FitContext& context);

}  // namespace qupel
