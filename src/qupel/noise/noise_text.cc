#include "qupel/noise/noise_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/text.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/noise/noise_rules.h"

// The text of noise rules.
namespace qupel {
namespace {

using Kind = NoiseRule::Kind;

constexpr std::string_view one_qubit = "one-qubit", two_qubit = "two-qubit", all_gates = "all",
                           spaces = " \t\n", early = "as-early-as-possible", late = "as-late-as-possible";

/// What is written as a channel and is none.
const ChannelSpec& readout_words() {
  static const ChannelSpec words{
      .name = "readout",
      .summary = "measurements read the other value",
      .source = {},
      .parameters = {{"p1", "probability to read 1 of |0>"}, {"p0", "probability to read 0 of |1>"}}};
  return words;
}
const ChannelSpec& duration_words() {
  static const ChannelSpec words{.name = "duration",
                                 .summary = "how long gates take",
                                 .source = {},
                                 .parameters = {{"time", "in the unit of all other times", 0, 1e300}}};
  return words;
}

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
  RuleParser(std::string_view rule, std::span<const std::string> own_gates)
      : rule_(rule), left_(rule), own_gates_(own_gates) {}

  NoiseRule read() {
    NoiseRule rule;
    if (rule_ == early || rule_ == late) return {.kind = rule_ == early ? Kind::early : Kind::late};
    const auto close = left_.find(')');
    if (left_.substr(0, close).find('(') == std::string_view::npos || close == std::string_view::npos)
      fail("a channel with values in parentheses");
    const auto call = trimmed(left_.substr(0, close + 1));
    left_ = trimmed(left_.substr(close + 1));
    rule.channel = channel_of(call);
    rule.kind = rule.channel.spec == &readout_words()    ? Kind::readout
                : rule.channel.spec == &duration_words() ? Kind::duration
                                                         : Kind::after;
    read_places(rule);
    read_what(rule);
    check_values(rule);
    return rule;
  }

 private:
  [[noreturn]] void fail(std::string_view expected) const {
    throw InputError(fmt::format("noise \"{}\": expected {}, as in \"depolarizing(0.01) after two-qubit\"",
                                 rule_, expected));
  }

  Channel channel_of(std::string_view text) const {
    const auto open = text.find('(');
    const auto name = trimmed(text.substr(0, open));
    Channel result{name == readout_words().name    ? &readout_words()
                   : name == duration_words().name ? &duration_words()
                                                   : &channel(name),
                   {}};
    for (const auto value : parts(text.substr(open + 1, text.size() - open - 2), ","))
      result.parameters.push_back(number(value));
    return result;
  }

  double number(std::string_view text) const {
    const auto value = parse_double(text);
    if (!value || std::isinf(*value)) fail(fmt::format("a number, not \"{}\"", text));
    return *value;
  }

  // A time that is left out may be any: the others are checked with a time of 0.
  void check_values(NoiseRule& rule) const {
    if (rule.kind == Kind::readout && rule.channel.parameters.size() == 1)  // one value is both
      rule.channel.parameters.resize(2, rule.channel.parameters[0]);
    auto whole = rule.channel;
    const auto count = whole.spec->parameters.size();
    if (whole.spec->timed && whole.parameters.size() + 1 == count) whole.parameters.resize(count);
    check(whole);
  }

  void read_what(NoiseRule& rule) {
    if (rule.kind == Kind::readout) {
      if (!left_.empty()) fail(fmt::format("\"on\" and qubits, not \"{}\"", left_));
      return;
    }
    if (rule.kind == Kind::after && left_ == "while idle") {
      rule.kind = Kind::idle;
      if (std::ranges::any_of(rule.places, [](const Place& place) { return place.qubits.size() > 1; }))
        fail("qubits that wait, each for itself, after \"on\"");
      return;
    }
    const std::string_view word = rule.kind == Kind::duration ? "of" : "after";
    const auto names = parts(left_, " \t\n,");
    if (names.empty() || names[0] != word)
      fail(fmt::format("\"{}\" and one-qubit, two-qubit, all or names of operations", word));
    read_gates(rule, std::span(names).subspan(1));
  }

  void read_gates(NoiseRule& rule, std::span<const std::string_view> names) const {
    if (names.empty()) fail("one-qubit, two-qubit, all or names of operations after \"after\"");
    if (names.size() == 1 && group(names[0])) {
      rule.arity = names[0] == one_qubit ? 1 : names[0] == two_qubit ? 2 : 0;
      return;
    }
    for (const auto name : names) rule.gates.emplace_back(checked(name));
  }

  static bool group(std::string_view name) {
    return name == one_qubit || name == two_qubit || name == all_gates;
  }

  std::string_view checked(std::string_view name) const {
    if (group(name)) fail("one of one-qubit, two-qubit and all, alone");
    std::vector<std::string> names{std::string(one_qubit), std::string(two_qubit), std::string(all_gates)};
    std::ranges::copy(own_gates_, std::back_inserter(names));
    for (const auto* spec : operations()) names.emplace_back(spec->name);
    for (const auto gate : standard_gates()) names.emplace_back(gate);
    if (std::ranges::find(names, name) != names.end()) return name;
    throw InputError(fmt::format("noise \"{}\": {}", rule_, unknown_name(name, "an operation", names)));
  }

  // Takes "on ..." off the end.
  void read_places(NoiseRule& rule) {
    const auto words = parts(left_, spaces);
    const auto on = std::ranges::find(words, std::string_view("on"));
    if (on == words.end()) return;
    const auto at = static_cast<std::size_t>(on->data() - left_.data());
    std::string text(left_.substr(at + on->size()));
    left_ = trimmed(left_.substr(0, at));
    for (const char joint : {',', '>'}) {  // "0 , 1" is one place
      for (std::size_t k = text.find(joint); k != std::string::npos; k = text.find(joint, k + 1)) {
        while (k > 0 && spaces.find(text[k - 1]) != std::string_view::npos) text.erase(--k, 1);
        while (k + 1 < text.size() && spaces.find(text[k + 1]) != std::string_view::npos)
          text.erase(k + 1, 1);
      }
    }
    for (const auto place : parts(text, spaces)) rule.places.push_back(place_of(place, rule.kind));
    if (rule.places.empty()) fail("qubits after \"on\"");
  }

  Place place_of(std::string_view text, Kind kind) const {
    Place place;
    place.ordered = text.find('>') != std::string_view::npos;
    for (const auto part : parts(text, ",>")) {
      int qubit = 0;
      const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), qubit);
      if (error != std::errc{} || end != part.data() + part.size() || qubit < 0)
        fail(fmt::format("the number of a qubit, not \"{}\"", part));
      if (std::ranges::find(place.qubits, qubit) != place.qubits.end())
        fail(fmt::format("qubits that differ, not \"{}\"", text));
      place.qubits.push_back(qubit);
    }
    const bool mixed = place.ordered && text.find(',') != std::string_view::npos;
    if (place.qubits.empty() || mixed)
      fail(fmt::format("a qubit, or a pair as 0,1 or 0>1, not \"{}\"", text));
    if (kind == Kind::readout && place.qubits.size() > 1)
      fail("qubits that are read, each for itself, apart by spaces");
    return place;
  }

  std::string_view rule_, left_;
  std::span<const std::string> own_gates_;
};

std::string text_of(const Place& place) {
  return fmt::format("{}", fmt::join(place.qubits, place.ordered ? ">" : ","));
}

}  // namespace

NoiseModel parse_noise(std::string_view text, std::span<const std::string> own_gates) {
  std::vector<NoiseRule> rules;
  for (const auto rule : parts(text, ";")) rules.push_back(RuleParser(rule, own_gates).read());
  if (rules.empty())
    throw InputError("the noise is empty: write rules such as \"depolarizing(0.01) after two-qubit\"");
  return NoiseModel(std::make_shared<const NoiseRules>(std::move(rules)));
}

NoiseModel parse_noise(std::string_view text) { return parse_noise(text, {}); }

std::set<std::string, std::less<>> words_of_noise(std::string_view text) {
  const auto words = parts(text, " \t\n,;()");
  return {words.begin(), words.end()};
}

std::string to_string(const NoiseRule& rule) {
  if (rule.kind == Kind::early || rule.kind == Kind::late)
    return std::string(rule.kind == Kind::early ? early : late);
  auto text = fmt::format("{}({})", rule.channel.spec->name, fmt::join(rule.channel.parameters, ", "));
  if (rule.kind == Kind::idle) text += " while idle";
  if (rule.kind == Kind::after || rule.kind == Kind::duration) {
    const auto what = rule.arity == 1      ? std::string(one_qubit)
                      : rule.arity == 2    ? std::string(two_qubit)
                      : rule.gates.empty() ? std::string(all_gates)
                                           : fmt::format("{}", fmt::join(rule.gates, " "));
    text += fmt::format(" {} {}", rule.kind == Kind::after ? "after" : "of", what);
  }
  for (const auto& place : rule.places)
    text += (&place == &rule.places.front() ? " on " : " ") + text_of(place);
  return text;
}

std::string to_string(const NoiseModel& noise) { return noise.empty() ? "" : noise.source()->text(); }

}  // namespace qupel
