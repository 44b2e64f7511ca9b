#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "qupel/base/error.h"
#include "qupel/base/temporary_folder.h"
#include "qupel/contenders/contenders.h"
#include "qupel/record/run_store.h"

namespace qupel {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Two members without data of their own.
class CollectionStoreTest : public ::testing::Test {
 protected:
  CollectionStoreTest() {
    spec_ =
        parse_collection("[[data]]\nset = \"iris\"\n[[data]]\nset = \"wine\"\n", "many.toml", contenders());
    for (const char letter : {'a', 'b'}) {
      DataSet table;
      table.data_hash = std::string(64, letter);
      problems_.push_back(table_problem(table, {}));
    }
  }

  /// Opens a member and saves one trial.
  std::string work_on(std::size_t member) {
    const auto run = store_.open(spec_.members[member], *problems_[member], 10);
    Trial trial;
    trial.key = {"logistic", 0, 0};
    run->save(trial);
    return run->directory().filename().string();
  }

  TemporaryFolder folder_;
  RunStore store_{folder_.path(), contenders()};
  CollectionSpec spec_;
  std::vector<std::unique_ptr<Problem>> problems_;
};

TEST_F(CollectionStoreTest, NamesItsMembersBeforeTheyExistAndCountsTheirTrials) {
  const auto opened = store_.open(spec_, problems_, 20);
  EXPECT_EQ(opened.trials_done, 0);
  EXPECT_EQ(opened.source, "iris, wine");
  EXPECT_EQ(opened.problem, "");
  EXPECT_EQ((std::vector{work_on(0), work_on(1)}), opened.members);
  const auto again = store_.open(spec_, problems_, 20);
  EXPECT_EQ(again.directory, opened.directory);
  EXPECT_EQ(again.trials_done, 2);
  EXPECT_EQ(store_.collection(again), spec_);
  EXPECT_EQ(store_.members(again).size(), 2u);
  EXPECT_EQ(store_.list().size(), 3u);
}

TEST_F(CollectionStoreTest, FinishedItKeepsItsResultAndMissesLostMembers) {
  const auto opened = store_.open(spec_, problems_, 20);
  CollectionResult result;
  result.verdict = Verdict::classical_better;
  result.data_sets.resize(2);
  for (std::size_t i = 0; i < 2; ++i) {
    result.data_sets[i].run = work_on(i);
    result.data_sets[i].metric.name = "accuracy";
  }
  const auto finished = store_.finish(opened, result);
  const auto found = store_.find(opened.id);
  EXPECT_EQ(found.verdict, "classical better");
  EXPECT_EQ(to_json(store_.collection_result(found)), to_json(finished));
  fs::remove_all(store_.root() / found.members[1]);
  EXPECT_THAT(store_.find(opened.id).problem, HasSubstr("misses its member"));
}

TEST_F(CollectionStoreTest, RunsAndCollectionsAreToldApart) {
  const auto collection = store_.open(spec_, problems_, 20);
  const auto run = store_.find(work_on(0));
  EXPECT_THROW(store_.collection(run), InputError);
  EXPECT_THROW(store_.collection_result(run), InputError);
  EXPECT_THROW(store_.collection_result(collection), InputError);  // unfinished
  EXPECT_THROW(store_.result(collection), InputError);
}

}  // namespace
}  // namespace qupel
