#pragma once
#include <fmt/format.h>

#include <functional>

#include "qupel/contend/contender.h"
#include "qupel/problem/optimization/tries.h"

// What contenders that solve decisions without circuits have in common.
namespace qupel {

/// What solving ended with.
struct Solved {
  Assignment answer;
  FitInfo info;
};
using Solve = std::function<Solved(const Decision&, const Settings&, const FitContext&)>;

/// The record with a fit that solves the decision, and answers about the same decision with what it found
/// (about another one it solves that).
Contender with_solver(Contender record, Solve solve);

/// Why a decision has too many variables for a contender; "" if it has not.
template <std::size_t most>
std::string too_many_variables(const Instance& instance) {
  const auto variables = dynamic_cast<const Decision&>(instance).variables();
  return variables <= most ? "" : fmt::format("{} variables, and it takes {}", variables, most);
}

/// How many starts a heuristic has at the context's effort, fewer while settings are ranked.
std::size_t starts_of(double starts, const FitContext& context);

}  // namespace qupel
