#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/noisy_batch/kernels.h"
#include "qupel/engine/noisy_batch/program.h"

namespace qupel::noisy_batch {

/// Which states a block of samples holds. Values need two, which take turns. A gradient needs the state
/// before every step that depends on an angle, for noise cannot be run backwards: the states within one
/// segment of steps are held, and the first state of every segment, from which its steps are run again.
struct StatePlan {
  bool gradient = false, feature_gradient = false;
  std::size_t segment = 1;   ///< steps
  std::size_t segments = 0;  ///< whose first states are held
  std::size_t states = 2;    ///< in all

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
  /// Runs all steps on |0...0>. @return the lines of the final state
  const double* run();

  /// The lines of an effect, zeros at first: what it is worth is its product with the final state. Without
  /// a gradient it takes the place of the state.
  double* clear_effect();
  /// Takes the effect back through all steps. @return the lines of the effect that is worth the same in
  /// |0...0>
  const double* pull_back();
  /// After run(), takes the effect back to the first step whose derivatives are wanted. @return the
  /// derivatives of what it is worth, a line an angle
  const double* differentiate();

 private:
  double* state(std::size_t number) { return states_.data() + number * size_; }
  double* before(std::size_t step);
  double* after(std::size_t step);
  void start(double* to) const;
  void forward(const Step& step, const double* from, double* to) const;
  void run_steps(std::size_t first, std::size_t end);
  void pull(const Step& step);
  void correlate(const Step& step, const double* from);
  bool wants(const Step& step) const;
  void set_waves(std::size_t angle, std::size_t lane, double value);
  void compose(const Run& run);
  double* matrices(const Run& run) { return matrices_.data() + run.matrices * matrix_size; }
  const double* matrix(const Run& run) const {
    return matrices_.data() + (run.matrices + run.factors.size() - 1) * matrix_size;
  }

  const Program& program_;
  const Kernels& kernels_;
  StatePlan plan_;
  std::size_t size_;  // of a state, in numbers
  HugeArray<double> states_, waves_, matrices_, derivatives_, by_entries_;
  double *effect_, *spare_;
  std::vector<const Run*> varying_;  // whose matrices differ between samples
};

}  // namespace qupel::noisy_batch
