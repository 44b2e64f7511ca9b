#include "mitigation.h"

#include "qupel/circuit/qasm_reader.h"
#include "qupel/circuit/shot_estimator.h"
#include "qupel/execute/executor.h"
#include "qupel/mitigate/mitigation.h"

namespace bench {

using namespace qupel;

int cancelled(const Arguments& arguments) {
  const auto circuit = read_qasm_file(arguments.more[0]).circuit;
  const auto technique = mitigation(std::vector<std::string>{"pec(200)"});
  return report(arguments.repeats, [&] {
    Executor executor({.noise = parse_noise(arguments.more[1]),
                       .mitigation = technique.get(),
                       .precision = Precision::double_,
                       .seed = 1},
                      arguments.threads);
    const auto prepared = executor.prepare(circuit, {Observable::z(0)});
    return executor.expectations(prepared, Matrix<double>(1, 0), {}).values(0, 0);
  });
}

int read(const Arguments& arguments) {
  Job job{read_qasm_file(arguments.more[0]).circuit, parse_noise("readout(0.02, 0.05)")};
  job.shots = shots;
  job.seed = 1;
  job.threads = arguments.threads;
  std::vector<std::uint64_t> states, counts;
  for (const auto& [state, count] : run(job).counts) {
    states.push_back(state);
    counts.push_back(count);
  }
  job.observables = {parse_observable("Z0 Z1")};
  const auto technique = mitigation(std::vector<std::string>{"readout"});
  return report(arguments.repeats, [&] {
    const auto plan = technique->plan(job, {});
    const ShotEstimator estimator(plan.jobs.front().observables);
    auto sums = estimator.empty();
    for (std::size_t g = 0; g < estimator.groups().size(); ++g) estimator.add(g, {states, counts}, sums);
    Estimate estimate{std::vector<double>(1), std::vector<double>(1)};
    estimator.finish(sums, estimate.values, estimate.errors);
    return plan.combine({{estimate}}).values[0];
  });
}

}  // namespace bench
