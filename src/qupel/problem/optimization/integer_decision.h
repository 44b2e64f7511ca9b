#pragma once
#include <memory>
#include <mutex>

#include "qupel/problem/optimization/branch_and_cut.h"
#include "qupel/problem/optimization/decision_problem.h"
#include "qupel/problem/optimization/integer_program.h"

namespace qupel {

/// An integer program as a decision. Its QUBO writes each variable above its lower bound as bits, and each
/// constraint as a penalty: the product where two bits exclude each other, else a square, of inequalities
/// with slack bits. For that factors must be whole numbers after a multiplication by at most 1000.
class IntegerDecision final : public Decision {
 public:
  /// @throws InputError if no feasible answer is found (first_answer())
  explicit IntegerDecision(IntegerProgram program);
  /// @param first a feasible answer that is known
  IntegerDecision(IntegerProgram program, Values first);
  const IntegerProgram& program() const { return program_; }

  std::string_view kind() const override { return "mip"; }
  bool maximised() const override { return program_.maximised; }
  double objective(ValuesView values) const override;
  std::string violation(ValuesView values) const override;
  /// The first feasible answer of a search in depth that tries each variable's better value first.
  Values first_answer() const override { return first_; }
  std::size_t unknowns() const override { return program_.variables.size(); }
  std::size_t variables() const override { return bits_.size() + slack_.size(); }
  Qubo qubo() const override;
  Values from_bits(std::span<const std::uint8_t> bits) const override;
  DecisionPart part(const Values&, std::size_t, Random&) const override { return {}; }
  /// By branch and cut.
  std::optional<double> proven_optimum() const override;
  /// By branch and cut, or without the constraints.
  std::optional<double> bound() const override;
  std::string solution(ValuesView values) const override;
  Values read_solution(std::string_view json) const override;
  std::string data() const override;
  std::string size_words() const override;
  std::string digest() const override;

 private:
  /// A bit of the QUBO: so much of a variable, or of the slack of a row.
  struct Bit {
    std::size_t of;
    double weight;
  };
  /// As far as it gets in a second or so; nothing of large programs.
  const BranchAndCut& solved() const;
  bool excludes(const IntegerProgram::Row& row) const;
  void add_bits(std::size_t of, std::int64_t most, std::vector<Bit>& bits) const;

  IntegerProgram program_;
  Values first_;
  std::vector<Bit> bits_, slack_;
  std::vector<double> scales_;  ///< of rows: their factors become whole numbers
  mutable std::once_flag once_;
  mutable BranchAndCut solved_;
};

/// @param facts their names and source are kept. @param known as DecisionProblem
std::unique_ptr<DecisionProblem> integer_problem(Facts facts, std::vector<IntegerProgram> programs,
                                                 std::vector<std::optional<Reference>> known = {});

}  // namespace qupel
