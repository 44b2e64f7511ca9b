#include <numbers>
#include <string>

#include "qupel/circuit/op_spec.h"
#include "qupel/noise/channels/groups.h"

namespace qupel::channel_groups {
namespace {

constexpr std::string_view source = "Nielsen and Chuang, Quantum Computation and Quantum Information, 4.2";
constexpr double turn = 2 * std::numbers::pi;
constexpr double most_rate = 1e12, longest = 1e12;

template <char letter>
std::vector<Matrix<Complex>> rotation(std::span<const double> parameters, int) {
  return {pauli_rotation_matrix({&std::integral_constant<char, letter>::value, 1}, parameters[0])};
}

std::vector<Matrix<Complex>> phase_in_time(std::span<const double> parameters, int) {
  return {pauli_rotation_matrix("Z", parameters[0] * parameters[1])};
}

std::vector<Matrix<Complex>> parity_rotation(std::span<const double> parameters, int qubits) {
  return {pauli_rotation_matrix(std::string(static_cast<std::size_t>(qubits), 'Z'), parameters[0])};
}

}  // namespace

std::span<const ChannelSpec> coherent() {
  static const ChannelSpec all[] = {
      {.name = "x-rotation",
       .summary = "exp(-i angle/2 X): every time the same error, as of a pulse that is too long",
       .source = source,
       .parameters = {{"angle", "in radians", -turn, turn}},
       .kraus = rotation<'X'>},
      {.name = "y-rotation",
       .summary = "exp(-i angle/2 Y), every time the same error",
       .source = source,
       .parameters = {{"angle", "in radians", -turn, turn}},
       .kraus = rotation<'Y'>},
      {.name = "z-rotation",
       .summary = "exp(-i angle/2 Z): every time the same error, as of a frequency that is off",
       .source = source,
       .parameters = {{"angle", "in radians", -turn, turn}},
       .kraus = rotation<'Z'>},
      {.name = "detuning",
       .summary =
           "exp(-i rate time/2 Z): a phase that grows with time, as of a qubit that waits off its frequency",
       .source = source,
       .parameters = {{"rate", "in radians per unit of time", -most_rate, most_rate},
                      {"time", "how long it lasts; if it is left out, that of the operation or the wait", 0,
                       longest}},
       .timed = true,
       .kraus = phase_in_time},
      {.name = "zz-rotation",
       .summary = "exp(-i angle/2 Z Z) on the qubits of a gate together: crosstalk, every time the same",
       .source = source,
       .qubits = 0,
       .parameters = {{"angle", "in radians", -turn, turn}},
       .kraus = parity_rotation},
  };
  return all;
}

}  // namespace qupel::channel_groups
