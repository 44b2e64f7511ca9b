#include "qupel/problem/optimization/routing_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/optimization/text_lines.h"

namespace qupel {
namespace {

struct Place {
  double x, y;
};
using Distance = double (*)(Place, Place);

double euclidean(Place a, Place b) { return std::hypot(a.x - b.x, a.y - b.y); }
double rounded(Place a, Place b) { return std::floor(euclidean(a, b) + 0.5); }
double rounded_up(Place a, Place b) { return std::ceil(euclidean(a, b)); }
double pseudo_euclidean(Place a, Place b) {
  return std::ceil(std::sqrt((std::pow(a.x - b.x, 2) + std::pow(a.y - b.y, 2)) / 10));
}
double along_axes(Place a, Place b) { return std::floor(std::abs(a.x - b.x) + std::abs(a.y - b.y) + 0.5); }
double along_longer_axis(Place a, Place b) {
  return std::floor(std::max(std::abs(a.x - b.x), std::abs(a.y - b.y)) + 0.5);
}
/// Degrees and minutes (as decimals) to radians, with TSPLIB's own digits of pi.
double radians(double angle) {
  const double degrees = std::trunc(angle);
  return 3.141592 * (degrees + 5 * (angle - degrees) / 3) / 180;
}
double geographical(Place a, Place b) {
  const double q1 = std::cos(radians(a.y) - radians(b.y)), q2 = std::cos(radians(a.x) - radians(b.x)),
               q3 = std::cos(radians(a.x) + radians(b.x));
  const double cosine = std::clamp(0.5 * ((1 + q1) * q2 - (1 - q1) * q3), -1.0, 1.0);
  return std::floor(6378.388 * std::acos(cosine) + 1);
}

const std::map<std::string, Distance, std::less<>>& distances_of_places() {
  static const std::map<std::string, Distance, std::less<>> all{
      {"EUC_2D", rounded},   {"CEIL_2D", rounded_up}, {"ATT", pseudo_euclidean},
      {"GEO", geographical}, {"MAN_2D", along_axes},  {"MAX_2D", along_longer_axis}};
  return all;
}

/// In which order the numbers of a matrix stand, row by row. Column by column one triangle stands as the
/// other does row by row, since distances are the same both ways.
struct MatrixForm {
  bool upper, lower, diagonal;
};
const std::map<std::string, MatrixForm, std::less<>>& matrix_forms() {
  static const std::map<std::string, MatrixForm, std::less<>> all{
      {"FULL_MATRIX", {true, true, true}},     {"UPPER_ROW", {true, false, false}},
      {"LOWER_ROW", {false, true, false}},     {"UPPER_DIAG_ROW", {true, false, true}},
      {"UPPER_COL", {false, true, false}},     {"LOWER_COL", {true, false, false}},
      {"UPPER_DIAG_COL", {false, true, true}}, {"LOWER_DIAG_COL", {true, false, true}},
      {"LOWER_DIAG_ROW", {false, true, true}}};
  return all;
}

template <typename T>
std::vector<std::string> names_in(const std::map<std::string, T, std::less<>>& all) {
  std::vector<std::string> names;
  for (const auto& each : all) names.push_back(each.first);
  return names;
}

class RoutingReader {
 public:
  RoutingReader(std::string_view text, std::string_view source) : lines_(text, source) {}

  RoutingFile read() {
    while (pending_ || lines_.next(line_)) {
      pending_ = false;
      if (line_.words[0] == "EOF" || !read_entry()) break;
    }
    finish();
    return std::move(file_);
  }

 private:
  /// A line "KEY : VALUE" or a section. @returns false at the end
  bool read_entry() {
    const auto colon = line_.whole.find(':');
    const auto key = trim(line_.whole.substr(0, colon));
    const auto value = colon == line_.whole.npos ? std::string_view() : trim(line_.whole.substr(colon + 1));
    const std::map<std::string_view, std::function<void()>> entries{
        {"NAME", [&] { file_.name = value; }},
        {"COMMENT", [] {}},
        {"DISPLAY_DATA_TYPE", [] {}},
        {"NODE_COORD_TYPE", [] {}},
        {"EDGE_DATA_FORMAT", [] {}},
        {"VEHICLES",
         [&] { file_.vehicle_count = static_cast<std::size_t>(lines_.whole(line_, value, 1, most_stops)); }},
        {"TYPE", [&] { read_type(value); }},
        {"DIMENSION", [&] { count_ = static_cast<std::size_t>(lines_.whole(line_, value, 2, most_stops)); }},
        {"CAPACITY", [&] { file_.capacity = positive(value); }},
        {"EDGE_WEIGHT_TYPE", [&] { type_ = value; }},
        {"EDGE_WEIGHT_FORMAT", [&] { format_ = value; }},
        {"NODE_COORD_SECTION", [&] { read_places(places_); }},
        {"DISPLAY_DATA_SECTION", [&] { read_places(shown_); }},
        {"EDGE_WEIGHT_SECTION", [&] { read_matrix(); }},
        {"DEMAND_SECTION", [&] { read_demands(); }},
        {"DEPOT_SECTION", [&] { read_depot(); }}};
    refuse_other_constraints(key);
    const auto entry = entries.find(key);
    if (entry == entries.end()) {
      std::vector<std::string> names;
      for (const auto& each : entries) names.emplace_back(each.first);
      lines_.fail(line_, unknown_name(shortened(key, 40), "an entry of a TSPLIB file", names));
    }
    entry->second();
    return true;
  }

  void refuse_other_constraints(std::string_view key) {
    for (const auto* entry : {"DISTANCE", "SERVICE_TIME", "SERVICE_TIME_SECTION", "TIME_WINDOW_SECTION",
                              "FIXED_EDGES_SECTION", "BACKHAUL_SECTION", "PICKUP_AND_DELIVERY_SECTION"})
      if (key == entry)
        lines_.fail(line_,
                    fmt::format("{}: of vehicles Qupel keeps the capacity and no other limit, of tours none; "
                                "take the entry out to solve the problem without it",
                                key));
  }

  void read_type(std::string_view value) {
    if (value != "TSP" && value != "CVRP")
      lines_.fail(line_, fmt::format("TYPE {}: Qupel solves TSP and CVRP, with the same distance both ways",
                                     shortened(value, 40)));
    file_.vehicles = value == "CVRP";
  }

  double positive(std::string_view word) {
    const double value = lines_.number(line_, word);
    if (value <= 0) lines_.fail(line_, fmt::format("{} must be above 0", value));
    return value;
  }

  void require_dimension() {
    if (count_ == 0) lines_.fail(line_, "a section before the line \"DIMENSION : ...\"");
  }
  /// The next line of a section. @throws InputError at the end of the file
  void next_line(std::string_view what) {
    if (!lines_.next(line_)) lines_.fail(fmt::format("ends in the middle of its {}", what));
  }
  std::size_t node(std::string_view word) {
    return static_cast<std::size_t>(lines_.whole(line_, word, 1, static_cast<std::int64_t>(count_)) - 1);
  }

  void read_places(std::vector<Place>& places) {
    require_dimension();
    std::vector<bool> seen(count_);
    places.resize(count_);
    for (std::size_t i = 0; i < count_; ++i) {
      next_line("coordinates");
      if (line_.words.size() != 3) lines_.fail(line_, "a node is its number and two coordinates");
      const auto at = node(line_.words[0]);
      if (seen[at]) lines_.fail(line_, fmt::format("node {} has coordinates already", at + 1));
      seen[at] = true;
      places[at] = {coordinate(line_.words[1]), coordinate(line_.words[2])};
    }
  }
  double coordinate(std::string_view word) {
    const double value = lines_.number(line_, word);
    if (std::abs(value) > 1e9) lines_.fail(line_, fmt::format("a coordinate of {}: at most 1e9", value));
    return value;
  }

  void read_matrix() {
    require_dimension();
    const auto form = matrix_forms().find(format_);
    if (form == matrix_forms().end())
      lines_.fail(line_, unknown_name(format_, "an EDGE_WEIGHT_FORMAT", names_in(matrix_forms())));
    const auto [upper, lower, diagonal] = form->second;
    file_.distances = Matrix<double>(count_, count_);
    std::size_t word = 0;
    line_.words.clear();
    for (std::size_t r = 0; r < count_; ++r)
      for (std::size_t c = 0; c < count_; ++c) {
        if ((c > r && !upper) || (c < r && !lower) || (c == r && !diagonal)) continue;
        while (word == line_.words.size()) next_line("distances"), word = 0;
        put_distance(r, c, lines_.number(line_, line_.words[word++]), upper && lower);
      }
    if (word != line_.words.size()) lines_.fail(line_, "more distances than the matrix has");
  }
  void put_distance(std::size_t r, std::size_t c, double distance, bool both) {
    if (r == c) return;  // some files have a large number there
    if (distance < 0 || distance > 1e12)
      lines_.fail(line_, fmt::format("a distance of {} from {} to {}: it must be from 0 to 1e12", distance,
                                     r + 1, c + 1));
    if (both && c < r && file_.distances(c, r) != distance)
      lines_.fail(line_, fmt::format("{} from {} to {}, but {} back: distances must be the same both ways",
                                     distance, r + 1, c + 1, file_.distances(c, r)));
    file_.distances(r, c) = file_.distances(c, r) = distance;
  }

  void read_demands() {
    require_dimension();
    std::vector<bool> seen(count_);
    file_.demands.resize(count_);
    for (std::size_t i = 0; i < count_; ++i) {
      next_line("demands");
      if (line_.words.size() != 2) lines_.fail(line_, "a demand is a node's number and a number");
      const auto at = node(line_.words[0]);
      if (seen[at]) lines_.fail(line_, fmt::format("node {} has a demand already", at + 1));
      seen[at] = true;
      file_.demands[at] = lines_.number(line_, line_.words[1]);
      if (file_.demands[at] < 0)
        lines_.fail(line_, fmt::format("a demand of {}: at least 0", file_.demands[at]));
    }
  }

  void read_depot() {
    require_dimension();
    next_line("depots");
    file_.depot = node(line_.words[0]);
    if (line_.words.size() == 1) next_line("depots");
    if (line_.words.back() != "-1") lines_.fail(line_, "one depot, and then -1: Qupel takes one depot");
  }

  void finish() {
    if (count_ == 0) lines_.fail("has no line \"DIMENSION : ...\"");
    if (type_ != "EXPLICIT") measure_places();
    if (file_.distances.empty()) lines_.fail("has no EDGE_WEIGHT_SECTION");
    for (const auto& place : shown_.empty() ? places_ : shown_)
      file_.x.push_back(place.x), file_.y.push_back(place.y);
    for (std::size_t i = 1; i <= count_; ++i) file_.names.push_back(std::to_string(i));
    if (file_.vehicles) check_vehicles();
  }

  void measure_places() {
    const auto distance = distances_of_places().find(type_);
    if (distance == distances_of_places().end()) {
      auto names = names_in(distances_of_places());
      names.emplace_back("EXPLICIT");
      lines_.fail(unknown_name(type_, "an EDGE_WEIGHT_TYPE", names));
    }
    if (places_.empty()) lines_.fail("has no NODE_COORD_SECTION");
    file_.distances = Matrix<double>(count_, count_);
    for (std::size_t a = 0; a < count_; ++a)
      for (std::size_t b = 0; b < a; ++b)
        file_.distances(a, b) = file_.distances(b, a) = distance->second(places_[a], places_[b]);
  }

  void check_vehicles() {
    if (file_.capacity <= 0) lines_.fail("has no line \"CAPACITY : ...\"");
    if (file_.demands.empty()) lines_.fail("has no DEMAND_SECTION");
    file_.demands[file_.depot] = 0;
    for (std::size_t i = 0; i < count_; ++i)
      if (file_.demands[i] > file_.capacity)
        lines_.fail(fmt::format("node {} demands {}, more than a vehicle holds ({}): no plan is feasible",
                                i + 1, file_.demands[i], file_.capacity));
  }

  TextLines lines_;
  TextLine line_;
  bool pending_ = false;
  RoutingFile file_;
  std::size_t count_ = 0;
  std::string type_ = "EXPLICIT", format_ = "FULL_MATRIX";
  std::vector<Place> places_, shown_;
};

}  // namespace

RoutingFile read_routing(std::string_view text, std::string_view source) {
  return RoutingReader(text, source).read();
}

}  // namespace qupel
