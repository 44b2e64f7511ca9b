#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/contenders/contenders.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/xyz.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

// A curve of hydrogen: each distance is a unit.
TEST(MoleculeStudy, RunsClassicalAndQuantumContenders) {
  std::string xyz;
  for (const double distance : {0.6, 0.735, 1.0, 1.6})
    xyz += fmt::format("2\n\nH 0 0 0\nH 0 0 {}\n", distance);
  const MoleculeProblem problem("hydrogen", "h2.xyz", read_xyz(xyz, "h2.xyz"), {});
  StudySpec spec;
  spec.name = "hydrogen";
  spec.data_set = "h2.xyz";
  spec.metric = "error";
  spec.repeats = 1;
  spec.shots = 0;
  for (const auto* name : {"vqe-uccsd", "hartree-fock", "mp2", "selected-ci"})
    spec.entries.push_back({name, contenders().at(name), Inputs::all, {}});
  MemoryStore store;
  Progress silent;
  const auto result = run_study(spec, problem, store, 2, silent);
  EXPECT_EQ(result.task, "molecule");
  EXPECT_NEAR(result.contenders[0].metrics.at("error").mean, 0, 1e-6);
  EXPECT_GT(result.contenders[1].metrics.at("error").mean, 0.01);
  EXPECT_NEAR(result.contenders[3].metrics.at("error").mean, 0, 1e-6);
  EXPECT_GT(result.contenders[0].metrics.at("energy").mean, -1.2);
  EXPECT_NE(result.verdict, Verdict::quantum_better);
}

}  // namespace
}  // namespace qupel
