#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "qupel/circuit/qasm/decision.h"
#include "qupel/circuit/qasm/evaluator.h"
#include "qupel/circuit/qasm/gates.h"
#include "qupel/circuit/qasm/sequence.h"
#include "qupel/circuit/qasm_reader.h"

namespace qupel::qasm {

/// Executes statements: what is classical is computed, what is quantum becomes operations.
class Interpreter {
 public:
  explicit Interpreter(std::size_t most_operations, QasmInputs inputs = {}, NoiseWords noise_words = {},
                       GateNames native = {})
      : gates_(std::move(native)),
        budget_{most_operations, 0, {}},
        pending_(budget_),
        inputs_(std::move(inputs)),
        noise_words_(std::move(noise_words)) {}

  /// Reads a source, which is kept. @param folder where files that it includes are; none: it may include none
  void run(std::unique_ptr<const Source> source, const std::optional<std::filesystem::path>& folder);
  /// What was read; the interpreter is empty then. @throws InputError if there is no qubit
  QasmProgram finish();
  /// Inputs declared so far.
  const std::vector<std::string>& input_names() const { return input_names_; }

 private:
  /// Stands for a qubit that the program lacks until all that it declares are known.
  static constexpr int spare_qubit = 1 << 30;

  // statements.cc
  void execute(const Statement& statement);
  void execute(const GateCall& call, Location at);
  void alias(const Alias& alias, Location at);
  void declare(const Unsupported& declared, Location at);
  void run(const Block& block);
  void include(std::string_view file, Location at);
  void define(GateDefinition definition, Location at);
  void introduce(std::string_view name, Symbol symbol, Location at);

  // control_flow.cc
  class LoopInProgress;
  void loop(const For& loop, Location at);
  void loop(const While& loop, Location at);
  void leave(const Jump& jump, Location at);

  // subroutines.cc
  struct DefinedSubroutine {
    const Source* source = nullptr;
    SubroutineText text;
    Version version = Version::three;
    std::optional<Subroutine> parsed;  ///< once it was called
  };
  /// A call in progress.
  struct SubroutineInProgress {
    const Subroutine* subroutine = nullptr;
    std::size_t conditions = 0;  ///< that the call is under
    std::optional<Expression> result;
  };
  void declare(const SubroutineText& text, Location at);
  const Subroutine& parsed(DefinedSubroutine& defined);
  bool calls_subroutine(const Expression& expression) const;
  /// The expression with what its calls of subroutines return in their place.
  Expression with_results(const Expression& expression);
  Expression with_results_of_sides(Expression made);
  Expression with_results_where(const Condition& condition, const Expression& expression);
  std::optional<Statement> with_calls_made(const Statement& statement);
  /// @return a value, or bits; nothing if it returns nothing
  std::optional<Expression> call_subroutine(std::string_view name, const std::vector<Expression>& arguments,
                                            Location at);
  Symbol argument(const Subroutine::Parameter& parameter, const Expression& given);
  std::vector<int> unnamed_bits(int count, Location at);
  void give_back(const Jump& jump, Location at);

  // pragmas.cc
  void pragma(const Pragma& pragma, Location at);
  void unitary(std::string_view text, Location at);

  // measurement.cc
  void measure(const Measurement& measurement, Location at);
  void measure(const Qubits& qubits, const std::vector<int>& into, Location at);
  void reset(const Reset& reset, Location at);
  void disturb(int qubit);
  void barrier(const Barrier& barrier, Location at);
  void delay(const Delay& delay, Location at);
  void write(int bit, bool value, Location at);
  void write(std::span<const int> bits, const Expression& value, Location at);
  void append(Operation operation, Location at);
  int add_register(std::string_view name, int size, Location at);
  int spare_bit(Location at);

  // choices.cc
  class ChoiceInProgress;
  void choose(const If& choice);
  void choose(const Switch& choice);
  void run_where(const std::vector<Condition>& conditions, const Block& block);

  // conditions.cc
  Decision decision(const Expression& expression);
  Decision decision_of_binary(const Expression& expression);
  Decision decided(int bit) const;
  Decision negated(Decision decision, Location at);
  Decision either(Decision one, Decision other, Location at);
  Decision different(Decision one, Decision other, Location at);
  Condition kept(const std::vector<Condition>& conditions, Location at);
  bool is_one_bit(const Expression& expression) const;
  void copy(std::span<const int> bits, const Expression& value, Location at);
  void write(std::span<const int> bits, std::vector<Decision> each, Location at);

  // comparisons.cc
  /// Measured bits, the lowest first, and whether the highest of them is a sign.
  struct CastBits {
    std::vector<int> bits;
    bool has_sign = false;
    int wraps_at = 0;  ///< with a sign: bits of the unsigned type that a negative number is 2^bits higher in
  };
  std::optional<CastBits> cast_bits(const Expression& expression) const;
  Decision comparison(const Expression& expression);
  Decision compared(const CastBits& measured, Condition::Relation relation, const Expression& constant);
  Decision compared(std::span<const int> bits, Condition::Relation relation, std::vector<bool> value,
                    Location at);
  Decision compared_with_sign(const std::vector<int>& bits, Condition::Relation relation, std::int64_t value,
                              Location at);
  Decision compared_wrapped(const CastBits& measured, Condition::Relation relation, std::int64_t value,
                            Location at);
  bool is_register(std::span<const int> bits) const;

  // measured_bits.cc
  /// A number that is made of measured bits: its binary digits, the lowest first.
  struct Digits {
    std::vector<Decision> each;
    bool has_sign = false;              ///< the highest one is, in two's complement
    bool may_wrap = false;              ///< a sum, whose highest digits a narrower type drops
    Type type = {Type::Kind::bits, 0};  ///< of the number; bits have none
  };
  /// A whole number that holds measured bits.
  struct MeasuredNumber {
    Type type;
    std::vector<int> bits;
  };
  std::optional<MeasuredNumber> measured_number_in(const Expression& expression) const;
  /// What a variable of a type is given: without zeros above the highest digit, and of a truth one digit.
  std::optional<Digits> digits_for(Type::Kind type, const Expression& value);
  /// Nothing if it is not made of measured bits alone.
  std::optional<Digits> digits(const Expression& expression);
  Digits digits_of(std::span<const int> bits) const;
  std::optional<Digits> digits_of_binary(const Expression& expression);
  std::optional<Digits> digits_of_cast(const Expression& expression);
  std::optional<Digits> operand(const Expression& expression);
  Digits joined_with_register(const Expression& expression, std::size_t width);
  /// With as many digits as the type has: those of sums are left out where they are surely 0.
  static void complete(Digits& digits);
  Type type_of_cast(const Expression& cast) const;
  /// Drops the highest digits, or repeats the sign.
  static void resize(Digits& digits, std::size_t width);
  std::optional<Digits> shifted(const Expression& expression);
  Decision compared(Digits digits, Condition::Relation relation, std::int64_t value, Location at);

  // measured_sums.cc
  static void trim(Digits& digits);
  static Digits constant_digits(std::int64_t value);
  std::optional<Digits> summand(const Expression& expression);
  static std::size_t match(Digits& left, Digits& right);
  Digits sum(Digits left, Digits right, bool subtracts, Location at);
  std::optional<Digits> digits_of_sum(const Expression& expression);
  std::optional<Digits> multiple(const Expression& expression);
  std::optional<Digits> negative(const Expression& expression);
  Decision less(Digits left, Digits right, Location at);
  Decision equal(Digits left, Digits right, Location at);

  // arrays.cc
  void declare(const ArrayDeclaration& declaration, Location at);
  void fill(Symbol& made, std::size_t dimension, const Expression& values);
  bool assign_in_array(const Expression& target, const Expression& value, Location at);
  void write(const Evaluator::ArrayPart& part, const std::vector<Value>& elements, Location at);
  Symbol array_argument(const Subroutine::Parameter& parameter, const Expression& given);

  // declarations.cc
  void declare(const Declaration& declaration, Location at);
  void declare_qubits(const Declaration& declaration, Location at);
  void declare_physical_qubits(const Source& source);
  void add_qubits(std::string_view name, const Qubits& made, Location at);
  void declare_bits(const Declaration& declaration, Location at);
  Symbol variable(const Declaration& declaration, Location at);
  Symbol measured_number(Type type, const Expression& value);
  static void fit(Digits& digits, const Type& type, Location at);
  void hold_in_bits(Symbol& number, Location at);
  /// Of what is written to: a whole number, one of whose bits this is, holds bits from now on.
  std::vector<int> target_bits(const Expression& target);
  void assign_where(Symbol& symbol, const Expression& value, Location at);
  Symbol input(const Declaration& declaration, Symbol symbol, Location at) const;
  void assign(const Assignment& assignment, Location at);

  // calls.cc
  void call(const GateCall& call, Location at, Sequence& to);
  struct Modified;
  Modified modified(const GateCall& call, Location at) const;
  void apply(const Gate& gate, const Modified& modifiers, const std::vector<Angle>& angles,
             std::vector<int> qubits, Location at, Sequence& to);
  void modify(const Gate& gate, const Modified& modifiers, const std::vector<Angle>& angles,
              const std::vector<int>& qubits, Location at, Sequence& to);
  void expand(const Gate& gate, const std::vector<Angle>& angles, std::vector<int> qubits, Location at,
              Sequence& to);
  void expand_opaque(const Gate& gate, const std::vector<Angle>& angles, const std::vector<int>& qubits,
                     Location at, Sequence& to);
  void require_distinct(const std::vector<int>& qubits, std::string_view gate, Location at) const;
  void reserve(const std::vector<int>& qubits, bool reserved);
  std::vector<int> idle(std::size_t gate_qubits) const;
  std::vector<int> lendable(const std::vector<int>& qubits) const;
  void emit(Location at);

  std::vector<std::unique_ptr<const Source>> sources_;
  std::optional<std::filesystem::path> folder_;
  GateTable gates_;
  Scope scope_;
  Evaluator evaluate_{scope_};
  Budget budget_;
  NamedGates named_gates_;
  Sequence pending_;            ///< of the statement of the top level in progress
  Sequence* target_ = nullptr;  ///< where gate calls go inside a definition
  std::vector<Operation> operations_;
  std::vector<std::string> qubits_;
  bool physical_ = false;  ///< the qubits are $0, $1, ...
  std::vector<BitRegister> registers_;
  std::vector<Condition> conditions_;        ///< of the statement in progress
  std::size_t locals_before_condition_ = 0;  ///< that there were when the innermost of them came
  std::optional<Jump::Kind> leaving_;        ///< a statement that leaves what is in progress was reached
  std::optional<std::size_t>
      loop_conditions_;  ///< that the innermost loop is under; nothing outside of loops
  std::unordered_map<std::string_view, DefinedSubroutine> subroutines_;
  SubroutineInProgress* subroutine_ = nullptr;
  std::vector<int> spare_bits_;  ///< that no program declared, to keep conditions in
  std::size_t spare_bits_used_ = 0;
  std::optional<int> discarded_;          ///< the bit of measurements into none
  std::vector<bool> used_;                ///< a qubit: an operation acted on it
  std::vector<bool> measured_;            ///< a qubit: it was measured
  std::vector<bool> reserved_;            ///< a qubit: a control of the call in progress
  bool lends_ = true;                     ///< gates may borrow qubits
  bool spare_used_ = false;               ///< operations act on spare_qubit
  QasmInputs inputs_;                     ///< values given
  std::vector<std::string> input_names_;  ///< of those declared
  std::vector<std::string> warnings_;
  std::size_t pragmas_left_out_ = 0;
  NoiseWords noise_words_;  ///< a call of a gate among them is one gate
  int depth_ = 0;           ///< of statements in statements
  int levels_ = 0;          ///< of expressions that call subroutines, in expressions and in calls
  int includes_ = 0;        ///< of files in files
};

}  // namespace qupel::qasm
