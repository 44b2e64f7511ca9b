#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "qupel/report/chart.h"
#include "qupel/report/device_pictures.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"

namespace qupel::report {
namespace {

constexpr int timeline_width = 960, timeline_left = 84, timeline_lane = 28, timeline_top = 8,
              timeline_axis = 42;

std::string_view kind_of(const TimelineOperation& operation) {
  if (operation.name == "measure" || operation.name == "reset") return "reading";
  return operation.qubits.size() > 1 ? "pair" : "single";
}

/// Half the height of an operation on its lane: kinds differ in more than colour.
double half_height(std::string_view kind) { return kind == "pair" ? 9 : kind == "single" ? 5 : 7; }

std::string time_text(double microseconds) { return duration(1e-6 * microseconds); }

class TimelineDrawing {
 public:
  explicit TimelineDrawing(const Timeline& timeline) : timeline_(timeline), qubits_(qubits_of(timeline)) {
    for (const auto& operation : timeline.operations)
      end_ = std::max(end_, operation.start + operation.duration);
    x_ = Scale(0, end_, timeline_left, timeline_width - 10);
  }

  std::string svg(std::string_view label) const {
    const int bottom = timeline_top + timeline_lane * static_cast<int>(qubits_.size());
    auto canvas = Canvas::fixed(timeline_width, bottom + timeline_axis, label);
    canvas.x_grid(x_, timeline_top, bottom);
    for (const int q : qubits_) draw_lane(canvas, q);
    for (const auto& operation : timeline_.operations) draw(canvas, operation);
    canvas.x_labels(x_, bottom + 16, time_text);
    canvas.text(timeline_width - 10, bottom + 34, "time from the start", "axis", "end");
    return canvas.svg();
  }

  /// Of the time between a qubit's first operation and the end, all qubits together.
  double share_of_waiting() const {
    double busy = 0, all = 0;
    for (const int q : qubits_) {
      const auto mine = operations_on(q);
      all += end_ - mine.front()->start;
      for (const auto* operation : mine) busy += operation->duration;
    }
    return all > 0 ? std::max(0.0, 1 - busy / all) : 0;
  }
  double end() const { return end_; }

 private:
  double middle(int qubit) const {
    const auto place = std::ranges::lower_bound(qubits_, qubit) - qubits_.begin();
    return timeline_top + timeline_lane * (static_cast<double>(place) + 0.5);
  }
  std::vector<const TimelineOperation*> operations_on(int qubit) const {
    std::vector<const TimelineOperation*> found;
    for (const auto& operation : timeline_.operations)
      if (std::ranges::count(operation.qubits, qubit) > 0) found.push_back(&operation);
    return found;
  }

  void draw_lane(Canvas& canvas, int qubit) const {
    const auto number = std::ranges::find(timeline_.layout, qubit);
    canvas.text(0, middle(qubit) + 4, fmt::format("qubit {}", qubit));
    if (number != timeline_.layout.end())
      canvas.text(timeline_left - 10, middle(qubit) + 4,
                  fmt::format("q{}", number - timeline_.layout.begin()), "tick", "end");
    canvas.line(timeline_left, middle(qubit), timeline_width - 10, middle(qubit), "grid");
    const auto mine = operations_on(qubit);
    for (std::size_t k = 0; k < mine.size(); ++k) {
      const double from = mine[k]->start + mine[k]->duration,
                   to = k + 1 < mine.size() ? mine[k + 1]->start : end_;
      if (to - from <= 1e-9 * end_) continue;
      canvas.line(x_(from), middle(qubit), x_(to), middle(qubit), "waiting",
                  fmt::format("qubit {} waits for {}", qubit, time_text(to - from)));
    }
  }

  void draw(Canvas& canvas, const TimelineOperation& operation) const {
    const auto kind = kind_of(operation);
    const double half = half_height(kind), begin = x_(operation.start),
                 length = std::max(1.5, x_(operation.start + operation.duration) - begin);
    const auto tip = fmt::format("{} on {}, {}", operation.name, fmt::join(operation.qubits, " and "),
                                 time_text(operation.duration));
    if (operation.qubits.size() == 2)
      canvas.line(begin + length / 2, middle(operation.qubits[0]), begin + length / 2,
                  middle(operation.qubits[1]), "link");
    for (const int q : operation.qubits)
      canvas.rect(begin, middle(q) - half, length, 2 * half, fmt::format("operation {}", kind), tip);
  }

  const Timeline& timeline_;
  std::vector<int> qubits_;
  double end_ = 0;
  Scale x_{0, 1, 0, 1};
};

std::string legend() {
  std::string items;
  const auto sample = [&](std::string_view shape, std::string_view text) {
    items += element("span", "",
                     fmt::format("<svg class=\"icon line\" viewBox=\"0 0 24 16\" aria-hidden=\"true\">{}"
                                 "</svg>{}",
                                 shape, text));
  };
  sample("<rect x=\"8\" y=\"5\" width=\"7\" height=\"8\" class=\"operation single\"/>", "on one qubit");
  sample("<rect x=\"4\" y=\"0\" width=\"16\" height=\"16\" class=\"operation pair\"/>",
         "on two, joined by a line");
  sample("<path d=\"M1 8H23\" class=\"waiting\"/>", "waits, and loses coherence");
  return paragraph("legend", items);
}

}  // namespace

std::string device_timeline(const std::string& contender, const DeviceReading& reading) {
  const auto& timeline = reading.timeline;
  if (timeline.operations.empty()) return "";
  const TimelineDrawing drawing(timeline);
  const auto caption =
      fmt::format("The circuit of {} as {} runs it: {}, {} of its qubits' time waiting{}", escaped(contender),
                  escaped(reading.device), time_text(drawing.end()), percent(drawing.share_of_waiting()),
                  timeline.left_out == 0
                      ? ""
                      : fmt::format(" (the first {} operations; {} more follow)", timeline.operations.size(),
                                    count(static_cast<double>(timeline.left_out))));
  const auto label = fmt::format("time line of the circuit of {} on {}", contender, reading.device);
  return element("figure", "class=\"device-timeline\"",
                 element("figcaption", "", caption) + legend() + scrolling(label, drawing.svg(label)));
}

}  // namespace qupel::report
