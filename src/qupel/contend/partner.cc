#include "qupel/contend/partner.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"

namespace qupel {
namespace {

using json = nlohmann::json;

constexpr int protocol_version = 1;

/// Whole numbers without a point, since many programs take a count as nothing else.
json as_json(const Setting& setting) {
  if (const auto* text = std::get_if<std::string>(&setting)) return *text;
  const double value = std::get<double>(setting);
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (value == std::floor(value) && std::abs(value) < exact) return static_cast<std::int64_t>(value);
  return value;
}

/// Room for that many numbers, whatever their digits, and for some words.
std::size_t most_bytes(std::size_t numbers) { return (std::size_t{1} << 20) + 64 * numbers; }

}  // namespace

Partner::Partner(const External& external)
    : name_(Program::shown(external.command)), limit_(external.time_limit), program_(external.command) {}

json Partner::ask(const std::string& message, std::size_t numbers) {
  const auto line = program_.ask(message, limit_, most_bytes(numbers));
  auto answer = json::parse(line, nullptr, false);
  if (!answer.is_object())
    throw fault(
        fmt::format("answered {}, which is no JSON object (answers alone go to standard output, "
                    "anything else to standard error; JSON knows no NaN)",
                    Program::quoted(line, Partner::quoted)));
  if (const auto error = answer.find("error"); error != answer.end())
    throw fault(fmt::format("says: {}",
                            Program::quoted(error->is_string() ? error->get<std::string>() : error->dump())));
  return answer;
}

InputError Partner::fault(const std::string& what) const {
  return InputError(fmt::format("\"{}\" {}", name_, what));
}

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

std::string as_line(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

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

}  // namespace qupel
