#include "qupel/problem/optimization/qubo_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "qupel/base/hash.h"
#include "qupel/problem/optimization/parts.h"
#include "qupel/problem/optimization/solution_reader.h"
#include "qupel/problem/optimization/vector_relaxation.h"
#include "qupel/problem/wording.h"

namespace qupel {

double QuboDecision::objective(ValuesView bits) const {
  const double energy = file_.qubo.energy(bits_of(bits));
  return file_.maximised ? -energy : energy;
}

DecisionPart QuboDecision::part(const Values& now, std::size_t most_bits, Random& random) const {
  return part_of(file_.qubo, neighbours_, now, most_bits, random);
}

std::optional<double> QuboDecision::bound() const {
  double sum = file_.qubo.constant;
  for (const double weight : file_.qubo.linear) sum += std::min(0.0, weight);
  for (const auto& c : file_.qubo.couplings) sum += std::min(0.0, c.weight);
  if (variables() <= most_bounded) sum = std::max(sum, relaxed_bound(file_.qubo));
  return file_.maximised ? -sum : sum;
}

Values QuboDecision::read_solution(std::string_view json) const {
  return numbers_by_name(json, file_.qubo.names);
}

std::string QuboDecision::data() const {
  const auto& qubo = file_.qubo;
  const double sign = file_.maximised ? -1 : 1;
  auto quadratic = nlohmann::json::array();
  for (const auto& c : qubo.couplings)
    quadratic.push_back({qubo.names[c.a], qubo.names[c.b], sign * c.weight});
  std::vector<double> linear;
  for (const double weight : qubo.linear) linear.push_back(sign * weight);
  return text_of_json(nlohmann::json{{"variables", qubo.names},
                                     {"constant", sign * qubo.constant},
                                     {"linear", linear},
                                     {"quadratic", quadratic}});
}

std::string QuboDecision::size_words() const {
  return counted(file_.qubo.size(), "variable") + ", " + counted(file_.qubo.couplings.size(), "coupling");
}

std::string QuboDecision::digest() const {
  std::string all = fmt::format("qubo {} {} {}\n", file_.maximised, file_.qubo.constant, file_.qubo.linear);
  for (const auto& c : file_.qubo.couplings) all += fmt::format("{} {} {}\n", c.a, c.b, c.weight);
  return sha256(all);
}

std::unique_ptr<DecisionProblem> qubo_problem(Facts facts, std::vector<QuboFile> files,
                                              std::vector<std::optional<Reference>> known) {
  facts.target = "the best bits";
  std::vector<DecisionProblem::Row> rows;
  for (auto& file : files) rows.push_back(std::make_shared<const QuboDecision>(std::move(file)));
  return std::make_unique<DecisionProblem>(
      std::move(facts), std::move(rows),
      FloorWords{"greedy", "the greedy bits", "setting bit after bit where that makes the objective better"},
      std::move(known));
}

Observable low_autocorrelation(int n) {
  std::map<std::vector<int>, double> weights;  // by the qubits of a product of Z
  for (int k = 1; k < n; ++k)
    for (int i = 0; i + k < n; ++i)
      for (int j = 0; j + k < n; ++j) {
        std::map<int, int> powers;
        for (const int q : {i, i + k, j, j + k}) ++powers[q];
        std::vector<int> odd;
        for (const auto& [q, power] : powers)
          if (power % 2 == 1) odd.push_back(q);
        weights[odd] += 1;
      }
  Observable energy;
  for (const auto& [qubits, weight] : weights) {
    Observable::Term term{weight, {}};
    for (const int q : qubits) term.pauli.set(q, 'Z');
    energy.terms.push_back(term);
  }
  return energy;
}

}  // namespace qupel
