#pragma once
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/mitigate/mitigation.h"

// What tests of techniques share.
namespace qupel::mitigate {

/// Exactly.
inline std::vector<Estimate> run_each(std::span<const Job> jobs) {
  std::vector<Estimate> results;
  for (const auto& job : jobs) results.push_back({run(job).expectations, {}});
  return results;
}

/// Observables of I and Z only, with shots, all from the same ones.
class WithShots {
 public:
  WithShots(std::uint64_t shots, std::uint64_t seed) : shots_(shots), seed_(seed) {}

  std::vector<Estimate> operator()(std::span<const Job> jobs) {
    std::vector<Estimate> results;
    for (auto job : jobs) {
      const auto observables = std::exchange(job.observables, {});
      job.shots = shots_;
      job.seed = derive(seed_, {next_++});
      const auto counts = run(job).counts;
      auto& result = results.emplace_back();
      for (const auto& observable : observables) {
        double mean = 0, square = 0;
        for (const auto& [state, count] : counts) {
          double value = 0;
          for (const auto& [weight, pauli] : observable.terms)
            value += odd(pauli.word().z & state) ? -weight : weight;
          mean += value * static_cast<double>(count) / static_cast<double>(shots_);
          square += value * value * static_cast<double>(count) / static_cast<double>(shots_);
        }
        result.values.push_back(mean);
        result.errors.push_back(
            std::sqrt(std::max(0.0, square - mean * mean) / static_cast<double>(shots_ - 1)));
      }
    }
    return results;
  }

 private:
  std::uint64_t shots_, seed_, next_ = 0;
};

inline Estimate run_all(const Mitigation& mitigation, const Job& job, const RunJobs& run = run_each) {
  const auto plan = mitigation.plan(job, run);
  return plan.combine(run(plan.jobs));
}

inline std::unique_ptr<Mitigation> made(const std::string& name) {
  return mitigation(std::vector<std::string>{name});
}

/// Six X, each followed by depolarizing: published values of Mitiq's documentation.
inline Job six_flips(double p) {
  Job job{Circuit(1), parse_noise(fmt::format("depolarizing({}) after x", p))};
  for (int i = 0; i < 6; ++i) job.circuit.add("x", {0});
  job.observables = {parse_observable("0.5 + 0.5 Z0")};
  return job;
}

inline Job without_noise(Job job) {
  job.noise = {};
  return job;
}

}  // namespace qupel::mitigate
