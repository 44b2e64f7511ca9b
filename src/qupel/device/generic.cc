#include "qupel/device/generic.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"

namespace qupel {
namespace {

using Pairs = std::vector<std::pair<int, int>>;

struct Shape {
  int qubits = 0;
  Pairs pairs;
};

Shape line(int size) {
  Shape shape{size, {}};
  for (int q = 0; q + 1 < size; ++q) shape.pairs.emplace_back(q, q + 1);
  return shape;
}

Shape ring(int size) {
  auto shape = line(size);
  if (size > 2) shape.pairs.emplace_back(0, size - 1);
  return shape;
}

Shape grid(int rows, int columns) {
  Shape shape{rows * columns, {}};
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const int q = row * columns + column;
      if (column + 1 < columns) shape.pairs.emplace_back(q, q + 1);
      if (row + 1 < rows) shape.pairs.emplace_back(q, q + columns);
    }
  return shape;
}

Shape all_to_all(int size) {
  Shape shape{size, {}};
  for (int a = 0; a < size; ++a)
    for (int b = a + 1; b < size; ++b) shape.pairs.emplace_back(a, b);
  return shape;
}

/// Rows of qubits in lines, and bridges of one qubit between every fourth column of neighbouring rows, which
/// begin at the two columns in turn. Numbered as IBM does: a row, the bridges below it, the next row.
struct HeavyHex {
  int rows = 0, columns = 0;
  int first = 0, second = 2;        ///< column of the first bridge below even rows, and below odd ones
  bool corners = true;              ///< without: the first row lacks its last qubit, the last one its first
  bool bridges_below_last = false;  ///< which then hang on the last row alone
};

Shape heavy_hex(const HeavyHex& plan) {
  Shape shape;
  std::map<std::pair<int, int>, int> number;  // of the qubit at a row and a column
  std::vector<std::pair<int, int>> above;     // bridges: their qubit, their column
  for (int row = 0; row < plan.rows; ++row) {
    const int begin = !plan.corners && row + 1 == plan.rows ? 1 : 0;
    const int end = !plan.corners && row == 0 ? plan.columns - 1 : plan.columns;
    for (int column = begin; column < end; ++column) {
      if (column > begin) shape.pairs.emplace_back(shape.qubits - 1, shape.qubits);
      number[{row, column}] = shape.qubits++;
    }
    for (const auto& [bridge, column] : above) shape.pairs.emplace_back(bridge, number.at({row, column}));
    above.clear();
    if (row + 1 == plan.rows && !plan.bridges_below_last) break;
    for (int column = row % 2 == 0 ? plan.first : plan.second; column < plan.columns; column += 4) {
      above.emplace_back(shape.qubits, column);
      shape.pairs.emplace_back(number.at({row, column}), shape.qubits++);
    }
  }
  return shape;
}

Shape heavy_hex(int size) {
  switch (size) {
    case 127:
      return heavy_hex({.rows = 7, .columns = 15, .corners = false});
    case 133:
      return heavy_hex({.rows = 7, .columns = 15, .bridges_below_last = true});
    case 156:
      return heavy_hex({.rows = 8, .columns = 16, .first = 3, .second = 1});
    default:
      throw InputError(fmt::format(
          "heavy-hex({}): IBM's have 127, 133 or 156 qubits; others are given as heavy-hex(ROWSxCOLUMNS)",
          size));
  }
}

std::vector<std::string_view> parts(std::string_view text, char separator) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    found.push_back(trim(text.substr(at, end - at)));
    at = end + 1;
  }
  return found;
}

int size_of(std::string_view text, std::string_view name) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= most_device_qubits)
    return value;
  throw InputError(
      fmt::format("{}: \"{}\" is not a whole number of qubits from 1 to {}", name, text, most_device_qubits));
}

Shape shape_of(std::string_view kind, std::string_view size, std::string_view name) {
  const std::vector<std::string> kinds{"line", "ring", "grid", "heavy-hex", "all-to-all"};
  const auto sides = parts(size, 'x');
  const bool flat = kind == "grid" || (kind == "heavy-hex" && sides.size() == 2);
  if (flat) {
    if (sides.size() != 2)
      throw InputError(
          fmt::format("{}: the size of a {} is ROWSxCOLUMNS, for example {}(3x4)", name, kind, kind));
    const int rows = size_of(sides[0], name), columns = size_of(sides[1], name);
    if (rows > most_device_qubits / columns)
      throw InputError(fmt::format("{}: more than {} qubits", name, most_device_qubits));
    return kind == "grid" ? grid(rows, columns) : heavy_hex({.rows = rows, .columns = columns});
  }
  if (kind == "line") return line(size_of(size, name));
  if (kind == "ring") return ring(size_of(size, name));
  if (kind == "heavy-hex") return heavy_hex(size_of(size, name));
  if (kind == "all-to-all") {
    const int qubits = size_of(size, name);
    if (constexpr int most = 500; qubits > most)  // 125,000 pairs
      throw InputError(fmt::format("{}: all-to-all has {} qubits at most", name, most));
    return all_to_all(qubits);
  }
  throw InputError(fmt::format("{}: {}", name, unknown_name(kind, "a shape of generic devices", kinds)));
}

/// The options of a generic device, by name.
class Options {
 public:
  Options(const std::vector<std::string_view>& given, std::string_view name) : name_(name) {
    static const std::vector<std::string> known{
        "one-qubit",    "two-qubit",  "readout",          "t1",  "t2", "one-qubit-time", "two-qubit-time",
        "readout-time", "reset-time", "repetition-delay", "gate"};
    for (const auto text : given) {
      const auto sides = parts(text, '=');
      if (std::find(known.begin(), known.end(), sides.front()) == known.end())
        throw InputError(fmt::format("{}: {}", name, unknown_name(sides.front(), "an option", known)));
      if (sides.size() != 2) throw InputError(fmt::format("{}: \"{}\" is not OPTION=VALUE", name, text));
      if (!values_.emplace(sides[0], sides[1]).second)
        throw InputError(fmt::format("{}: {} stands twice", name, sides[0]));
    }
  }

  double number(std::string_view option, double otherwise, double most, std::string_view rule) const {
    const auto found = values_.find(option);
    if (found == values_.end()) return otherwise;
    const auto text = found->second;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits = error == std::errc{} && end == text.data() + text.size() && value >= 0 && value <= most;
    if (!fits) throw InputError(fmt::format("{}: {} = \"{}\" is not {}", name_, option, text, rule));
    return value;
  }
  double error(std::string_view option) const { return number(option, 0, 1, "an error from 0 to 1"); }
  double time(std::string_view option, double otherwise) const {
    return number(option, otherwise, 1e12, "a time in microseconds");
  }
  std::string_view text(std::string_view option, std::string_view otherwise) const {
    const auto found = values_.find(option);
    return found == values_.end() ? otherwise : found->second;
  }

 private:
  std::string_view name_;
  std::map<std::string_view, std::string_view> values_;
};

const OpSpec& entangling_gate(const Options& options, std::string_view name) {
  static const std::vector<std::string> known{"cz", "cx", "ecr", "rzz", "iswap"};
  const auto asked = options.text("gate", "cz");
  if (std::find(known.begin(), known.end(), asked) == known.end())
    throw InputError(fmt::format("{}: {}", name, unknown_name(asked, "a gate of generic devices", known)));
  return operation(asked);
}

void add_operations(Device& device, const Shape& shape, const Options& options, std::string_view name) {
  const auto& two = entangling_gate(options, name);
  device.native = {{&operation("rz"), true}, {&operation("sx")}, {&operation("x")}, {&two}};
  const double one_time = options.time("one-qubit-time", 0.035),
               two_time = options.time("two-qubit-time", 0.07);
  const double one_error = options.error("one-qubit"), two_error = options.error("two-qubit");
  for (int q = 0; q < shape.qubits; ++q) {
    device.gates.push_back({&operation("rz"), {q}, 0, 0});
    device.gates.push_back({&operation("sx"), {q}, one_time, one_error});
    device.gates.push_back({&operation("x"), {q}, one_time, one_error});
  }
  for (const auto& [a, b] : shape.pairs) {
    device.gates.push_back({&two, {a, b}, two_time, two_error});
    if (!symmetric(two)) device.gates.push_back({&two, {b, a}, two_time, two_error});
  }
}

}  // namespace

bool is_generic(std::string_view name) {
  const auto open = name.find('(');
  return open != std::string_view::npos && open > 0 && name.ends_with(')') &&
         name.substr(0, open).find('/') == std::string_view::npos;
}

Device generic_device(std::string_view name) {
  const auto open = name.find('(');
  auto arguments = parts(name.substr(open + 1, name.size() - open - 2), ',');
  const auto shape = shape_of(trim(name.substr(0, open)), arguments.front(), name);
  const Options options({arguments.begin() + 1, arguments.end()}, name);
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  const double readout = options.error("readout");
  const DeviceQubit qubit{.t1 = options.time("t1", infinite),
                          .t2 = options.time("t2", infinite),
                          .one_for_zero = readout,
                          .zero_for_one = readout,
                          .readout_time = options.time("readout-time", 1)};
  Device device{.name = std::string(name), .vendor = "generic", .source = "made to order"};
  device.qubits.assign(static_cast<std::size_t>(shape.qubits), qubit);
  add_operations(device, shape, options, name);
  device.reset_time = options.time("reset-time", 0);
  device.repetition_delay = options.time("repetition-delay", 0);
  return device;
}

}  // namespace qupel
