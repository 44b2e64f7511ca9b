#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/circuit/qasm/lexer.h"
#include "qupel/circuit/qasm/syntax.h"

namespace qupel::qasm {

/// Reads the statements of OpenQASM 2 and 3 one at a time, so that a long circuit never is one large tree.
/// All members throw InputError with the place for what is not OpenQASM or not supported.
class Parser {
 public:
  using IsGate = std::function<bool(std::string_view name)>;
  /// @param otherwise the version if the text states none
  /// @param is_gate whether the program defined a gate of this name: version 2 reserves few words, so that a
  /// gate may have the name of a statement of version 3
  Parser(const Source& source, Version otherwise, IsGate is_gate);

  Version version() const { return version_; }
  /// The next statement of the top level, or nothing at the end.
  std::optional<Statement> next();
  /// The operands that a part of a source lists, from `begin` to before `end`.
  static std::vector<Expression> operands_in(const Source& source, std::size_t begin, std::size_t end);
  /// The definition of a subroutine.
  static Subroutine subroutine_in(const Source& source, const SubroutineText& text, Version version,
                                  IsGate is_gate);

 private:
  explicit Parser(Lexer lexer) : lexer_(lexer), token_(lexer_.next()), version_(Version::three) {}

  // Tokens.
  Token take();
  bool is(std::string_view text) const;
  bool accept(std::string_view text);
  Token expect(std::string_view text, std::string_view after);
  Token name(std::string_view what);
  [[noreturn]] void unexpected(std::string_view wanted) const;
  void end_statement();

  // Statements.
  void version_line();
  bool skip_annotation();
  bool starts_pragma() const;
  Pragma pragma();
  bool names_a_gate() const;
  Statement statement();
  Block block();
  Statement keyword(Location at);
  bool starts_declaration() const;
  std::optional<Statement> not_supported(Location at);
  Unsupported unsupported_variable(std::string_view keyword, std::string_view reason);
  Statement declaration(Location at);
  ArrayType array_type();
  ArrayDeclaration array_declaration(bool constant);
  Expression array_value();
  TypeName type_name();
  Declaration register_declaration();
  std::pair<TypeName, std::string_view> register_name();
  GateDefinition gate_header();
  GateDefinition gate_definition();
  GateDefinition opaque_gate();
  std::vector<std::string_view> names(std::string_view what);
  std::vector<Modifier> modifiers();
  GateCall gate_call(std::vector<Modifier> before, std::string_view gate);
  Statement assignment(Location at, Expression target);
  Statement call_or_assignment(Location at);
  Measurement measurement();
  Delay delay();
  Duration duration();
  std::vector<Expression> operands();
  For for_loop();
  If if_statement();
  If plain_block(Location at);
  Switch switch_statement();
  Block case_block(bool first_draft);
  Jump jump(Jump::Kind kind);
  SubroutineText subroutine_text();
  Subroutine::Parameter parameter();

  // Expressions.
  Expression expression();
  Expression binary(int lowest);
  Expression operand_of_power();
  Expression prefix();
  Expression postfix();
  Expression indexed(Expression what);
  Expression primary();
  Expression named();
  Expression cast(Token type);
  Expression set();
  Expression index_part();
  Expression alias_value();
  std::vector<Expression> list(std::string_view end);
  Expression node(Expression::Kind kind, Location at, std::string_view text,
                  std::vector<Expression> parts) const;

  Lexer lexer_;
  Token token_;
  Version version_;
  IsGate is_gate_ = [](std::string_view) { return false; };
  std::deque<Statement> before_version_;  ///< pragmas
  int depth_ = 0;
};

}  // namespace qupel::qasm
