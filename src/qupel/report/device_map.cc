#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "qupel/report/chart.h"
#include "qupel/report/device_layout.h"
#include "qupel/report/device_pictures.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"

namespace qupel::report {
namespace {

constexpr int most_drawn_qubits = 400, spacing = 30, margin = 18;
constexpr int error_classes = 4;  // of errors, from the best quarter of couplings to the worst

std::pair<int, int> sorted(int a, int b) { return std::minmax(a, b); }

/// What the compiled circuit does to each coupling and qubit.
struct Use {
  std::vector<int> qubits, layout;
  std::set<std::pair<int, int>> couplings;

  explicit Use(const Timeline* timeline) {
    if (timeline == nullptr) return;
    qubits = qubits_of(*timeline);
    layout = timeline->layout;
    for (const auto& operation : timeline->operations)
      if (operation.qubits.size() == 2) couplings.insert(sorted(operation.qubits[0], operation.qubits[1]));
  }
  bool holds(int qubit) const { return std::ranges::binary_search(qubits, qubit); }
  /// "2", or "" for a qubit that holds none of the circuit's at the start.
  std::string number_of(int qubit) const {
    const auto found = std::ranges::find(layout, qubit);
    return found == layout.end() ? "" : std::to_string(found - layout.begin());
  }
};

/// Errors that part the couplings into quarters, as far as they differ.
std::vector<double> quarters(const std::vector<MappedCoupling>& couplings) {
  std::vector<double> errors, bounds;
  for (const auto& c : couplings)
    if (!c.dead) errors.push_back(c.error);
  std::ranges::sort(errors);
  for (std::size_t k = 1; k < error_classes && !errors.empty(); ++k) {
    const double bound = errors[k * (errors.size() - 1) / error_classes];
    if (bound < errors.back() && (bounds.empty() || bound > bounds.back())) bounds.push_back(bound);
  }
  return bounds;
}

std::size_t class_of(double error, const std::vector<double>& bounds) {
  return static_cast<std::size_t>(std::ranges::lower_bound(bounds, error) - bounds.begin());
}

class Drawing {
 public:
  Drawing(const DeviceMap& map, const Use& use) : map_(map), use_(use), bounds_(quarters(map.couplings)) {
    std::vector<std::pair<int, int>> pairs;
    const int qubits = static_cast<int>(map.readout_errors.size());
    for (const auto& c : map.couplings)
      if (c.first >= 0 && c.second >= 0 && c.first < qubits && c.second < qubits) {
        couplings_.push_back(c);
        pairs.emplace_back(c.first, c.second);
      }
    places_ = drawn_places(qubits, pairs);
    for (auto& place : places_) {
      place = {margin + spacing * place.x, margin + spacing * place.y};
      right_ = std::max(right_, place.x);
      bottom_ = std::max(bottom_, place.y);
    }
  }

  std::string svg(std::string_view label) const {
    auto canvas = Canvas::fixed(static_cast<int>(std::ceil(right_)) + margin,
                                static_cast<int>(std::ceil(bottom_)) + margin, label);
    for (const auto& c : couplings_)
      if (use_.couplings.contains(sorted(c.first, c.second))) line(canvas, c, "coupling used");
    const std::string_view density = couplings_.size() > 3 * places_.size() ? " many" : "";
    for (const auto& c : couplings_)
      line(canvas, c,
           c.dead ? "coupling dead"
                  : fmt::format("coupling error-{}{}", class_of(c.error, bounds_) + 1, density),
           told(c));
    for (int q = 0; q < static_cast<int>(places_.size()); ++q) draw_qubit(canvas, q);
    return canvas.svg();
  }

  std::string legend() const {
    std::string items;
    const auto sample = [&](std::string_view css, std::string_view text) {
      items += element("span", "",
                       fmt::format("<svg class=\"icon line\" viewBox=\"0 0 24 16\" aria-hidden=\"true\">"
                                   "<path d=\"M2 8H22\" class=\"coupling {}\"/></svg>{}",
                                   css, text));
    };
    for (std::size_t k = 0; k <= bounds_.size() && !couplings_.empty(); ++k)
      sample(fmt::format("error-{}", k + 1), range(k));
    if (std::ranges::any_of(couplings_, &MappedCoupling::dead)) sample("dead", "does not work");
    if (!use_.couplings.empty()) sample("used", "used by the circuit; numbers are its qubits at the start");
    return paragraph("legend", items);
  }

 private:
  static std::string error_text(double error) { return fmt::format("{}\u00a0%", number(100 * error)); }
  std::string range(std::size_t k) const {
    if (bounds_.empty()) return "error of two-qubit operations: the same everywhere";
    if (k == 0) return fmt::format("error up to {}", error_text(bounds_[0]));
    if (k == bounds_.size()) return fmt::format("above {}", error_text(bounds_.back()));
    return fmt::format("up to {}", error_text(bounds_[k]));
  }
  static std::string told(const MappedCoupling& c) {
    if (c.dead) return fmt::format("qubits {} and {}: the coupling does not work", c.first, c.second);
    return fmt::format("qubits {} and {}: error {}", c.first, c.second, error_text(c.error));
  }
  void line(Canvas& canvas, const MappedCoupling& c, std::string_view css, std::string_view tip = "") const {
    const auto &a = places_[static_cast<std::size_t>(c.first)],
               &b = places_[static_cast<std::size_t>(c.second)];
    canvas.line(a.x, a.y, b.x, b.y, css, tip);
  }
  void draw_qubit(Canvas& canvas, int qubit) const {
    const auto& place = places_[static_cast<std::size_t>(qubit)];
    const auto number = use_.number_of(qubit);
    auto tip = fmt::format("qubit {}: readout error {}", qubit,
                           error_text(map_.readout_errors[static_cast<std::size_t>(qubit)]));
    if (std::ranges::find(map_.dead, qubit) != map_.dead.end()) {
      canvas.dot(place.x, place.y, 4, "qubit dead", fmt::format("qubit {} does not work", qubit));
      return;
    }
    if (!number.empty())
      tip += fmt::format("; qubit {} of the circuit at its start", number);
    else if (use_.holds(qubit))
      tip += "; on the way between others";
    const bool used = !number.empty() || use_.holds(qubit);
    canvas.dot(place.x, place.y, used ? 10 : 4.5, used ? "qubit used" : "qubit", tip);
    if (!number.empty()) canvas.text(place.x, place.y + 4, number, "on-mark", "middle");
  }

  const DeviceMap& map_;
  const Use& use_;
  std::vector<double> bounds_;
  std::vector<MappedCoupling> couplings_;
  std::vector<Place> places_;
  double right_ = 0, bottom_ = 0;
};

}  // namespace

std::vector<int> qubits_of(const Timeline& timeline) {
  std::set<int> used;
  for (const auto& operation : timeline.operations)
    used.insert(operation.qubits.begin(), operation.qubits.end());
  return {used.begin(), used.end()};
}

std::string device_map(const DeviceVerdict& device, const Timeline* used) {
  const auto qubits = device.map.readout_errors.size();
  if (qubits == 0 || qubits > most_drawn_qubits) return "";
  const Use use(used);
  const Drawing drawing(device.map, use);
  const auto label =
      fmt::format("map of {}: {}, {}, {} used", device.device, plural(static_cast<double>(qubits), "qubit"),
                  plural(static_cast<double>(device.map.couplings.size()), "coupling"), use.qubits.size());
  return element("figure", "class=\"device-map\"",
                 element("figcaption", "",
                         "The device: qubits, and couplings by the error of their two-qubit operation, the "
                         "wider and stronger the worse") +
                     drawing.legend() + drawing.svg(label));
}

}  // namespace qupel::report
