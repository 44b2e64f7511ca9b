#include "qupel/noise/noise_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr std::string_view one_qubit = "one-qubit", two_qubit = "two-qubit", spaces = " \t\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

std::vector<std::string_view> parts(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.size(), text.find_first_of(separators, at));
    if (const auto part = trimmed(text.substr(at, end - at)); !part.empty()) found.push_back(part);
    at = end + 1;
  }
  return found;
}

class RuleParser {
 public:
  explicit RuleParser(std::string_view rule) : rule_(rule) {}

  NoiseRule read() const {
    constexpr std::string_view after = " after ";
    const auto middle = rule_.find(after);
    if (middle == std::string_view::npos) fail("\"after\" and one-qubit, two-qubit or names of operations");
    NoiseRule rule{.channel = channel_of(trimmed(rule_.substr(0, middle))), .operations = {}};
    const auto names = parts(rule_.substr(middle + after.size()), " \t\n,");
    if (names.empty()) fail("one-qubit, two-qubit or names of operations after \"after\"");
    if (names.size() == 1 && (names[0] == one_qubit || names[0] == two_qubit)) {
      rule.qubits = names[0] == one_qubit ? 1 : 2;
      return rule;
    }
    for (const auto name : names) rule.operations.emplace_back(checked(name));
    return rule;
  }

 private:
  [[noreturn]] void fail(std::string_view expected) const {
    throw InputError(fmt::format("noise \"{}\": expected {}, as in \"depolarizing(0.01) after two-qubit\"",
                                 rule_, expected));
  }

  Channel channel_of(std::string_view text) const {
    const auto open = text.find('(');
    if (open == std::string_view::npos || !text.ends_with(')')) fail("a channel with values in parentheses");
    Channel result{&channel(trimmed(text.substr(0, open))), {}};
    for (const auto value : parts(text.substr(open + 1, text.size() - open - 2), ","))
      result.parameters.push_back(number(value));
    check(result);
    return result;
  }

  double number(std::string_view text) const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
      fail(fmt::format("a number, not \"{}\"", text));
    return value;
  }

  std::string_view checked(std::string_view name) const {
    if (name == one_qubit || name == two_qubit) fail("one of one-qubit and two-qubit, alone");
    std::vector<std::string> names{std::string(one_qubit), std::string(two_qubit)};
    for (const auto* spec : operations()) {
      if (spec->name == name) return name;
      names.emplace_back(spec->name);
    }
    throw InputError(fmt::format("noise \"{}\": {}", rule_, unknown_name(name, "an operation", names)));
  }

  std::string_view rule_;
};

}  // namespace

bool NoiseRule::follows(const Operation& operation) const {
  if (qubits > 0)
    return operation.spec->gate() && operation.qubits.size() == static_cast<std::size_t>(qubits);
  return std::ranges::find(operations, operation.spec->name) != operations.end();
}

NoiseModel parse_noise(std::string_view text) {
  NoiseModel noise;
  for (const auto rule : parts(text, ";")) noise.rules.push_back(RuleParser(rule).read());
  if (noise.empty())
    throw InputError("the noise is empty: write rules such as \"depolarizing(0.01) after two-qubit\"");
  return noise;
}

std::string to_string(const NoiseModel& noise) {
  std::vector<std::string> rules;
  for (const auto& rule : noise.rules) {
    const auto where = rule.qubits == 1   ? std::string(one_qubit)
                       : rule.qubits == 2 ? std::string(two_qubit)
                                          : fmt::format("{}", fmt::join(rule.operations, " "));
    rules.push_back(fmt::format("{}({}) after {}", rule.channel.spec->name,
                                fmt::join(rule.channel.parameters, ", "), where));
  }
  return fmt::format("{}", fmt::join(rules, "; "));
}

std::vector<Matrix<Complex>> NoiseStep::kraus() const {
  return channel->spec->kraus(channel->parameters, static_cast<int>(qubits.size()));
}

std::vector<NoiseStep> noise_after(const Operation& operation, const NoiseModel& noise) {
  std::vector<NoiseStep> steps;
  for (const auto& rule : noise.rules) {
    if (!rule.follows(operation)) continue;
    if (operation.qubits.size() > 2)
      throw InputError(
          fmt::format("noise after {}, which acts on {} qubits: channels follow operations on one "
                      "or two; write it with such operations",
                      operation.spec->name, operation.qubits.size()));
    if (rule.channel.spec->qubits == 0) {
      steps.push_back({&rule.channel, operation.qubits});
    } else {
      for (const int q : operation.qubits) steps.push_back({&rule.channel, {q}});
    }
  }
  return steps;
}

}  // namespace qupel
