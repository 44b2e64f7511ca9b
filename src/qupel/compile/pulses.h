#pragma once
#include <optional>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/compile/matrices.h"
#include "qupel/compile/target.h"

// Gates on one qubit as a device makes them: pulses, which take time, and rotations about Z, most of which do
// not.
namespace qupel {

/// RZ(phi) RY(theta) RZ(lambda), up to a phase.
struct AnglesOfPulse {
  Angle theta, phi, lambda;
};

/// How many operations that are no rotations about Z a gate takes.
int pulses_of(const Matrix2& gate, const OneQubitBasis& basis);

/// Which rotations about an entangler's own axis pass through it to spare pulses before it.
enum class PassingRotations {
  none,
  whole,  ///< those that leave no pulse at all
  any     ///< those that leave fewer pulses
};

/// The angle a for which change^dagger RX(a) gate takes fewer pulses than without the rotation; 0 if there is
/// none.
double sparing_angle(const Matrix2& change, const Matrix2& gate, const OneQubitBasis& basis,
                     PassingRotations passing);

/// Writes the gates of one qubit into a circuit, with rotations about Z put off: they stand after all that is
/// written, as the frame.
class PulseWriter {
 public:
  PulseWriter(int number, const OneQubitBasis& basis, Circuit& circuit)
      : number_(number), basis_(&basis), circuit_(&circuit) {}

  void add(const Matrix2& gate);
  /// A rotation about an axis (0: X, 1: Y, 2: Z).
  void add_turn(int axis, const Angle& angle);
  /// The last gate that is not written yet.
  Matrix2 waiting_gate() const;

  /// Writes all but a rotation about Z.
  void write_gates();
  /// A rotation about Z after what is written.
  void turn(const Angle& angle);
  /// The rotation that was put off, which is then the caller's.
  Angle take_frame();
  void write_frame();

 private:
  struct Part {
    Matrix2 gate;
    std::optional<Angle> turn;  ///< about Z, instead of the gate
  };

  void put_after(std::vector<AnglesOfPulse>& waiting, const Angle& angle);
  // Each leaves its rotation about Z that comes last to the frame.
  void write(const AnglesOfPulse& pulse);
  void write_phased(const AnglesOfPulse& pulse);
  void write_euler(const AnglesOfPulse& pulse);
  void write_quarter_turns(const AnglesOfPulse& pulse);
  void write_ion(const AnglesOfPulse& pulse);
  void write_quarter();
  void write_half();
  void write_ion_gate(std::string_view name);

  int number_;
  const OneQubitBasis* basis_;
  Circuit* circuit_;
  std::vector<Part> gates_;
  Angle frame_;
};

}  // namespace qupel
