#include "qupel/engine/heisenberg/window.h"

#include <algorithm>
#include <cmath>

namespace qupel::heisenberg {
namespace {

using rotations::along;
using rotations::odd;
using rotations::Span;

constexpr Mask places = line_size - 1;

template <class T>
class WindowBuilder {
 public:
  WindowBuilder(int most, int bits) : most_(most), bits_(bits) {}

  bool take(const Conjugation& conjugation) {
    const Mask between = conjugation.string & ~places;
    if (between != 0 && span_.reduce(between) != 0) {
      if (static_cast<int>(window_.directions.size()) == most_) return false;
      span_.insert(between);
      window_.directions.push_back(between);
    }
    taken_.push_back(conjugation);
    return true;
  }

  Window<T> finish() {
    widen();
    window_.lines = rotations::sums(window_.directions);
    for (int bit = line_bits; bit < bits_; ++bit) {
      if ((span_.pivots() >> bit & 1) == 0) window_.base_bits.push_back(bit);
    }
    for (const auto& conjugation : taken_) add(conjugation);
    return std::move(window_);
  }

 private:
  // Neighbouring lines in one window, where it has room.
  void widen() {
    std::vector<Mask> low;
    for (int bit = line_bits; bit < bits_ && static_cast<int>(low.size() + window_.directions.size()) < most_;
         ++bit) {
      if (span_.insert(Mask{1} << bit)) low.push_back(Mask{1} << bit);
    }
    window_.directions.insert(window_.directions.begin(), low.begin(), low.end());
  }

  void add(const Conjugation& conjugation) {
    const Mask string = conjugation.string;
    Turn<T> turn;
    const auto line = std::ranges::find(window_.lines, string & ~places);
    turn.line = static_cast<std::uint32_t>(line - window_.lines.begin());
    turn.place = static_cast<std::uint32_t>(string & places);
    turn.diagonal = (string & x_bits) == 0;
    turn.dual = dual(string);
    turn.sign = turn.diagonal ? 0 : (string & x_bits) << 1;
    turn.dual_line = along(turn.dual, window_.directions);
    turn.sign_line = along(turn.sign, window_.directions);
    turn.whole_lines = (turn.dual & places) == 0;
    find_steps(turn);
    fill(turn, conjugation.angle);
    window_.diagonals |= turn.diagonal;
    window_.turns.push_back(std::move(turn));
  }

  void find_steps(Turn<T>& turn) const {
    const std::uint32_t pivot = std::bit_floor(turn.line);
    const std::uint32_t changes = turn.whole_lines ? turn.dual_line & ~pivot : 0;
    turn.has_other = changes != 0;
    turn.other = changes & (0 - changes);
    for (std::size_t bit = 0; bit < window_.directions.size(); ++bit) {
      const std::uint32_t step = std::uint32_t{1} << bit;
      if (step == pivot || step == turn.other) continue;
      turn.steps.push_back((changes & step) != 0 ? step ^ turn.other : step);
    }
  }

  static void fill(Turn<T>& turn, double angle) {
    for (std::size_t line = 0; line < 2; ++line) {
      for (std::size_t place = 0; place < line_size; ++place) {
        const bool turns = odd(turn.dual & place) != (line == 1);
        turn.cosines[line][place] = static_cast<T>(turns ? std::cos(angle) : 1);
        const bool flips = turn.diagonal ? !odd_y(place) : odd(turn.sign & place);
        const double sine = turns ? (flips ? -1 : 1) * std::sin(angle) : 0;
        turn.sines[line][0][place] = static_cast<T>(sine);
        turn.sines[line][1][place] = static_cast<T>(-sine);
      }
    }
  }

  int most_, bits_;
  Span span_;
  std::vector<Conjugation> taken_;
  Window<T> window_;
};

}  // namespace

template <class T>
std::vector<Window<T>> windows(std::span<const Conjugation> conjugations, int bits) {
  const int most = std::min(most_directions(sizeof(T)), bits - line_bits);
  std::vector<Window<T>> result;
  WindowBuilder<T> builder(most, bits);
  for (const auto& conjugation : conjugations) {
    if (builder.take(conjugation)) continue;
    result.push_back(builder.finish());
    builder = WindowBuilder<T>(most, bits);
    builder.take(conjugation);
  }
  if (!conjugations.empty()) result.push_back(builder.finish());
  return result;
}

template std::vector<Window<float>> windows(std::span<const Conjugation>, int);
template std::vector<Window<double>> windows(std::span<const Conjugation>, int);

}  // namespace qupel::heisenberg
