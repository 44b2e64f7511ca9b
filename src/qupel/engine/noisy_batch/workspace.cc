#include "qupel/engine/noisy_batch/workspace.h"

#include <algorithm>
#include <cmath>

namespace qupel::noisy_batch {
namespace {

// States before windows up to this many bytes are all held: to write them takes less than to run windows
// again.
constexpr double most_held_bytes = 0x1p26;

double bytes_of_states(const Program& program, std::size_t states) {
  return static_cast<double>(states * program.coefficients() * lanes * sizeof(double));
}

std::size_t tile_size(const QubitWindow& window) { return window.inside.size() * lanes; }

/// How many numbers the largest tile of a window has.
std::size_t largest_tile(const Program& program) {
  std::size_t size = lanes;
  for (const auto& window : program.windows) size = std::max(size, tile_size(window));
  return size;
}
/// How many steps the longest window has.
std::size_t longest_window(const Program& program) {
  std::size_t steps = 1;
  for (const auto& window : program.windows) steps = std::max(steps, window.steps.size());
  return steps;
}

/// How many numbers the tiles of one window take, at most over all windows.
std::size_t tile_numbers(const Program& program, const StatePlan& plan) {
  std::size_t numbers = 0;
  for (const auto& window : program.windows)
    numbers = std::max(numbers, tile_size(window) * (plan.gradient ? window.steps.size() + 1 : 2));
  return numbers;
}

}  // namespace

StatePlan StatePlan::of_gradient(const Program& program, bool feature_gradient) {
  const auto windows = std::max<std::size_t>(1, program.windows.size());
  StatePlan plan{true, feature_gradient, windows, 1};
  if (bytes_of_states(program, windows) > most_held_bytes) {
    plan.segment = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(windows))));
    plan.segments = (windows + plan.segment - 1) / plan.segment;
  }
  plan.states = plan.segments + plan.segment + 1;  // and the effect
  return plan;
}

Workspace::Workspace(const Program& program, const StatePlan& plan, std::span<const double> parameters)
    : program_(program),
      kernels_(kernels()),
      plan_(plan),
      size_(program.coefficients() * lanes),
      states_(plan.states * size_, false),
      tiles_(tile_numbers(program, plan), false),
      effect_tiles_(2 * largest_tile(program), false),
      waves_((2 * program.angles.size() + 1) * lanes),
      matrices_((program.matrices + 1) * matrix_size),
      letters_(4 * static_cast<std::size_t>(program.qubits) * lanes),
      derivatives_((program.angles.size() + 1) * lanes),
      by_entries_(longest_window(program) * matrix_size),
      by_letters_(letters_.size()),
      effect_tile_(effect_tiles_.data()),
      spare_tile_(effect_tiles_.data() + effect_tiles_.size() / 2) {
  for (std::size_t a = 0; a < program.angles.size(); ++a) {
    const auto& angle = program.angles[a];
    if (!angle.is_feature()) set_waves(a, [&](std::size_t) { return angle.value({}, parameters); });
  }
  program.for_each_step([&](const Step& step) {
    const auto* run = std::get_if<Run>(&step);
    if (run == nullptr) return;
    bool varies = false;
    for_each_angle(step, [&](std::size_t a) { varies = varies || program.angles[a].is_feature(); });
    if (varies)
      varying_.push_back(run);
    else
      compose(*run);
  });
  for (std::size_t q = 0; q < letters_.size(); q += 4 * lanes) {  // |0>
    std::fill_n(letters_.data() + q, lanes, 1.0);
    std::fill_n(letters_.data() + q + 3 * lanes, lanes, 1.0);
  }
}

double Workspace::bytes(const Program& program, const StatePlan& plan) {
  const auto lines = 3 * (program.angles.size() + 1) + 12 * (program.matrices + 1 + longest_window(program));
  const auto numbers = tile_numbers(program, plan) + 2 * largest_tile(program) + lines * lanes;
  return bytes_of_states(program, plan.states) + static_cast<double>(numbers * sizeof(double));
}

template <class LaneAngle>
void Workspace::set_waves(std::size_t angle, LaneAngle&& lane_angle) {
  alignas(64) double angles[lanes];
  for (std::size_t lane = 0; lane < lanes; ++lane) angles[lane] = lane_angle(lane);
  kernels_.set_waves(angles, waves_.data() + 2 * angle * lanes);
}

/// What the run makes of |0>, of which I and Z are 1.
void Workspace::set_letters(const Run& run) {
  double* letters = letters_.data() + 4 * static_cast<std::size_t>(run.qubit) * lanes;
  const double* rows = matrix(run);
  for (std::size_t letter = 1; letter < 4; ++letter, rows += 4 * lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      letters[letter * lanes + lane] = rows[lane] + rows[3 * lanes + lane];
}

void Workspace::compose(const Run& run) { kernels_.compose(run.factors, waves_.data(), matrices(run)); }

void Workspace::bind(const Matrix<double>& features, std::size_t first, std::size_t count) {
  for (std::size_t a = 0; a < program_.angles.size(); ++a) {
    const auto& angle = program_.angles[a];
    if (!angle.is_feature()) continue;
    set_waves(a, [&](std::size_t lane) {
      return angle.value(features.row(first + std::min(lane, count - 1)), {});
    });
  }
  for (const auto* run : varying_) compose(*run);
}

double* Workspace::before(std::size_t window) {
  if (!plan_.gradient) return state(0);
  return window % plan_.segment == 0 ? state(window / plan_.segment) : after(window - 1);
}

double* Workspace::after(std::size_t window) {
  if (!plan_.gradient) return state(0);
  const bool ends = (window + 1) % plan_.segment == 0 && window + 1 < program_.windows.size();
  return ends ? state((window + 1) / plan_.segment) : state(plan_.segments + window % plan_.segment);
}

const double* Workspace::run() {
  const auto count = program_.windows.size();
  if (program_.from_zero) {
    for (const auto& step : program_.start) set_letters(std::get<Run>(step));
    kernels_.start(letters_.data(), program_.qubits, before(0));
  }
  run_windows(0, count);
  return count == 0 ? before(0) : after(count - 1);
}

void Workspace::run_windows(std::size_t first, std::size_t end) {
  for (std::size_t k = first; k < end; ++k) run_window(program_.windows[k], before(k), after(k));
}

void Workspace::run_window(const QubitWindow& window, const double* from, double* to) {
  const bool kept = plan_.gradient && window.outside.size() == 1;  // differentiate() may then find them
  for (const auto outside : window.outside) {
    run_tile(window, from + outside * lanes, kept);
    const double* last = tile(window, kept ? window.steps.size() : window.steps.size() % 2);
    kernels_.write_tile(window.inside, last, to + outside * lanes);
  }
}

double* Workspace::tile(const QubitWindow& window, std::size_t number) {
  return tiles_.data() + number * tile_size(window);
}

void Workspace::run_tile(const QubitWindow& window, const double* from, bool kept) {
  kernels_.read_tile(window.inside, from, tile(window, 0));
  const auto number = [&](std::size_t step) { return kept ? step : step % 2; };
  for (std::size_t s = 0; s < window.steps.size(); ++s)
    forward(window.steps[s], tile_size(window), tile(window, number(s)), tile(window, number(s + 1)));
}

void Workspace::forward(const Step& step, std::size_t size, const double* from, double* to) const {
  if (const auto* run = std::get_if<Run>(&step))
    kernels_.apply_run(*run, matrix(*run), size, from, to);
  else if (const auto* pair = std::get_if<Pair>(&step))
    kernels_.apply_pair(*pair, pair->forward, from, to);
  else
    kernels_.rotate(std::get<Rotation>(step), waves_.data(), false, size, from, to);
}

double* Workspace::clear_effect() {
  double* effect = state(plan_.states - 1);
  std::fill_n(effect, size_, 0.0);
  return effect;
}

void Workspace::pull(const Step& step, std::size_t size) {
  if (const auto* run = std::get_if<Run>(&step)) {
    kernels_.pull_run(*run, matrix(*run), size, effect_tile_);
    return;
  }
  if (const auto* pair = std::get_if<Pair>(&step))
    kernels_.apply_pair(*pair, pair->transposed, effect_tile_, spare_tile_);
  else
    kernels_.rotate(std::get<Rotation>(step), waves_.data(), true, size, effect_tile_, spare_tile_);
  std::swap(effect_tile_, spare_tile_);
}

void Workspace::pull_window(const QubitWindow& window) {
  for (const auto outside : window.outside) {
    double* effect = state(plan_.states - 1) + outside * lanes;
    kernels_.read_tile(window.inside, effect, effect_tile_);
    for (std::size_t s = window.steps.size(); s-- > 0;) pull(window.steps[s], tile_size(window));
    kernels_.write_tile(window.inside, effect_tile_, effect);
  }
}

const double* Workspace::pull_back() {
  for (std::size_t k = program_.windows.size(); k-- > 0;) pull_window(program_.windows[k]);
  return state(plan_.states - 1);
}

bool Workspace::wanted(const Step& step) const {
  bool found = false;
  for_each_angle(step, [&](std::size_t a) {
    const auto kind = program_.angles[a].slot.kind;
    found = found || kind == Slot::Kind::parameter || (kind == Slot::Kind::feature && plan_.feature_gradient);
  });
  return found;
}

bool Workspace::wanted(const QubitWindow& window) const {
  return std::ranges::any_of(window.steps, [&](const Step& step) { return wanted(step); });
}

void Workspace::correlate(const Step& step, std::size_t size, const double* from, double* by_entries) {
  if (const auto* run = std::get_if<Run>(&step))
    kernels_.correlate_run(*run, size, effect_tile_, from, by_entries);
  else
    kernels_.correlate_rotation(std::get<Rotation>(step), waves_.data(), size, effect_tile_, from,
                                derivatives_.data());
}

bool Workspace::start_wanted() const {
  return std::ranges::any_of(program_.start, [&](const Step& step) { return wanted(step); });
}

bool Workspace::differentiable() const {
  return start_wanted() ||
         std::ranges::any_of(program_.windows, [&](const QubitWindow& window) { return wanted(window); });
}

/// An entry of a run changes the letter of its row, by the letters I and Z of |0>.
void Workspace::differentiate_start() {
  kernels_.differentiate_start(letters_.data(), program_.qubits, before(0), state(plan_.states - 1),
                               by_letters_.data());
  for (const auto& step : program_.start) {
    if (!wanted(step)) continue;
    const auto& run = std::get<Run>(step);
    const double* by_letters = by_letters_.data() + (4 * static_cast<std::size_t>(run.qubit) + 1) * lanes;
    std::fill_n(by_entries_.data(), matrix_size, 0.0);
    for (std::size_t row = 0; row < 3; ++row)
      for (const std::size_t column : {0UL, 3UL})
        std::copy_n(by_letters + row * lanes, lanes, by_entries_.data() + (4 * row + column) * lanes);
    kernels_.derive(run.factors, waves_.data(), matrices(run), by_entries_.data(), derivatives_.data());
  }
}

void Workspace::differentiate_window(const QubitWindow& window, const double* from, bool tiles_known) {
  const auto size = tile_size(window);
  const auto& steps = window.steps;
  const auto by_entries = [&](std::size_t step) { return by_entries_.data() + step * matrix_size; };
  std::fill_n(by_entries(0), steps.size() * matrix_size, 0.0);
  for (const auto outside : window.outside) {
    if (!tiles_known) run_tile(window, from + outside * lanes, true);
    double* effect = state(plan_.states - 1) + outside * lanes;
    kernels_.read_tile(window.inside, effect, effect_tile_);
    for (std::size_t s = steps.size(); s-- > 0;) {
      if (wanted(steps[s])) correlate(steps[s], size, tile(window, s), by_entries(s));
      pull(steps[s], size);
    }
    kernels_.write_tile(window.inside, effect_tile_, effect);
  }
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const auto* run = std::get_if<Run>(&steps[s]);
    if (run != nullptr && wanted(steps[s]))
      kernels_.derive(run->factors, waves_.data(), matrices(*run), by_entries(s), derivatives_.data());
  }
}

const double* Workspace::differentiate() {
  const auto& windows = program_.windows;
  std::fill_n(derivatives_.data(), derivatives_.size(), 0.0);
  const bool from_start = start_wanted();
  const auto first =
      from_start
          ? 0
          : static_cast<std::size_t>(
                std::ranges::find_if(windows, [&](const QubitWindow& window) { return wanted(window); }) -
                windows.begin());
  std::size_t held = windows.empty() ? 0 : (windows.size() - 1) / plan_.segment;  // with its states
  std::size_t last_run = windows.size();                                          // its number + 1
  for (std::size_t k = windows.size(); k-- > first;) {
    const auto segment = k / plan_.segment;
    if (segment != held) {
      run_windows(segment * plan_.segment, k);
      last_run = k;
      held = segment;
    }
    if (wanted(windows[k]))
      differentiate_window(windows[k], before(k), last_run == k + 1 && windows[k].outside.size() == 1);
    else
      pull_window(windows[k]);
    last_run = 0;  // its tiles are those of another window now
  }
  if (from_start) differentiate_start();
  return derivatives_.data();
}

}  // namespace qupel::noisy_batch
