#include "qupel/circuit/decomposition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <ranges>

#include "qupel/base/error.h"

namespace qupel {
namespace {

std::string basis_change(char letter, std::size_t qubit, bool back) {
  if (letter == 'X') return fmt::format("h q{}; ", qubit);
  if (letter == 'Y') return fmt::format("rx({}pi/2) q{}; ", back ? "-" : "", qubit);
  return "";
}

std::string pauli_rotation_text(std::string_view letters) {
  std::string before, after, up, down;
  for (std::size_t k = 0; k < letters.size(); ++k) {
    before += basis_change(letters[k], k, false);
    after += basis_change(letters[k], k, true);
    if (k == 0) continue;
    const auto step = fmt::format("cx q{}, q{}; ", k - 1, k);
    up += step;
    down.insert(0, step);
  }
  auto text = fmt::format("{}{}rz(a0) q{}; {}{}", before, up, letters.size() - 1, down, after);
  text.resize(text.find_last_not_of("; ") + 1);
  return text;
}

// Reads the little language of OpSpec::decomposition: `name(angle, ...) q0, q1; ...` where an angle is `a0`,
// `pi` or a number, optionally negated and divided by a number.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void read_into(Circuit& circuit) {
    do {
      const auto name = word();
      std::vector<Angle> angles;
      if (take('(')) {
        do angles.push_back(angle());
        while (take(','));
        expect(')');
      }
      std::vector<int> qubits;
      do qubits.push_back(index('q'));
      while (take(','));
      circuit.add(name, std::move(qubits), std::move(angles));
    } while (take(';'));
    if (at_ != text_.size()) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw InputError(fmt::format("decomposition \"{}\", column {}: not understood", text_, at_ + 1));
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool take(char c) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) fail();
  }

  std::string_view word() {
    skip_spaces();
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') ++at_;
    return text_.substr(start, at_ - start);
  }

  template <typename Number>
  Number number() {
    Number value{};
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{}) fail();
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  int index(char letter) {
    expect(letter);
    return number<int>();
  }

  Angle angle() {
    Angle angle = magnitude(take('-') ? -1 : 1);
    if (!take('/')) return angle;
    const auto divisor = number<double>();
    angle.scale /= divisor;
    angle.offset /= divisor;
    return angle;
  }

  Angle magnitude(double sign) {
    skip_spaces();
    if (take('a')) return Angle::parameter(number<int>(), sign);
    if (take('p')) {
      expect('i');
      return sign * std::numbers::pi;
    }
    return sign * number<double>();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string decomposition_text(const Operation& operation) {
  return operation.spec->qubits == 0 ? pauli_rotation_text(operation.letters())
                                     : std::string(operation.spec->decomposition);
}

Circuit decomposition(const Operation& operation) {
  const auto text = decomposition_text(operation);
  if (text.empty())
    throw InputError(fmt::format("{} is elementary: it has no decomposition", operation.spec->name));
  Circuit circuit(static_cast<int>(operation.qubits.size()));
  Reader(text).read_into(circuit);
  return circuit;
}

Operation placed(Operation part, const Operation& gate) {
  for (int& qubit : part.qubits) qubit = gate.qubits[static_cast<std::size_t>(qubit)];
  for (Angle& angle : part.angles) {
    if (angle.slot.kind == Slot::Kind::none) continue;
    const Angle& from = gate.angles[static_cast<std::size_t>(angle.slot.index)];
    angle = {angle.scale * from.scale, from.slot, angle.scale * from.offset + angle.offset};
  }
  return part;
}

std::vector<Operation> decomposed_in_place(const Operation& gate) {
  const auto circuit = decomposition(gate);
  std::vector<Operation> parts;
  for (const auto& part : circuit.operations()) parts.push_back(placed(part, gate));
  return parts;
}

Complex decomposition_overlap(const Circuit& decomposition, const OpSpec& gate,
                              std::span<const double> angles) {
  const auto matrix = full_matrix(gate, angles);
  const auto image = dense_state(decomposition, {}, angles);
  Complex overlap = 0;
  for (std::size_t r = 0; r < image.size(); ++r) overlap += std::conj(image[r]) * matrix(r, 0);
  return overlap;
}

}  // namespace qupel
