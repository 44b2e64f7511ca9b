#include "qupel/engine/rotations/lower.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>

#include "qupel/circuit/angle_within_4_pi.h"
#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"

namespace qupel::rotations {
namespace {

using std::numbers::pi;
// How far an entry of a matrix may be from its exact value: half a unit in the last place of 1, a little
// more.
constexpr double rounding = 2.5e-16;

// With angles that are not large, so that sums of angles keep their precision: all gates have a period of 4
// pi, or one that divides it.
Operation reduced(const Operation& operation) {
  Operation result = operation;
  for (Angle& angle : result.angles) angle.offset = angle_within_4_pi(angle.offset);
  return result;
}

// A matrix with one entry of modulus 1 in each column: first phases, then a permutation of basis states.
struct Monomial {
  std::vector<Mask> image;
  std::vector<double> phases;
};

// @param factors of which the matrix is the product: each adds its rounding to entries that should be 0
std::optional<Monomial> monomial(const Matrix<Complex>& matrix, std::size_t factors = 1) {
  const double zero = rounding * static_cast<double>(factors);
  Monomial result;
  for (std::size_t c = 0; c < matrix.columns(); ++c) {
    for (std::size_t r = 0; r < matrix.rows(); ++r) {
      if (std::abs(matrix(r, c)) < zero) continue;
      if (result.image.size() > c) return std::nullopt;
      result.image.push_back(r);
      result.phases.push_back(std::arg(matrix(r, c)));
    }
  }
  return result;
}

// U = exp(i phase) RZ(after) RY(middle) RZ(before).
struct EulerAngles {
  double before, middle, after, phase;
};

// The phases of small entries are mostly rounding noise, so that each of the two pairs of entries gives one
// of the angles, and the pair of larger entries gives the common phase: noise then turns small entries only.
EulerAngles euler_angles(const Matrix<Complex>& u) {
  const double stays = std::abs(u(0, 0)), flips = std::abs(u(1, 0)), middle = 2 * std::atan2(flips, stays);
  const double zero_to_zero = std::arg(u(0, 0)), one_to_one = std::arg(u(1, 1));
  const double zero_to_one = std::arg(u(1, 0)), one_to_zero = std::arg(-u(0, 1));
  if (stays >= flips / 2) {
    const double sum = (one_to_one - zero_to_zero) / 2, phase = (one_to_one + zero_to_zero) / 2;
    const double difference = zero_to_one - phase;
    return {sum - difference, middle, sum + difference, phase};
  }
  const double difference = (zero_to_one - one_to_zero) / 2, phase = (zero_to_one + one_to_zero) / 2;
  const double sum = one_to_one - phase;
  return {sum - difference, middle, sum + difference, phase};
}

// The string P if matrix(angle) = exp(-i angle/2 P), else nothing.
std::optional<std::string> rotation_letters(const OpSpec& spec) {
  if (spec.angles != 1 || spec.matrix == nullptr) return std::nullopt;
  const auto at_pi = spec.matrix(std::vector{pi}), at_half = spec.matrix(std::vector{pi / 2});
  int targets = 0;
  while ((std::size_t{1} << targets) < at_pi.rows()) ++targets;
  std::string letters(static_cast<std::size_t>(targets), 'I');
  for (int code = 1; code < 1 << (2 * targets); ++code) {
    for (int t = 0; t < targets; ++t) letters[static_cast<std::size_t>(t)] = "IXYZ"[(code >> (2 * t)) & 3];
    constexpr double tolerance = 1e-12;
    const auto agrees = [&](const Matrix<Complex>& matrix, double angle) {
      const auto expected = pauli_rotation_matrix(letters, angle);
      return std::ranges::equal(matrix.values(), expected.values(),
                                [](Complex a, Complex b) { return std::abs(a - b) < tolerance; });
    };
    if (agrees(at_pi, pi) && agrees(at_half, pi / 2)) return letters;
  }
  return std::nullopt;
}

// The global phase by which a decomposition and its operation differ, linear in the angles with slopes that
// are multiples of 1/2: read off the images of |0...0> (first matrix column), which both have.
LinearAngle phase_left_by(const Circuit& parts, const Operation& operation) {
  const auto difference = [&](std::span<const double> angles) {
    return decomposition_overlap(parts, *operation.spec, angles);
  };
  std::vector<double> angles(operation.angles.size());
  const auto at_zero = difference(angles);
  LinearAngle phase(std::arg(at_zero));
  for (std::size_t k = 0; k < angles.size(); ++k) {
    constexpr double step = 0.5;
    angles[k] = step;
    const double slope = std::arg(difference(angles) / at_zero) / step;
    phase.add(LinearAngle(operation.angles[k]), std::round(2 * slope) / 2);
    angles[k] = 0;
  }
  return phase;
}

class Lowering {
 public:
  explicit Lowering(int qubits)
      : result_{qubits, {Frame(qubits)}, {}}, waiting_(static_cast<std::size_t>(qubits)) {}

  const Frame& frame() const { return result_.frames.back(); }
  std::size_t rotations() const { return result_.rotations.size(); }
  // Later rotations are not joined with those before.
  void fence() {
    fence_ = rotations();
    phase_at_.reset();
  }

  void add(const Operation& operation) {
    if (operation.spec->qubits == 1 && constant(operation)) return wait(operation);
    for (const int qubit : operation.qubits) apply_waiting(qubit);
    apply(operation);
  }

  // What still waits is applied.
  void finish() {
    for (int qubit = 0; qubit < result_.qubits; ++qubit) apply_waiting(qubit);
  }

  Lowered take() {
    finish();
    return std::move(result_);
  }

 private:
  static bool constant(const Operation& operation) {
    return std::ranges::all_of(operation.angles,
                               [](const Angle& a) { return a.slot.kind == Slot::Kind::none; });
  }

  static Matrix<Complex> matrix_of(const Operation& operation) {
    std::vector<double> angles;
    for (const Angle& angle : operation.angles) angles.push_back(angle.offset);
    return full_matrix(*operation.spec, angles);
  }

  // Constant operations on one qubit wait for those that follow on it: what several rotations turn, one can.
  void wait(const Operation& operation) {
    waiting_[static_cast<std::size_t>(operation.qubits[0])].push_back(operation);
  }

  void apply_waiting(int qubit) {
    const auto run = std::exchange(waiting_[static_cast<std::size_t>(qubit)], {});
    const auto turns = std::ranges::count_if(
        run, [](const Operation& operation) { return !monomial(matrix_of(operation)); });
    if (turns < 2) {
      for (const auto& operation : run) apply(operation);
      return;
    }
    auto matrix = matrix_of(run[0]);
    for (std::size_t k = 1; k < run.size(); ++k) matrix = product(matrix_of(run[k]), matrix);
    add_matrix(matrix, run.size(), run[0].qubits);
  }

  void apply(const Operation& operation) {
    const OpSpec& spec = *operation.spec;
    if (spec.structure == Structure::pauli_rotation && spec.controls == 0) {
      rotate(operation.letters(), operation.qubits, LinearAngle(operation.angles[0]));
    } else if (spec.structure == Structure::diagonal) {
      add_diagonal(operation);
    } else if (constant(operation)) {
      add_constant(operation);
    } else if (const auto letters = rotation_letters(spec)) {
      add_controlled_rotation(operation, *letters);
    } else {
      add_decomposition(operation);
    }
  }

  // A frame that nothing has used yet is changed in place.
  void permute(const AffineMap& map, std::span<const int> qubits) {
    if (frame_used_) result_.frames.push_back(frame());
    result_.frames.back().permute(map, qubits);
    frame_used_ = false;
  }

  // exp(-i angle/2 P); qubits may hold an even number of letters Y and still become real: see Rotation.
  void rotate(std::string_view letters, std::span<const int> qubits, const LinearAngle& angle) {
    Pauli p = frame().stored(PauliString(letters, qubits));
    if (p.x == 0) return push(0, p.z, angle.times(p.phase == 2 ? -1 : 1));
    Mask conjugator = 0;
    if (!odd(p.x & p.z)) {
      for (std::size_t k = 0; conjugator == 0; ++k) {
        if (letters[k] == 'X' || letters[k] == 'Y') conjugator = frame().row(qubits[k]);
      }
      p = p * Pauli{1, 0, conjugator};
      push(0, conjugator, LinearAngle(pi / 2));
    }
    push(p.x, p.z, angle.times(p.phase == 1 ? 1 : -1));
    if (conjugator != 0) push(0, conjugator, LinearAngle(-pi / 2));
  }

  // diag(exp(i phases)) on the qubits, by the parities that occur in it (a Walsh transform).
  void add_phases(std::span<const LinearAngle> phases, std::span<const int> qubits) {
    const double weight = 1 / static_cast<double>(phases.size());
    for (Mask subset = 0; subset < phases.size(); ++subset) {
      LinearAngle angle;
      for (Mask l = 0; l < phases.size(); ++l)
        angle.add(phases[l], odd(l & subset) ? 2 * weight : -2 * weight);
      std::string letters(qubits.size(), 'I');
      for (std::size_t k = 0; k < letters.size(); ++k) {
        if ((subset >> k) & 1) letters[k] = 'Z';
      }
      rotate(letters, qubits, angle);
    }
  }

  // Entries of a unitary diagonal with frequencies in {0, 1/2, 1} are exp(i (slope . angles + constant)).
  void add_diagonal(const Operation& operation) {
    const OpSpec& spec = *operation.spec;
    const std::vector<double> zero(operation.angles.size());
    const auto at_zero = spec.matrix(zero);
    const Mask on = (Mask{1} << spec.controls) - 1;
    std::vector<LinearAngle> exponents(std::size_t{1} << operation.qubits.size());
    for (std::size_t l = 0; l < at_zero.rows(); ++l) {
      auto& exponent = exponents[(l << spec.controls) | on];
      exponent.constant = std::arg(at_zero(l, l));
      for (std::size_t k = 0; k < zero.size(); ++k) {
        const auto slope = derivative(spec, zero, static_cast<int>(k))(l, l) / at_zero(l, l);
        exponent.add(LinearAngle(operation.angles[k]), std::round(2 * slope.imag()) / 2);
      }
    }
    add_phases(exponents, operation.qubits);
  }

  void add_constant(const Operation& operation) {
    const auto matrix = matrix_of(operation);
    if (add_permutation(matrix, 1, operation.qubits)) return;
    operation.qubits.size() > 1 ? add_decomposition(operation) : add_euler(matrix, operation.qubits);
  }

  void add_matrix(const Matrix<Complex>& matrix, std::size_t factors, std::span<const int> qubit) {
    if (!add_permutation(matrix, factors, qubit)) add_euler(matrix, qubit);
  }

  // If it is a permutation with phases that moves into the frame.
  bool add_permutation(const Matrix<Complex>& matrix, std::size_t factors, std::span<const int> qubits) {
    const auto found = monomial(matrix, factors);
    if (!found) return false;
    const auto map = AffineMap::from_table(found->image);
    if (!map) return false;
    const std::vector<LinearAngle> phases(found->phases.begin(), found->phases.end());
    add_phases(phases, qubits);
    permute(map, qubits);
    return true;
  }

  void add_euler(const Matrix<Complex>& matrix, std::span<const int> qubit) {
    const auto euler = euler_angles(matrix);
    rotate("Z", qubit, LinearAngle(euler.before));
    rotate("Y", qubit, LinearAngle(euler.middle));
    rotate("Z", qubit, LinearAngle(euler.after));
    push(0, 0, LinearAngle(-2 * euler.phase));
  }

  // The projector on |1...1> of the controls is 2^-controls sum over subsets S of (-1)^|S| Z_S.
  void add_controlled_rotation(const Operation& operation, const std::string& letters) {
    const int controls = operation.spec->controls;
    const double weight = std::ldexp(1.0, -controls);
    for (Mask subset = 0; subset < Mask{1} << controls; ++subset) {
      std::string all;
      for (int k = 0; k < controls; ++k) all += ((subset >> k) & 1) ? 'Z' : 'I';
      rotate(all + letters, operation.qubits,
             LinearAngle(operation.angles[0]).times(odd(subset) ? -weight : weight));
    }
  }

  void add_decomposition(const Operation& operation) {
    const auto& [parts, phase] = decomposed(operation);
    for (const Operation& part : parts.operations()) apply(placed(part, operation));
    push(0, 0, (phase ? *phase : phase_left_by(parts, operation)).times(-2));
  }

  struct Decomposed {
    Circuit parts;
    std::optional<LinearAngle> phase = {};  // that is left, of an operation without angles
  };
  const Decomposed& decomposed(const Operation& operation) {
    const auto known = decomposed_.find(operation.spec);
    if (known != decomposed_.end() && operation.pauli.empty()) return known->second;
    Decomposed made{decomposition(operation)};
    if (operation.angles.empty()) made.phase = phase_left_by(made.parts, operation);
    return decomposed_.insert_or_assign(operation.spec, std::move(made)).first->second;
  }

  void push(Mask x, Mask z, const LinearAngle& angle) {
    frame_used_ = true;
    push({x, z, angle, static_cast<int>(result_.frames.size()) - 1});
  }

  // Joins an equal rotation if only rotations that commute lie between.
  void push(Rotation rotation) {
    if (rotation.angle.zero()) return;
    rotation.angle.constant = angle_within_4_pi(rotation.angle.constant);
    const bool global = (rotation.x | rotation.z) == 0;
    if (const auto equal = global ? phase_at_ : equal_rotation(rotation)) return join(*equal, rotation);
    if (global) phase_at_ = rotations();
    result_.rotations.push_back(std::move(rotation));
  }

  // Looks back so far at most: compile time grows as the number of rotations, even if all of them commute.
  std::optional<std::size_t> equal_rotation(const Rotation& rotation) const {
    constexpr std::size_t farthest = 10'000;
    const auto first = std::max(fence_, rotations() - std::min(rotations(), farthest));
    for (auto at = rotations(); at-- > first;) {
      const auto& other = result_.rotations[at];
      if (other.x == rotation.x && other.z == rotation.z) return at;
      if (!commute(rotation, other)) break;
    }
    return std::nullopt;
  }

  void join(std::size_t at, const Rotation& rotation) {
    auto& angle = result_.rotations[at].angle;
    angle.add(rotation.angle, 1);
    angle.constant = angle_within_4_pi(angle.constant);
    if (!angle.zero()) return;
    result_.rotations.erase(result_.rotations.begin() + static_cast<std::ptrdiff_t>(at));
    if (phase_at_ == at)
      phase_at_.reset();
    else if (phase_at_ > at)
      --*phase_at_;
  }

  Lowered result_;
  std::vector<std::vector<Operation>> waiting_;  // by qubit
  std::map<const OpSpec*, Decomposed> decomposed_;
  std::size_t fence_ = 0;
  std::optional<std::size_t>
      phase_at_;  // of the global phase since the fence: all of them become one rotation
  bool frame_used_ = false;
};

}  // namespace

Lowered lower(const Circuit& circuit, const AfterOperation& after) {
  circuit.require_unitary();
  Lowering lowering(circuit.qubits());
  for (const Operation& operation : circuit.operations()) {
    if (!operation.spec->idle()) lowering.add(reduced(operation));
    if (!after) continue;
    lowering.finish();
    after(operation, lowering.frame(), lowering.rotations());
    lowering.fence();
  }
  return lowering.take();
}

bool commute(const Rotation& a, const Rotation& b) { return !odd((a.x & b.z) ^ (a.z & b.x)); }

void drop_unseen(Lowered& lowered, std::span<const Observable> observables) {
  std::vector<Pauli> seen;
  for (const auto& observable : observables) {
    for (const auto& term : observable.terms) seen.push_back(lowered.frames.back().stored(term.pauli));
  }
  auto& rotations = lowered.rotations;
  std::vector<Rotation> kept;
  for (auto rotation = rotations.rbegin(); rotation != rotations.rend(); ++rotation) {
    const bool unseen =
        std::ranges::all_of(seen,
                            [&](const Pauli& p) {
                              return commute(p, Pauli{0, rotation->x, rotation->z});
                            }) &&
        std::ranges::all_of(kept, [&](const Rotation& later) { return commute(*rotation, later); });
    if (!unseen) kept.push_back(std::move(*rotation));
  }
  std::ranges::reverse(kept);
  rotations = std::move(kept);
}

}  // namespace qupel::rotations
