// QOKit's C simulator; its phase operator turns by theta itself, its mixer by exp(-i beta X).
#include <omp.h>

#include <cmath>

#include "diagonal.h"
#include "fur.h"
#include "work.h"

int main(int, char** argv) {
  const bench::Arguments arguments(argv);
  omp_set_num_threads(arguments.threads);
  auto costs = bench::labs(arguments.qubits);
  std::vector<double> real(costs.size()), imag(costs.size());
  const auto qubits = static_cast<unsigned>(arguments.qubits);
  return bench::report(arguments.repeats, [&] {
    const double amplitude = std::pow(2.0, -0.5 * arguments.qubits);
#pragma omp parallel for
    for (std::size_t s = 0; s < costs.size(); ++s) real[s] = amplitude, imag[s] = 0;
    for (std::size_t layer = 0; layer < bench::gammas.size(); ++layer) {
      apply_diagonal(real.data(), imag.data(), -bench::gammas[layer], costs.data(), costs.size());
      furx_all(real.data(), imag.data(), bench::betas[layer], qubits, costs.size());
    }
    double sum = 0;
#pragma omp parallel for reduction(+ : sum)
    for (std::size_t s = 0; s < costs.size(); ++s) sum += costs[s] * (real[s] * real[s] + imag[s] * imag[s]);
    return sum;
  });
}
