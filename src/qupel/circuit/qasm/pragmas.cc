#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"
#include "qupel/circuit/qasm/parser.h"
#include "qupel/circuit/qasm/power.h"

// Pragmas. Those of Amazon Braket carry a part of the circuit's meaning:
// https://docs.aws.amazon.com/braket/latest/developerguide/braket-openqasm-supported-features.html
namespace qupel::qasm {
namespace {

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

// The rest of `text` after a word that it starts with.
std::optional<std::string_view> after(std::string_view word, std::string_view text) {
  text = without_blanks(text);
  if (!text.starts_with(word)) return std::nullopt;
  return without_blanks(text.substr(word.size()));
}

Location location_of(std::string_view part, Location at) {
  return {at.source, static_cast<std::size_t>(part.data() - at.source->text.data())};
}

// Reads "[[0, 1.0], [-0.5 + 0.5im, 1im]]".
class MatrixReader {
 public:
  MatrixReader(std::string_view text, Location at) : rest_(text), at_(at) {}

  Matrix<Complex> read() {
    std::vector<std::vector<Complex>> rows;
    require('[');
    do rows.push_back(row());
    while (accept(','));
    require(']');
    constexpr std::size_t most = 32;
    const auto size = rows.size();
    if (size > most) fail(at_, fmt::format("a unitary of {} rows: at most {}, of five qubits", size, most));
    Matrix<Complex> matrix(size, size);
    for (std::size_t i = 0; i < size; ++i) {
      if (rows[i].size() != size) fail(at_, "a unitary has as many columns as rows");
      for (std::size_t j = 0; j < size; ++j) matrix(i, j) = rows[i][j];
    }
    return matrix;
  }
  std::string_view rest() const { return rest_; }
  void require(char wanted) {
    if (!accept(wanted)) fail(location_of(rest_, at_), fmt::format("'{}' expected in a pragma", wanted));
  }

 private:
  std::vector<Complex> row() {
    std::vector<Complex> entries;
    require('[');
    do entries.push_back(entry());
    while (accept(','));
    require(']');
    return entries;
  }
  // Real and imaginary parts, added up.
  Complex entry() {
    Complex sum = part(accept('-') ? -1 : 1);
    for (;;) {
      if (accept('+'))
        sum += part(accept('-') ? -1 : 1);
      else if (accept('-'))
        sum -= part(1);
      else
        return sum;
    }
  }
  Complex part(double sign) {
    rest_ = without_blanks(rest_);
    double value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{} || !std::isfinite(value))
      fail(location_of(rest_, at_), "a number expected in a pragma");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (!rest_.starts_with("im")) return {sign * value, 0};
    rest_.remove_prefix(2);
    return {0, sign * value};
  }
  bool accept(char wanted) {
    rest_ = without_blanks(rest_);
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  Location at_;
};

bool is_unitary(const Matrix<Complex>& matrix) {
  constexpr double tolerance = 1e-6;  // some tools write few digits
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      Complex product = 0;
      for (std::size_t k = 0; k < matrix.rows(); ++k) product += matrix(i, k) * std::conj(matrix(j, k));
      if (std::abs(product - (i == j ? 1.0 : 0.0)) > tolerance) return false;
    }
  }
  return true;
}

}  // namespace

void Interpreter::pragma(const Pragma& pragma, Location at) {
  const auto braket = after("braket", pragma.text);
  if (braket) {
    if (braket->starts_with("verbatim")) return;  // how it is compiled
    if (const auto given = after("unitary", *braket)) return unitary(*given, at);
    if (braket->starts_with("noise"))
      fail(at, "noise in a pragma is not run: take the line out, and state noise with --noise");
  }
  constexpr std::size_t most_told = 20;
  if (++pragmas_left_out_ == most_told + 1)
    warnings_.push_back(with_place(at, "more pragmas are left out from here on"));
  if (pragmas_left_out_ > most_told) return;
  warnings_.push_back(
      with_place(at, fmt::format("the pragma \"{}\" is left out: {}", without_blanks(pragma.text),
                                 braket && braket->starts_with("result")
                                     ? "what is computed is said by --observable, --shots and --state"
                                     : "Qupel does not know it")));
}

// "([[0, 1], [1, 0]]) q[0]": the matrix's first qubit is its highest bit.
void Interpreter::unitary(std::string_view text, Location at) {
  MatrixReader reader(text, at);
  reader.require('(');
  const auto matrix = reader.read();
  reader.require(')');
  const auto begin = location_of(reader.rest(), at).offset;
  std::vector<int> qubits;
  for (const auto& operand : Parser::operands_in(*at.source, begin, begin + reader.rest().size())) {
    const auto more = evaluate_.qubits(operand);
    for (int k = 0; k < more.size(); ++k) qubits.push_back(more[k]);
  }
  if (qubits.size() >= 6 || matrix.rows() != std::size_t{1} << qubits.size())
    fail(at, fmt::format("a unitary of {} rows on {} qubits: it has 2^qubits rows", matrix.rows(),
                         qubits.size()));
  require_distinct(qubits, "unitary", at);
  if (!is_unitary(matrix)) fail(at, "the matrix of this pragma is not unitary");
  Sequence& to = target_ != nullptr ? *target_ : pending_;
  const auto first = to.operations().size();
  const std::vector<int> lowest_first(qubits.rbegin(), qubits.rend());
  append_unitary(matrix, lowest_first, idle(qubits.size()), to);
  join(to.operations().subspan(first), "unitary", qubits, named_gates_);
  if (target_ == nullptr) emit(at);
}

}  // namespace qupel::qasm
