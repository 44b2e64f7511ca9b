#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "qupel/circuit/qasm/scope.h"

namespace qupel::qasm {

/// @throws InputError at `at` for a symbol that was declared as what is not supported
void refuse_unsupported(const Symbol* symbol, Location at);

/// What expressions are worth in a scope. All members throw InputError with the place.
class Evaluator {
 public:
  explicit Evaluator(const Scope& scope) : scope_(&scope) {}
  Version version = Version::three;

  Value value(const Expression& expression) const;
  std::int64_t integer(const Expression& expression, std::string_view what) const;
  bool truth(const Expression& expression) const { return to_truth(value(expression), expression.at); }
  /// A type with its width.
  Type type(const TypeName& name) const;
  /// The size of a register, 1 if none is written; up to a million.
  int size(const std::optional<Expression>& width) const;

  /// The qubits of an operand or alias.
  Qubits qubits(const Expression& expression) const;
  /// Whether it is a register or alias of bits, a part of one, or several joined by ++.
  bool names_bits(const Expression& expression) const;
  /// The bits of what names_bits(), also of its conversion to another type.
  std::vector<int> bits(const Expression& expression) const;
  /// Whether it reads a bit that was measured.
  bool depends_on_measurement(const Expression& expression) const;
  /// Which of `size` places an index names, counted from the end if negative.
  std::vector<int> places(const Expression& index, int size) const;

  /// An array, or what some indices leave of it.
  struct ArrayPart {
    const Symbol* array = nullptr;
    std::size_t indices = 0;  ///< that were given
    std::size_t place = 0;    ///< of the part among those of its size
    std::size_t size() const;
    std::size_t first() const { return place * size(); }  ///< its first element
    bool is_element() const { return indices == array->dimensions.size(); }
  };
  /// Nothing if the expression names none.
  std::optional<ArrayPart> array_part(const Expression& expression) const;

  struct Range {
    std::int64_t start = 0, step = 1, end = 0;
    bool holds(std::int64_t k) const { return step > 0 ? k <= end : k >= end; }
  };
  /// @param size of what is indexed, for ends that are left out; 0: all must be written
  Range range(const Expression& expression, int size) const;

 private:
  Value named(const Expression& expression) const;
  const Symbol* bit_register(const Expression& expression) const;
  bool known(int bit, Location at) const;
  Value value_of(const std::vector<int>& bits, Location at) const;
  static Value number_of(Value bits, const Type& type);
  int indexed_width(const Expression& what, std::size_t bits) const;
  std::optional<std::vector<int>> bits_of(const Expression& expression) const;
  std::optional<std::vector<int>> bits_of_cast(const Expression& expression) const;
  Value indexed(const Expression& expression) const;
  int size_of(const Expression& expression) const;
  Value cast_value(const Expression& expression) const;
  Value logic(const Expression& expression) const;
  Qubits part(const Expression& expression) const;
  Qubits joined(const Expression& expression) const;
  int place(std::int64_t index, int size, Location at) const;

  const Scope* scope_;
};

}  // namespace qupel::qasm
