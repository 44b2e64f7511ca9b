// QOKit's C simulator; its phase operator turns by theta itself, its mixer by exp(-i beta X).
#include <omp.h>

#include <cmath>

#include "diagonal.h"
#include "fur.h"
#include "work.h"

namespace {

class Labs {
 public:
  explicit Labs(int qubits)
      : qubits_(static_cast<unsigned>(qubits)),
        costs_(bench::labs(qubits)),
        real_(costs_.size()),
        imag_(costs_.size()) {}

  double objective(const std::vector<double>& gammas, const std::vector<double>& betas) {
    const double amplitude = std::pow(2.0, -0.5 * qubits_);
#pragma omp parallel for
    for (std::size_t s = 0; s < costs_.size(); ++s) real_[s] = amplitude, imag_[s] = 0;
    for (std::size_t layer = 0; layer < gammas.size(); ++layer) {
      apply_diagonal(real_.data(), imag_.data(), -gammas[layer], costs_.data(), costs_.size());
      furx_all(real_.data(), imag_.data(), betas[layer], qubits_, costs_.size());
    }
    double sum = 0;
#pragma omp parallel for reduction(+ : sum)
    for (std::size_t s = 0; s < costs_.size(); ++s)
      sum += costs_[s] * (real_[s] * real_[s] + imag_[s] * imag_[s]);
    return sum;
  }

  /// By forward differences, as it has no gradient: one objective an angle, and one more.
  std::vector<double> gradient(std::vector<double> gammas, std::vector<double> betas) {
    const double here = objective(gammas, betas);
    std::vector<double> derivatives;
    for (auto* angles : {&gammas, &betas}) {
      for (double& angle : *angles) {
        constexpr double step = 1e-7;
        angle += step;
        derivatives.push_back((objective(gammas, betas) - here) / step);
        angle -= step;
      }
    }
    return derivatives;
  }

 private:
  unsigned qubits_;
  std::vector<double> costs_, real_, imag_;
};

}  // namespace

int main(int, char** argv) {
  const bench::Arguments arguments(argv);
  omp_set_num_threads(arguments.threads);
  Labs labs(arguments.qubits);
  return bench::report(arguments.repeats, [&] {
    if (arguments.work == "qaoa-labs") return labs.objective(bench::gammas, bench::betas);
    return bench::weighted(labs.gradient(bench::gammas, bench::betas));
  });
}
