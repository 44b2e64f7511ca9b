#include "qupel/engine/heisenberg/window.h"

#include <algorithm>
#include <cmath>

#include "qupel/engine/rotations/directions.h"

namespace qupel::heisenberg {
namespace {

using rotations::along;
using rotations::odd;

constexpr Mask places = line_size - 1;

template <class T>
class WindowBuilder {
 public:
  WindowBuilder(int most, int bits) : bits_(bits), directions_(static_cast<std::size_t>(most)) {}

  // Takes a conjugation if there is room for its string. Returns whether it did.
  bool take(const Conjugation& conjugation) {
    if (!directions_.join(conjugation.string & ~places)) return false;
    taken_.push_back(conjugation);
    return true;
  }

  ConjugationWindow<T> finish() {
    directions_.fill(rotations::unit_masks(line_bits, bits_));  // neighbouring lines, where there is room
    window_.directions = directions_.list();
    window_.lines = rotations::sums(window_.directions);
    for (int bit = line_bits; bit < bits_; ++bit) {
      if ((directions_.span().pivots() >> bit & 1) == 0) window_.base_bits.push_back(bit);
    }
    for (const auto& conjugation : taken_) add(conjugation);
    return std::move(window_);
  }

 private:
  void add(const Conjugation& conjugation) {
    const Mask string = conjugation.string;
    ConjugationPlan<T> turn;
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

  void find_steps(ConjugationPlan<T>& turn) const {
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

  static void fill(ConjugationPlan<T>& turn, double angle) {
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

  int bits_;
  rotations::Directions directions_;
  std::vector<Conjugation> taken_;
  ConjugationWindow<T> window_;
};

}  // namespace

template <class T>
std::vector<ConjugationWindow<T>> windows(std::span<const Conjugation> conjugations, int bits) {
  const int most = std::min(most_directions(sizeof(T)), bits - line_bits);
  std::vector<ConjugationWindow<T>> result;
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

template std::vector<ConjugationWindow<float>> windows(std::span<const Conjugation>, int);
template std::vector<ConjugationWindow<double>> windows(std::span<const Conjugation>, int);

}  // namespace qupel::heisenberg
