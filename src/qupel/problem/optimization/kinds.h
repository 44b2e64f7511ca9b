#pragma once
#include "qupel/problem/kind.h"

// The kinds of decisions, as studies and audits name them.
namespace qupel {

extern const ProblemKind maxcut_kind, qubo_kind, tsp_kind, cvrp_kind, portfolio_kind, mip_kind;

}  // namespace qupel
