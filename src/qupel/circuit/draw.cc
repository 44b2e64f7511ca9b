#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/condition_text.h"

// A drawing is a grid: a column holds operations on disjoint ranges of lines; even lines are qubits, odd
// lines lie between two qubits and only carry vertical connections. What acts on classical bits alone has a
// line of its own below the qubits.
namespace qupel {
namespace {

struct Column {
  std::vector<std::string> lines;  ///< what stands on each line; "" = a bare wire
};

std::size_t display_width(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  for (; times > 0; --times) text += piece;
  return text;
}

// 1.5708 -> "π/2": a multiple of π over a small power of two where it is one, else four digits.
std::string number_text(double value) {
  for (const int divisor : {1, 2, 4, 8}) {
    const double multiple = value * divisor / std::numbers::pi;
    if (multiple == 0 || std::abs(multiple) > 16 || std::abs(multiple - std::round(multiple)) > 1e-12)
      continue;
    const double whole = std::round(multiple);
    const auto factor = std::abs(whole) == 1 ? std::string(whole < 0 ? "-" : "") : fmt::format("{}", whole);
    return fmt::format("{}π{}", factor, divisor == 1 ? "" : fmt::format("/{}", divisor));
  }
  return fmt::format("{:.4g}", value);
}

std::string drawn_angle(const Angle& angle) {
  if (angle.slot.kind == Slot::Kind::none) return number_text(angle.offset);
  std::string text = angle.scale == 1 ? "" : angle.scale == -1 ? "-" : number_text(angle.scale) + "·";
  text += fmt::format("{}{}", angle.slot.kind == Slot::Kind::feature ? "x" : "θ", angle.slot.index);
  if (angle.offset == 0) return text;
  return fmt::format("{}{}{}", text, angle.offset < 0 ? "-" : "+", number_text(std::abs(angle.offset)));
}

std::string conditions_text(const Circuit& circuit, const Operation& operation) {
  std::string text;
  for (const auto& condition : operation.conditions) {
    text +=
        fmt::format("{}{}", text.empty() ? " if " : " && ", condition_text(circuit.registers(), condition));
  }
  return text;
}

std::string angles_text(const Operation& operation) {
  if (operation.angles.empty()) return "";
  std::vector<std::string> all;
  for (const Angle& angle : operation.angles) all.push_back(drawn_angle(angle));
  return fmt::format("({})", fmt::join(all, ","));
}

// What is no gate: the bit that it writes, or how long it takes.
std::string no_gate_text(const Circuit& circuit, const Operation& operation) {
  const OpSpec& spec = *operation.spec;
  const auto when = conditions_text(circuit, operation);
  if (spec.structure == Structure::barrier) return std::string(spec.label);
  if (spec.structure == Structure::delay)
    return fmt::format("┤{} {}{}├", spec.name, to_string(operation.duration), when);
  if (operation.bits.empty()) return fmt::format("┤{}{}├", spec.name, when);
  return fmt::format("┤{} {}{}├", spec.label.empty() ? spec.name : spec.label,
                     bit_name(circuit.registers(), operation.bits[0]), when);
}

// What the first target shows is the operation with its angles and conditions; the others show their Pauli
// letter or their number.
std::string target_text(const Circuit& circuit, const Operation& operation, std::size_t target) {
  const OpSpec& spec = *operation.spec;
  if (!spec.gate()) return no_gate_text(circuit, operation);
  const auto label = spec.label.empty() ? spec.name : spec.label;
  const auto when = target == 0 ? conditions_text(circuit, operation) : "";
  if (display_width(label) < label.size())
    return when.empty() ? std::string(label) : fmt::format("┤{}{}├", label, when);
  const bool several = operation.qubits.size() > static_cast<std::size_t>(spec.controls) + 1;
  if (spec.structure == Structure::pauli_rotation && several) {
    return target == 0
               ? fmt::format("┤{} {}{}{}├", operation.letters()[0], label, angles_text(operation), when)
               : fmt::format("┤{}├", operation.letters()[target]);
  }
  return several ? fmt::format("┤{} {}{}├", target, label, when)
                 : fmt::format("┤{}{}{}├", label, angles_text(operation), when);
}

// The lines that it takes, counted in qubits; the line below them all if it acts on none.
std::pair<int, int> lines_of(const Circuit& circuit, const Operation& operation) {
  if (operation.qubits.empty()) return {circuit.qubits(), circuit.qubits()};
  const auto [low, high] = std::ranges::minmax(operation.qubits);
  return {low, high};
}

void place(const Circuit& circuit, const Operation& operation, Column& column) {
  const auto [low, high] = lines_of(circuit, operation);
  if (operation.qubits.empty())
    column.lines[2 * static_cast<std::size_t>(low)] = no_gate_text(circuit, operation);
  for (int line = 2 * low + 1; line < 2 * high; ++line) {
    column.lines[static_cast<std::size_t>(line)] = line % 2 == 0 ? "┼" : "│";
  }
  for (std::size_t k = 0; k < operation.qubits.size(); ++k) {
    const auto controls = static_cast<std::size_t>(operation.spec->controls);
    column.lines[2 * static_cast<std::size_t>(operation.qubits[k])] =
        k < controls ? "●" : target_text(circuit, operation, k - controls);
  }
}

// One a qubit, those between, and the one of classical bits where there is need.
std::size_t line_count(const Circuit& circuit) {
  const bool classical =
      std::ranges::any_of(circuit.operations(), [](const Operation& each) { return each.qubits.empty(); });
  return 2 * static_cast<std::size_t>(circuit.qubits() + (classical ? 1 : 0)) - 1;
}

// Every operation goes into the first column in which its whole range of lines is free, after what wrote the
// bits that it writes or depends on.
std::vector<Column> columns(const Circuit& circuit) {
  const auto lines = line_count(circuit);
  std::vector<Column> all;
  std::vector<std::size_t> next(lines / 2 + 1, 0), bits(static_cast<std::size_t>(circuit.bits()), 0);
  for (const Operation& operation : circuit.operations()) {
    const auto [low, high] = lines_of(circuit, operation);
    const auto range =
        std::span(next).subspan(static_cast<std::size_t>(low), static_cast<std::size_t>(high - low) + 1);
    std::size_t column = std::ranges::max(range);
    for (const auto& condition : operation.conditions)
      for (const int bit : condition.bits) column = std::max(column, bits[static_cast<std::size_t>(bit)]);
    for (const int bit : operation.bits) column = std::max(column, bits[static_cast<std::size_t>(bit)]);
    while (column >= all.size()) all.push_back({std::vector<std::string>(lines)});
    place(circuit, operation, all[column]);
    std::ranges::fill(range, column + 1);
    for (const int bit : operation.bits) bits[static_cast<std::size_t>(bit)] = column + 1;
  }
  return all;
}

std::size_t width_of(const Column& column) {
  std::size_t width = 0;
  for (const auto& line : column.lines) width = std::max(width, display_width(line));
  return width;
}

// `text` in the middle of `width` columns of wire or, between two qubits, of blanks.
std::string centred(std::string_view text, std::size_t width, bool wire) {
  const std::size_t left = (width - display_width(text)) / 2, right = width - display_width(text) - left;
  const std::string_view fill = wire ? "─" : " ";
  return fmt::format("{}{}{}", repeat(fill, left), text, repeat(fill, right));
}

std::string block(std::span<const Column> shown, std::size_t lines, std::size_t qubits, std::size_t margin) {
  std::string text;
  for (std::size_t line = 0; line < lines; ++line) {
    const bool wire = line % 2 == 0;
    std::string row = fmt::format("{:<{}}",
                                  !wire                ? ""
                                  : line / 2 == qubits ? "c:"
                                                       : fmt::format("q{}:", line / 2),
                                  margin);
    row += wire ? "─" : " ";
    for (const Column& column : shown) {
      const auto content = column.lines[line].empty() && wire ? std::string_view("─") : column.lines[line];
      row += centred(content, width_of(column), wire) + (wire ? "─" : " ");
    }
    row.resize(row.find_last_not_of(' ') + 1);
    text += row + '\n';
  }
  return text;
}

}  // namespace

std::string draw(const Circuit& circuit, int width) {
  const auto all = columns(circuit);
  const auto lines = line_count(circuit), qubits = static_cast<std::size_t>(circuit.qubits());
  const std::size_t margin = fmt::formatted_size("q{}: ", circuit.qubits() - 1);
  std::string text;
  for (std::size_t first = 0, last; first == 0 || first < all.size(); first = last) {
    std::size_t used = margin + 1;
    for (last = first; last < all.size(); ++last) {
      used += width_of(all[last]) + 1;
      if (last > first && used > static_cast<std::size_t>(std::max(width, 0))) break;
    }
    if (first > 0) text += '\n';
    text += block(std::span(all).subspan(first, last - first), lines, qubits, margin);
    if (all.empty()) break;
  }
  return text;
}

}  // namespace qupel
