#include "qupel/report/device_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

namespace qupel::report {
namespace {

using Neighbours = std::vector<std::vector<int>>;

std::size_t index(int k) { return static_cast<std::size_t>(k); }

Neighbours neighbours_of(int qubits, const std::vector<std::pair<int, int>>& couplings) {
  Neighbours all(index(qubits));
  for (const auto& [a, b] : couplings) {
    all[index(a)].push_back(b);
    all[index(b)].push_back(a);
  }
  for (auto& list : all) std::ranges::sort(list);
  return all;
}

/// Places qubits one after the other next to those that have a place, and takes back what leads nowhere.
class LatticeSearch {
 public:
  explicit LatticeSearch(const Neighbours& neighbours)
      : neighbours_(neighbours), places_(neighbours.size()), placed_(neighbours.size(), false) {}

  bool run() {
    if (std::ranges::any_of(neighbours_, [](const auto& list) { return list.size() > 4; })) return false;
    int right = 0;
    for (int q = 0; q < static_cast<int>(neighbours_.size()); ++q) {
      if (placed_[index(q)]) continue;  // the first qubit of another connected part
      put(q, {right, 0});
      if (!place_the_rest()) return false;
      right = 0;
      for (std::size_t k = 0; k < places_.size(); ++k)
        if (placed_[k]) right = std::max(right, places_[k].first + 2);
    }
    return true;
  }

  std::vector<Place> places() const {
    std::vector<Place> found;
    for (const auto& [x, y] : places_) found.push_back({static_cast<double>(x), static_cast<double>(y)});
    return found;
  }

 private:
  using Cell = std::pair<int, int>;

  void put(int qubit, Cell cell) {
    places_[index(qubit)] = cell;
    placed_[index(qubit)] = true;
    taken_[cell] = qubit;
    order_.push_back(qubit);
  }
  void take_back() {
    const int qubit = order_.back();
    order_.pop_back();
    placed_[index(qubit)] = false;
    taken_.erase(places_[index(qubit)]);
  }

  /// The qubit with most neighbours that have places, the lowest of several; -1: the part is complete.
  int next_qubit() const {
    int best = -1;
    std::ptrdiff_t most = 0;
    for (int q = 0; q < static_cast<int>(neighbours_.size()); ++q) {
      if (placed_[index(q)]) continue;
      const auto known =
          std::ranges::count_if(neighbours_[index(q)], [&](int other) { return placed_[index(other)]; });
      if (known > most) best = q, most = known;
    }
    return best;
  }

  /// Cells beside a neighbour, the likeliest by the qubits' numbers first.
  std::vector<Cell> candidates(int qubit) const {
    const auto& list = neighbours_[index(qubit)];
    const int from = *std::ranges::find_if(list, [&](int other) { return placed_[index(other)]; });
    constexpr Cell right{1, 0}, left{-1, 0}, down{0, 1}, up{0, -1};
    const std::array<Cell, 4> steps = qubit == from + 1   ? std::array{right, down, up, left}
                                      : qubit == from - 1 ? std::array{left, up, down, right}
                                      : qubit > from      ? std::array{down, right, left, up}
                                                          : std::array{up, left, right, down};
    std::vector<Cell> cells;
    for (const auto& [dx, dy] : steps) {
      const Cell cell{places_[index(from)].first + dx, places_[index(from)].second + dy};
      if (!taken_.contains(cell) && beside_all(list, cell)) cells.push_back(cell);
    }
    return cells;
  }
  bool beside_all(const std::vector<int>& qubits, Cell cell) const {
    return std::ranges::all_of(qubits, [&](int other) {
      if (!placed_[index(other)]) return true;
      const auto& [x, y] = places_[index(other)];
      return std::abs(x - cell.first) + std::abs(y - cell.second) == 1;
    });
  }

  bool place_the_rest() {
    struct Choice {
      int qubit;
      std::vector<Cell> cells;
      std::size_t next = 0;
    };
    std::vector<Choice> choices;
    for (int steps = 0; steps < most_steps; ++steps) {
      const int qubit = next_qubit();
      if (qubit < 0) return true;
      choices.push_back({qubit, candidates(qubit)});
      while (!choices.empty() && choices.back().next == choices.back().cells.size()) {
        choices.pop_back();
        if (!choices.empty()) take_back();
      }
      if (choices.empty()) return false;
      auto& choice = choices.back();
      put(choice.qubit, choice.cells[choice.next++]);
    }
    return false;
  }

  static constexpr int most_steps = 20000;
  const Neighbours& neighbours_;
  std::vector<Cell> places_;
  std::vector<bool> placed_;
  std::vector<int> order_;
  std::map<Cell, int> taken_;
};

std::vector<Place> on_a_circle(int qubits) {
  std::vector<Place> places;
  const double radius = qubits / (2 * std::numbers::pi);
  for (int q = 0; q < qubits; ++q) {
    const double angle = 2 * std::numbers::pi * q / qubits - std::numbers::pi / 2;
    places.push_back({radius * std::cos(angle), radius * std::sin(angle)});
  }
  return places;
}

/// The number of couplings on the shortest way; as many as there are qubits where there is none.
std::vector<int> distances_from(int start, const Neighbours& neighbours) {
  const int none = static_cast<int>(neighbours.size());
  std::vector<int> distance(neighbours.size(), none), queue{start};
  distance[index(start)] = 0;
  for (std::size_t k = 0; k < queue.size(); ++k)
    for (const int other : neighbours[index(queue[k])])
      if (distance[index(other)] == none && other != start) {
        distance[index(other)] = distance[index(queue[k])] + 1;
        queue.push_back(other);
      }
  return distance;
}

std::vector<Place> with_little_stress(const Neighbours& neighbours) {
  const int qubits = static_cast<int>(neighbours.size());
  std::vector<std::vector<int>> distances;
  for (int q = 0; q < qubits; ++q) distances.push_back(distances_from(q, neighbours));
  auto places = on_a_circle(qubits);
  constexpr int rounds = 200;
  for (int round = 0; round < rounds; ++round)
    for (std::size_t a = 0; a < places.size(); ++a) {
      Place sum;
      double weights = 0;
      for (std::size_t b = 0; b < places.size(); ++b) {
        if (a == b) continue;
        const double wanted = distances[a][b], weight = 1 / (wanted * wanted);
        const double dx = places[a].x - places[b].x, dy = places[a].y - places[b].y;
        const double scale = wanted / std::max(1e-9, std::hypot(dx, dy));
        sum.x += weight * (places[b].x + scale * dx);
        sum.y += weight * (places[b].y + scale * dy);
        weights += weight;
      }
      if (weights > 0) places[a] = {sum.x / weights, sum.y / weights};
    }
  return places;
}

void move_to_zero(std::vector<Place>& places) {
  Place least{places[0].x, places[0].y};
  for (const auto& place : places) least = {std::min(least.x, place.x), std::min(least.y, place.y)};
  for (auto& place : places) place = {place.x - least.x, place.y - least.y};
}

}  // namespace

std::optional<std::vector<Place>> lattice_places(int qubits,
                                                 const std::vector<std::pair<int, int>>& couplings) {
  const auto neighbours = neighbours_of(qubits, couplings);
  LatticeSearch search(neighbours);
  if (qubits < 1 || !search.run()) return std::nullopt;
  auto places = search.places();
  move_to_zero(places);
  return places;
}

std::vector<Place> drawn_places(int qubits, const std::vector<std::pair<int, int>>& couplings) {
  if (qubits < 1) return {};
  if (auto places = lattice_places(qubits, couplings)) return *places;
  const auto n = index(qubits);
  auto places = couplings.size() == n * (n - 1) / 2 ? on_a_circle(qubits)
                                                    : with_little_stress(neighbours_of(qubits, couplings));
  move_to_zero(places);
  return places;
}

}  // namespace qupel::report
