#include "qupel/problem/optimization/integer_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/base/interrupt.h"
#include "qupel/problem/optimization/solution_reader.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

constexpr double slack_of_sums = 1e-6;

/// Depth-first, one variable after the other; a row that cannot be kept any more turns back.
class FirstFeasible {
 public:
  explicit FirstFeasible(const IntegerProgram& program)
      : program_(program), rows_of_(program.variables.size()), least_(program.rows.size()), most_(least_) {
    for (std::size_t r = 0; r < program.rows.size(); ++r)
      for (const auto& [i, factor] : program.rows[r].terms) {
        rows_of_[i].emplace_back(r, factor);
        least_[r] += low(i, factor), most_[r] += high(i, factor);
      }
  }

  Values find() {
    values_.reserve(program_.variables.size());
    for (std::size_t r = 0; r < least_.size(); ++r)
      if (!possible(r)) refuse();
    if (!descend()) refuse();
    return values_;
  }

 private:
  [[noreturn]] void refuse() const {
    throw InputError(looked_ < most_looked
                         ? "no whole numbers keep all constraints: the program is infeasible"
                         : "no whole numbers were found that keep all constraints: the search for "
                           "some was given up");
  }
  double low(std::size_t i, double f) const {
    const auto& v = program_.variables[i];
    return std::min(f * static_cast<double>(v.low), f * static_cast<double>(v.high));
  }
  double high(std::size_t i, double f) const {
    const auto& v = program_.variables[i];
    return std::max(f * static_cast<double>(v.low), f * static_cast<double>(v.high));
  }
  bool possible(std::size_t r) const {
    return least_[r] <= program_.rows[r].high + slack_of_sums &&
           most_[r] >= program_.rows[r].low - slack_of_sums;
  }

  bool descend() {
    const auto i = values_.size();
    if (i == program_.variables.size()) return true;
    const auto& v = program_.variables[i];
    const bool up = (program_.maximised ? v.cost : -v.cost) > 0;
    for (std::int64_t k = 0; k <= v.high - v.low; ++k) {
      if (++looked_ >= most_looked) return false;
      if (looked_ % 4096 == 0) check_interrupt();
      const auto value = up ? v.high - k : v.low + k;
      if (set(i, value) && descend()) return true;
      unset(i, value);
    }
    return false;
  }
  bool set(std::size_t i, std::int64_t value) {
    values_.push_back(value);
    bool all = true;
    for (const auto& [r, f] : rows_of_[i]) {
      least_[r] += f * static_cast<double>(value) - low(i, f);
      most_[r] += f * static_cast<double>(value) - high(i, f);
      all = all && possible(r);
    }
    return all;
  }
  void unset(std::size_t i, std::int64_t value) {
    values_.pop_back();
    for (const auto& [r, f] : rows_of_[i]) {
      least_[r] -= f * static_cast<double>(value) - low(i, f);
      most_[r] -= f * static_cast<double>(value) - high(i, f);
    }
  }

  static constexpr std::size_t most_looked = 2'000'000;
  const IntegerProgram& program_;
  std::vector<std::vector<std::pair<std::size_t, double>>> rows_of_;
  std::vector<double> least_, most_;  ///< that each row's sum can be
  Values values_;
  std::size_t looked_ = 0;
};

double scale_of(const IntegerProgram::Row& row) {
  if (const auto scale = scale_to_whole(row)) return *scale;
  throw InputError(fmt::format(
      "the factors of {} are no whole numbers, times 1000 neither: its slack has no bits", row.name));
}

std::vector<std::string> names_of(const IntegerProgram& program) {
  std::vector<std::string> names;
  for (const auto& v : program.variables) names.push_back(v.name);
  return names;
}

}  // namespace

IntegerDecision::IntegerDecision(IntegerProgram program)
    : IntegerDecision(program, FirstFeasible(program).find()) {}

IntegerDecision::IntegerDecision(IntegerProgram program, Values first)
    : program_(std::move(program)), first_(std::move(first)) {
  for (std::size_t i = 0; i < program_.variables.size(); ++i)
    add_bits(i, program_.variables[i].high - program_.variables[i].low, bits_);
  for (std::size_t r = 0; r < program_.rows.size(); ++r) {
    const auto& row = program_.rows[r];
    scales_.push_back(1);
    if (excludes(row)) continue;
    scales_[r] = scale_of(row);
    double least = 0, most = 0;
    for (const auto& [i, factor] : row.terms) {
      const auto& v = program_.variables[i];
      const double a = factor * static_cast<double>(v.low), b = factor * static_cast<double>(v.high);
      least += std::min(a, b), most += std::max(a, b);
    }
    const double low = std::ceil(std::max(least, row.low) * scales_[r] - 1e-6),
                 high = std::floor(std::min(most, row.high) * scales_[r] + 1e-6);
    add_bits(r, static_cast<std::int64_t>(std::max(0.0, high - low)), slack_);
  }
}

/// The last weight is what is left, so that the bits reach no further.
void IntegerDecision::add_bits(std::size_t of, std::int64_t most, std::vector<Bit>& bits) const {
  for (std::int64_t weight = 1; most > 0; weight *= 2) {
    const auto taken = std::min(weight, most);
    bits.push_back({of, static_cast<double>(taken)});
    most -= taken;
  }
}

bool IntegerDecision::excludes(const IntegerProgram::Row& row) const {
  return row.high == 1 && row.low <= 0 && row.terms.size() >= 2 &&
         std::ranges::all_of(row.terms, [&](const auto& term) {
           const auto& v = program_.variables[term.first];
           return term.second == 1 && v.low == 0 && v.high == 1;
         });
}

double IntegerDecision::objective(ValuesView values) const {
  double sum = program_.constant;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += program_.variables[i].cost * static_cast<double>(values[i]);
  return sum;
}

std::string IntegerDecision::violation(ValuesView values) const {
  if (values.size() != program_.variables.size())
    return fmt::format("{} values, not {}", values.size(), program_.variables.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& v = program_.variables[i];
    if (values[i] < v.low || values[i] > v.high)
      return fmt::format("{} is {}, not from {} to {}", v.name, values[i], v.low, v.high);
  }
  for (const auto& row : program_.rows) {
    double sum = 0;
    for (const auto& [i, factor] : row.terms) sum += factor * static_cast<double>(values[i]);
    if (sum < row.low - slack_of_sums || sum > row.high + slack_of_sums)
      return fmt::format("{} is {}, not from {} to {}", row.name, sum, row.low, row.high);
  }
  return "";
}

Qubo IntegerDecision::qubo() const {
  std::vector<std::string> names;
  for (const auto& bit : bits_)
    names.push_back(fmt::format("{}:{}", program_.variables[bit.of].name, bit.weight));
  for (const auto& bit : slack_)
    names.push_back(fmt::format("slack of {}:{}", program_.rows[bit.of].name, bit.weight));
  QuboBuilder builder(std::move(names));
  const double sign = program_.maximised ? -1 : 1;
  builder.add(sign * program_.constant);
  double range = 1;  // of the objective: breaking a rule must cost more
  std::vector<std::vector<std::pair<std::size_t, double>>> of(program_.variables.size());
  for (std::size_t b = 0; b < bits_.size(); ++b) {
    const double cost = program_.variables[bits_[b].of].cost * bits_[b].weight;
    builder.add(b, sign * cost);
    range += std::abs(cost);
    of[bits_[b].of].emplace_back(b, bits_[b].weight);
  }
  for (const auto& v : program_.variables) builder.add(sign * v.cost * static_cast<double>(v.low));
  for (std::size_t r = 0; r < program_.rows.size(); ++r) {
    const auto& row = program_.rows[r];
    if (excludes(row)) {
      for (std::size_t a = 0; a < row.terms.size(); ++a)
        for (std::size_t b = 0; b < a; ++b)
          builder.add(of[row.terms[a].first][0].first, of[row.terms[b].first][0].first, range);
      continue;
    }
    std::vector<std::pair<std::size_t, double>> factors;
    double constant = 0, least = 0;
    for (const auto& [i, factor] : row.terms) {
      const auto& v = program_.variables[i];
      const double f = std::round(factor * scales_[r]);
      constant += f * static_cast<double>(v.low);
      least += std::min(f * static_cast<double>(v.low), f * static_cast<double>(v.high));
      for (const auto& [bit, weight] : of[i]) factors.emplace_back(bit, f * weight);
    }
    // The sum less the least it may be is what the slack bits make up.
    constant -= std::ceil(std::max(least, row.low * scales_[r]) - 1e-6);
    for (std::size_t b = 0; b < slack_.size(); ++b)
      if (slack_[b].of == r) factors.emplace_back(bits_.size() + b, -slack_[b].weight);
    builder.add_square(factors, constant, range);
  }
  return std::move(builder).build();
}

Values IntegerDecision::from_bits(std::span<const std::uint8_t> bits) const {
  Values values;
  for (const auto& v : program_.variables) values.push_back(v.low);
  for (std::size_t b = 0; b < bits_.size(); ++b)
    if (bits[b] != 0) values[bits_[b].of] += static_cast<std::int64_t>(bits_[b].weight);
  return values;
}

const BranchAndCut& IntegerDecision::solved() const {
  std::call_once(once_, [&] {
    constexpr std::size_t most_work = 2'000'000, most_nodes = 1000;
    std::size_t terms = program_.variables.size();
    for (const auto& row : program_.rows) terms += row.terms.size();
    const auto nodes = std::min(most_nodes, most_work / terms);
    if (has_branch_and_cut() && nodes >= 10) solved_ = branch_and_cut(program_, nodes);
  });
  return solved_;
}

std::optional<double> IntegerDecision::proven_optimum() const {
  const auto& [values, proven, bound] = solved();
  if (proven && violation(values).empty()) return objective(values);
  return Decision::proven_optimum();
}

std::optional<double> IntegerDecision::bound() const {
  if (solved().proven && violation(solved().values).empty()) return objective(solved().values);
  double sum = program_.constant;
  for (const auto& v : program_.variables) {
    const double a = v.cost * static_cast<double>(v.low), b = v.cost * static_cast<double>(v.high);
    sum += program_.maximised ? std::max(a, b) : std::min(a, b);
  }
  if (!std::isfinite(solved().bound)) return sum;
  return program_.maximised ? std::min(sum, solved().bound) : std::max(sum, solved().bound);
}

std::string IntegerDecision::solution(ValuesView values) const {
  return bits_by_name(names_of(program_), values);
}

Values IntegerDecision::read_solution(std::string_view json) const {
  return numbers_by_name(json, names_of(program_));
}

std::string IntegerDecision::data() const {
  const auto limit = [](double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
  };
  auto variables = nlohmann::json::array(), constraints = nlohmann::json::array();
  for (const auto& v : program_.variables)
    variables.push_back({{"name", v.name}, {"cost", v.cost}, {"low", v.low}, {"high", v.high}});
  for (const auto& row : program_.rows) {
    auto terms = nlohmann::json::array();
    for (const auto& [i, factor] : row.terms) terms.push_back({program_.variables[i].name, factor});
    constraints.push_back(
        {{"name", row.name}, {"terms", terms}, {"low", limit(row.low)}, {"high", limit(row.high)}});
  }
  return text_of_json(nlohmann::json{
      {"variables", variables}, {"constraints", constraints}, {"constant", program_.constant}});
}

std::string IntegerDecision::size_words() const {
  return counted(program_.variables.size(), "variable") + ", " + counted(program_.rows.size(), "constraint");
}

std::string IntegerDecision::digest() const {
  std::string all = fmt::format("mip {} {}\n", program_.maximised, program_.constant);
  for (const auto& v : program_.variables) all += fmt::format("{} {} {}\n", v.cost, v.low, v.high);
  for (const auto& row : program_.rows) {
    all += fmt::format("{} {}:", row.low, row.high);
    for (const auto& [i, factor] : row.terms) all += fmt::format(" {} {}", i, factor);
    all += "\n";
  }
  return sha256(all);
}

std::unique_ptr<DecisionProblem> integer_problem(Facts facts, std::vector<IntegerProgram> programs,
                                                 std::vector<std::optional<Reference>> known) {
  facts.target = "the best whole numbers";
  std::vector<DecisionProblem::Row> rows;
  for (auto& program : programs) rows.push_back(std::make_shared<const IntegerDecision>(std::move(program)));
  return std::make_unique<DecisionProblem>(
      std::move(facts), std::move(rows),
      FloorWords{"first-feasible", "the first feasible answer",
                 "taking the first whole numbers that keep the constraints"},
      std::move(known));
}

}  // namespace qupel
