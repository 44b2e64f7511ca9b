#pragma once
#include <memory>

#include "qupel/problem/optimization/decision_problem.h"
#include "qupel/problem/optimization/qubo_file.h"

namespace qupel {

/// A QUBO as it was given: a bit for each variable, without constraints.
class QuboDecision final : public Decision {
 public:
  explicit QuboDecision(QuboFile file) : file_(std::move(file)), neighbours_(neighbours_of(file_.qubo)) {}

  std::string_view kind() const override { return "qubo"; }
  bool maximised() const override { return file_.maximised; }
  double objective(ValuesView bits) const override;
  std::string violation(ValuesView bits) const override { return not_bits(bits, variables()); }
  Values first_answer() const override { return values_of(greedy_bits(file_.qubo)); }
  std::size_t variables() const override { return file_.qubo.size(); }
  Qubo qubo() const override { return file_.qubo; }
  Values from_bits(std::span<const std::uint8_t> bits) const override { return values_of(bits); }
  DecisionPart part(const Values& now, std::size_t most_bits, Random& random) const override;
  /// By the semidefinite relaxation; of many variables every term with its better value.
  std::optional<double> bound() const override;
  std::string solution(ValuesView bits) const override { return bits_by_name(file_.qubo.names, bits); }
  Values read_solution(std::string_view json) const override;
  std::string data() const override;
  std::string size_words() const override;
  std::string digest() const override;

 private:
  QuboFile file_;
  Neighbours neighbours_;  ///< of its QUBO, which is asked for a part again and again
};

/// @param facts their names and source are kept. @param known as DecisionProblem
std::unique_ptr<DecisionProblem> qubo_problem(Facts facts, std::vector<QuboFile> files,
                                              std::vector<std::optional<Reference>> known = {});

/// The energy of a sequence of n signs s is the sum over k of (sum over i of s_i s_(i+k))^2 (low
/// autocorrelation binary sequences): a polynomial of degree four, as a sum of Z strings.
/// n^2 / (2 energy) is its merit factor.
Observable low_autocorrelation(int n);

}  // namespace qupel
