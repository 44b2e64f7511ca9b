#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/noisy_batch/kernels.h"
#include "qupel/engine/noisy_batch/program.h"

namespace qupel::noisy_batch {

/// Which states a block of samples holds. Values need one. A gradient needs the state before every window,
/// for noise cannot be run backwards: the states within one segment of windows are held, and the first state
/// of every segment, from which its windows are run again.
struct StatePlan {
  bool gradient = false, feature_gradient = false;
  std::size_t segment = 1;   ///< windows
  std::size_t segments = 0;  ///< whose first states are held
  std::size_t states = 1;    ///< in all

  static StatePlan of_values() { return {}; }
  static StatePlan of_gradient(const Program& program, bool feature_gradient);
};

/// A block of samples while it is computed.
class Workspace {
 public:
  /// Refers to the program and the parameters, as many as the circuit has.
  Workspace(const Program& program, const StatePlan& plan, std::span<const double> parameters);

  static double bytes(const Program& program, const StatePlan& plan);

  /// Takes the features of samples first .. first + count - 1, at most `lanes`.
  void bind(const Matrix<double>& features, std::size_t first, std::size_t count);
  /// Runs all steps, on |0...0> if the program begins with that. @return the lines of the final state
  const double* run();
  /// The lines of the state that a program begins with which does not begin with |0...0>: for the caller to
  /// write before run().
  double* first_state() { return before(0); }

  /// The lines of an effect, zeros at first: what it is worth is its product with the final state. Without a
  /// gradient it takes the place of the state.
  double* clear_effect();
  /// Takes the effect back through all steps of a program that does not begin with |0...0>. @return the lines
  /// of the effect that is worth the same at the beginning
  const double* pull_back();
  /// Whether derivatives by any angle are wanted.
  bool differentiable() const;
  /// After run(), takes the effect back to the first window whose derivatives are wanted. @return the
  /// derivatives of what it is worth, a line an angle
  const double* differentiate();

 private:
  double* state(std::size_t number) { return states_.data() + number * size_; }
  double* before(std::size_t window);
  double* after(std::size_t window);
  void run_windows(std::size_t first, std::size_t end);
  void run_window(const QubitWindow& window, const double* from, double* to);

  /// Tile `number` of the steps of a window: that before step `number`.
  double* tile(const QubitWindow& window, std::size_t number);
  /// @param kept whether all tiles between steps are
  void run_tile(const QubitWindow& window, const double* from, bool kept);
  void forward(const Step& step, std::size_t size, const double* from, double* to) const;

  void pull_window(const QubitWindow& window);
  void differentiate_window(const QubitWindow& window, const double* from, bool tiles_known);
  void pull(const Step& step, std::size_t size);
  void correlate(const Step& step, std::size_t size, const double* from, double* by_entries);
  bool wanted(const Step& step) const;
  bool wanted(const QubitWindow& window) const;

  void differentiate_start();
  bool start_wanted() const;

  /// @param lane_angle gives the angle of a lane
  template <class LaneAngle>
  void set_waves(std::size_t angle, LaneAngle&& lane_angle);
  void set_letters(const Run& run);
  void compose(const Run& run);
  double* matrices(const Run& run) { return matrices_.data() + run.matrices * matrix_size; }
  const double* matrix(const Run& run) const {
    return matrices_.data() + (run.matrices + run.factors.size() - 1) * matrix_size;
  }

  const Program& program_;
  const Kernels& kernels_;
  StatePlan plan_;
  std::size_t size_;  // of a state, in numbers
  HugeArray<double> states_, tiles_, effect_tiles_;
  HugeArray<double> waves_, matrices_, letters_, derivatives_, by_entries_, by_letters_;
  double *effect_tile_, *spare_tile_;
  std::vector<const Run*> varying_;  // whose matrices differ between samples
};

}  // namespace qupel::noisy_batch
