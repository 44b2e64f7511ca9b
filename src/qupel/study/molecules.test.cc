#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/temporary_folder.h"
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

StudySpec ladder_study(const TemporaryFolder& folder, std::string_view steps) {
  write_file(folder / "h2.xyz", "2\n\nH 0 0 0\nH 0 0 0.735\n");
  return parse_study(
      fmt::format("[problem]\nkind = \"molecule\"\nfile = \"h2.xyz\"\n{}\n[[contender]]\nname = "
                  "\"fci\"\n[[contender]]\nname = \"vqe-uccsd\"\n",
                  steps),
      (folder / "ladder.toml").string(), contenders());
}

// Each basis set is a unit; energies by FCI are those of other programs.
TEST(MoleculeStudy, LaddersOfBasisSetsAndActiveSpacesAreOneStudy) {
  const TemporaryFolder folder;
  auto spec = ladder_study(folder, "basis = [\"sto-3g\", \"6-31g\", \"cc-pvdz\"]");
  spec.shots = 0;
  const auto problem = load_problem(spec);
  const auto& molecules = dynamic_cast<const MoleculeProblem&>(*problem);
  MemoryStore store;
  Progress silent;
  const auto result = run_study(spec, *problem, store, 2, silent);
  for (const auto& [row, energy] :
       {std::pair(0, -1.13730604), std::pair(1, -1.15161432), std::pair(2, -1.16320956)})
    EXPECT_NEAR(molecules.reference(static_cast<std::size_t>(row)).energy, energy, 1e-6);
  EXPECT_THAT(result.contenders[0].solution, testing::HasSubstr("\"ladder\": [{\"name\": \"h2.xyz"));
  EXPECT_EQ(result.overview.size(), 2u);
  EXPECT_EQ(result.overview[1].series.front().points.size(), 3u);

  const auto spaces =
      load_problem(ladder_study(folder, "basis = \"6-31g\"\nactive = [\"2,2\", \"2,3\", \"2,4\"]"));
  EXPECT_EQ(spaces->facts().rows, 3u);
  EXPECT_THROW(load_problem(ladder_study(folder, "basis = [\"sto-3g\", \"6-31g\"]\nstates = 2")), InputError);
}

// What computes excited states is named, as taken or as left out, only where states are asked for.
TEST(MoleculeStudy, AnAuditOfTheGroundStateDoesNotMentionContendersOfExcitedStates) {
  const auto named = [](const std::string& line) {
    return line.starts_with("vqe-qse") || line.starts_with("vqe-eom");
  };
  for (const int states : {1, 2}) {
    const MoleculeProblem problem("hydrogen", "h2.xyz", read_xyz("2\n\nH 0 0 0\nH 0 0 0.735\n", "h2.xyz"),
                                  {.states = states});
    const auto spec =
        audit_study(problem_kind("molecule"), "h2.xyz", {}, problem, Budget::small, 0, contenders());
    EXPECT_EQ(std::ranges::count_if(spec.entries, named, &Entry::name), states == 2 ? 2 : 0);
    EXPECT_EQ(std::ranges::count_if(spec.left_out, named), 0);
  }
}

}  // namespace
}  // namespace qupel
