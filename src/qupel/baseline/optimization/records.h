#pragma once
#include "qupel/contend/contender.h"

// The records of this folder, each defined in the file of its name.
namespace qupel {

extern const Contender parallel_tempering, quantum_annealing;                                    // bits
extern const Contender part_search;                                                              // anything
extern const Contender exhaustive_search, simulated_annealing, tabu_search, goemans_williamson;  // bits
extern const Contender cbc;                                               // integer programs, portfolios
extern const Contender lot_exchange;                                      // portfolios
extern const Contender warm_start_rounding;                               // bits
extern const Contender random_choice, greedy_choice;                      // floors
extern const Contender held_karp_tour, two_opt_tour, lin_kernighan_tour;  // tours
extern const Contender savings_routes, ruin_and_recreate, sweep_routes;   // vehicles

}  // namespace qupel
