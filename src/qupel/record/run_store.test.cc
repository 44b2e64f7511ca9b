#include "qupel/record/run_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/hash.h"
#include "qupel/base/temporary_folder.h"
#include "qupel/contenders/contenders.h"
#include "qupel/problem/tabular/classification.h"
#include "qupel/record/environment.h"

namespace qupel {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

StudySpec study() {
  StudySpec spec;
  spec.name = "a study";
  spec.data_set = "iris";
  spec.entries = {{"logistic", contenders().at("logistic"), Inputs::all, {}},
                  {"majority", contenders().at("majority"), Inputs::all, {}}};
  return spec;
}

Classification problem() {
  DataSet made;
  made.data_hash = std::string(64, 'd');
  return {made, {}};
}

Trial trial(const std::string& entry, int fold) {
  Trial made;
  made.key = {entry, 0, fold};
  made.validation = 1.0 / 3 + fold;
  made.evaluations[exact_execution].answer = Classes{{0, 1}, Matrix<double>(2, 2, 0.1 + 0.2)};
  made.seconds = 0.5;
  return made;
}

StudyResult result() {
  StudyResult made;
  made.verdict = Verdict::equivalent;
  made.results_hash = std::string(64, 'e');
  return made;
}

/// What an action is refused for.
std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "not refused";
}

class RunStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<qupel::Run> open(const StudySpec& spec = study()) {
    return RunStore(root_, contenders()).open(spec, problem(), 4);
  }
  /// A run with two trials, closed.
  fs::path two_trials() {
    const auto run = open();
    run->save(trial("logistic", 0));
    run->save(trial("logistic", 1));
    return run->directory();
  }
  std::string refusal_to_open() {
    return refusal([&] { open(); });
  }

  TemporaryFolder folder_;
  fs::path root_ = folder_ / "runs";
};

TEST_F(RunStoreTest, TrialsComeBackBitForBit) {
  two_trials();
  const auto run = open();
  EXPECT_EQ(run->trials_done(), 2u);
  ASSERT_TRUE(run->find({"logistic", 0, 1}));
  EXPECT_EQ(to_json(*run->find({"logistic", 0, 1})), to_json(trial("logistic", 1)));
  EXPECT_FALSE(run->find({"logistic", 0, 2}));
  EXPECT_FALSE(run->find({"majority", 0, 1}));
}

TEST_F(RunStoreTest, SavingATrialAgainReplacesIt) {
  const auto run = open();
  run->save(trial("logistic", 0));
  run->save(trial("logistic", 0));
  EXPECT_EQ(run->trials_done(), 1u);
}

TEST_F(RunStoreTest, FolderHoldsWhatTheHeaderSays) {
  const auto folder = two_trials();
  EXPECT_THAT(folder.filename().string(), ::testing::StartsWith("a_study-"));
  EXPECT_EQ(read_file(folder / "study.toml"), to_toml(study()));
  const auto manifest = read_file(folder / "manifest.json");
  for (const auto* key :
       {"study_hash", "data_hash", "version", "cpu", "instruction set", "libsvm", "compiler", "seed"})
    EXPECT_THAT(manifest, HasSubstr(key));
}

TEST_F(RunStoreTest, FinishCompletesTheResult) {
  const auto run = open();
  run->save(trial("logistic", 0));
  const auto finished = run->finish(result());
  EXPECT_EQ(finished.run, run->directory().string());
  EXPECT_EQ(finished.version, code_version());
  EXPECT_FALSE(finished.environment.empty());
  const RunStore store(root_, contenders());
  const auto info = store.find(run->directory().filename().string());
  EXPECT_EQ(info.verdict, "equivalent");
  EXPECT_FALSE(info.finished.empty());
  EXPECT_EQ(to_json(store.result(info)), to_json(finished));
  EXPECT_EQ(store.study(info), study());
  EXPECT_EQ(store.trials(info).size(), 1u);
}

TEST_F(RunStoreTest, SessionsThatComputeNothingTakeNoTime) {
  open()->save(trial("logistic", 0));
  const double seconds = open()->finish(result()).seconds;
  EXPECT_GT(seconds, 0);
  EXPECT_EQ(open()->finish(result()).seconds, seconds);
}

TEST_F(RunStoreTest, AnEditedStudyIsAnotherRun) {
  const auto first = two_trials();
  auto edited = study();
  edited.seed = 1;
  const auto run = open(edited);
  EXPECT_NE(run->directory(), first);
  EXPECT_EQ(run->trials_done(), 0u);
  EXPECT_EQ(RunStore(root_, contenders()).list().size(), 2u);
}

TEST_F(RunStoreTest, AnotherCodeVersionIsAnotherRun) {
  const auto first = two_trials();
  auto manifest = read_file(first / "manifest.json");
  manifest.replace(manifest.find(code_version()), code_version().size(), "0.0.1");
  write_file(first / "manifest.json", manifest);
  const auto second = open();
  EXPECT_EQ(second->directory(), first.string() + "-2");
  EXPECT_EQ(second->trials_done(), 0u);
}

TEST_F(RunStoreTest, RunsAreFoundByIdPrefixHashAndPath) {
  const auto folder = two_trials();
  const RunStore store(root_, contenders());
  const auto id = folder.filename().string();
  const auto hash = study_hash(study(), problem().facts().data_hash);
  for (const auto& reference : {id, id.substr(0, 9), hash, hash.substr(0, 8), folder.string(),
                                folder.string() + "/", (folder / "study.toml").string()})
    EXPECT_EQ(store.find(reference).id, id) << reference;
  EXPECT_THAT(refusal([&] { (void)store.find("a_stduy-" + hash.substr(0, 12)); }),
              HasSubstr("did you mean \"" + id));
  auto edited = study();
  edited.seed = 1;
  open(edited);
  EXPECT_THAT(refusal([&] { (void)store.find("a_study"); }), HasSubstr("could be any of"));
}

TEST_F(RunStoreTest, AnUnfinishedRunHasNoResult) {
  const auto folder = two_trials();
  const RunStore store(root_, contenders());
  EXPECT_THAT(refusal([&] { (void)store.result(store.find(folder.string())); }),
              AllOf(HasSubstr("2 of 4 trials"), HasSubstr("qupel run")));
}

TEST_F(RunStoreTest, AMovedRunStaysWhole) {
  const auto folder = two_trials();
  open()->finish(result());
  fs::rename(folder, root_ / "elsewhere");
  const RunStore store(root_, contenders());
  EXPECT_EQ(store.result(store.find("elsewhere")).run, (root_ / "elsewhere").string());
}

TEST_F(RunStoreTest, ThereMayBeNoRuns) {
  EXPECT_TRUE(RunStore(root_, contenders()).list().empty());
  EXPECT_FALSE(fs::exists(root_));
  EXPECT_THAT(refusal([&] { (void)RunStore(root_, contenders()).find("x"); }),
              HasSubstr("there are no runs"));
}

TEST_F(RunStoreTest, ASecondProcessIsRefused) {
  const auto run = open();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto message = refusal_to_open();
    ::_exit(message.find(std::to_string(::getppid())) != std::string::npos ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(RunStoreTest, AKilledProcessKeepsItsTrialsAndItsLockIsGone) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto run = open();
    run->save(trial("logistic", 0));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(open()->trials_done(), 1u);
}

TEST_F(RunStoreTest, AProcessKilledWhileCreatingARunDoesNoHarm) {
  const auto folder = two_trials();
  fs::remove(folder / "manifest.json");  // written last
  std::ofstream(folder / "trials.sqlite.new") << "half";
  fs::remove(folder / "trials.sqlite");
  EXPECT_TRUE(RunStore(root_, contenders()).list().empty());
  EXPECT_EQ(open()->trials_done(), 0u);
}

TEST_F(RunStoreTest, GarbageIsSeen) {
  const auto file = two_trials() / "trials.sqlite";
  std::ofstream(file) << std::string(4096, 'x');
  EXPECT_THAT(refusal_to_open(),
              AllOf(HasSubstr(file.string()), HasSubstr("damaged"), HasSubstr("move the file away")));
  EXPECT_EQ(fs::file_size(file), 4096u);
  EXPECT_THAT(RunStore(root_, contenders()).list().front().problem, HasSubstr("damaged"));
  fs::rename(file, root_ / "away");
  EXPECT_EQ(open()->trials_done(), 0u);
}

TEST_F(RunStoreTest, AnEmptiedFileIsSeen) {
  const auto file = two_trials() / "trials.sqlite";
  fs::resize_file(file, 0);
  EXPECT_THAT(refusal_to_open(), HasSubstr("damaged"));
}

TEST_F(RunStoreTest, ATruncatedFileIsSeen) {
  const auto file = two_trials() / "trials.sqlite";
  fs::resize_file(file, 8192);
  EXPECT_THAT(refusal_to_open(), HasSubstr("damaged"));
}

TEST_F(RunStoreTest, AnyFlippedByteIsSeenOrHarmless) {
  const auto file = two_trials() / "trials.sqlite";
  const auto sound = read_file(file);
  for (std::size_t at = 0; at < sound.size(); at += 389) {
    auto bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    write_file(file, bytes);
    const auto message = refusal([&] {
      const auto run = open();
      for (int fold : {0, 1}) {
        const auto found = run->find({"logistic", 0, fold});
        EXPECT_TRUE(!found || to_json(*found) == to_json(trial("logistic", fold))) << at;
      }
    });
    EXPECT_THAT(message, AnyOf("not refused", HasSubstr("trials.sqlite")));
  }
}

TEST_F(RunStoreTest, ANewerFormatIsRefused) {
  const auto file = two_trials() / "trials.sqlite";
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
  sqlite3_exec(connection, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
  sqlite3_close(connection);
  EXPECT_THAT(refusal_to_open(), AllOf(HasSubstr("newer"), HasSubstr("99")));
}

TEST_F(RunStoreTest, ADamagedManifestIsSeen) {
  write_file(two_trials() / "manifest.json", "{\"schema_version\": 1}");
  EXPECT_THAT(refusal_to_open(), HasSubstr("manifest.json is damaged"));
  EXPECT_THAT(RunStore(root_, contenders()).list().front().problem, HasSubstr("manifest.json"));
}

TEST_F(RunStoreTest, ADamagedRunHarmsNoOther) {
  std::ofstream(two_trials() / "trials.sqlite") << "x";
  auto edited = study();
  edited.seed = 1;
  open(edited)->save(trial("majority", 0));
  EXPECT_EQ(open(edited)->trials_done(), 1u);
  EXPECT_EQ(RunStore(root_, contenders()).list().size(), 2u);
}

TEST_F(RunStoreTest, AFolderThatCannotBeCreatedIsNamed) {
  std::ofstream(root_) << "a file";
  EXPECT_THAT(refusal_to_open(), AllOf(HasSubstr(root_.string()), HasSubstr("--out")));
}

TEST_F(RunStoreTest, AReadOnlyFolderIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  fs::create_directories(root_);
  fs::permissions(root_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_THAT(refusal_to_open(), AllOf(HasSubstr(root_.string()), HasSubstr("Permission denied")));
  fs::permissions(root_, fs::perms::owner_all);
}

TEST_F(RunStoreTest, AStudyOnAFileKeepsAnAbsolutePath) {
  auto spec = study();
  spec.data_set.clear();
  spec.file = "table.csv";
  spec.target = "y";
  EXPECT_THAT(read_file(open(spec)->directory() / "study.toml"),
              HasSubstr((fs::current_path() / "table.csv").string()));
}

TEST_F(RunStoreTest, NamesAreSafeAsFolders) {
  auto spec = study();
  spec.name = "../ü $(x) " + std::string(300, 'n');
  const auto folder = open(spec)->directory();
  EXPECT_EQ(folder.parent_path(), root_);
  EXPECT_THAT(folder.filename().string(), ::testing::MatchesRegex("run[A-Za-z0-9_.-]+"));
}

// Made at commit 8cc5632, the last one whose trials and results had no format.
TEST_F(RunStoreTest, ARunOfTheFirstFormatIsReadInFull) {
  fs::create_directories(root_);
  fs::copy(fs::path(QUPEL_SOURCE_DIR) / "src/qupel/record/old_runs/format-1", root_ / "old");
  const RunStore store(root_, contenders());
  const auto info = store.find("old");
  EXPECT_EQ(info.problem, "");
  EXPECT_EQ(info.trials_done, 10);
  EXPECT_EQ(store.study(info).entries.size(), 5u);
  const auto result = store.result(info);
  EXPECT_EQ(result.results_hash, info.results_hash);
  EXPECT_EQ(result.contenders.size(), 5u);
  EXPECT_EQ(result.best_classical, "logistic");
  EXPECT_EQ(result.circuit_training.adam_window, 0u);
  // What was stored of one kind of answer is an answer like any other.
  for (const auto& found : store.trials(info)) {
    EXPECT_EQ(found.exact().metrics.size(), 5u);
    EXPECT_EQ(std::get<Classes>(found.exact().answer).labels.size(), found.test_rows.size());
    EXPECT_EQ(found.reseeded.size(), 2u);
    EXPECT_EQ(found.with_shots() != nullptr, found.key.entry.starts_with("quantum-kernel"));
  }
}

TEST_F(RunStoreTest, ATrialOfANewerFormatIsRefused) {
  const auto file = two_trials() / "trials.sqlite";
  auto newer = to_json(trial("logistic", 0));
  newer.replace(newer.find("\"format\":2"), 10, "\"format\":99");
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
  const auto statement = "UPDATE trials SET trial = '" + newer + "', sha256 = '" + sha256(newer) + "'";
  ASSERT_EQ(sqlite3_exec(connection, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(connection);
  EXPECT_THAT(refusal([&] {
                (void)open()->find({"logistic", 0, 0});
              }),
              AllOf(HasSubstr(file.string()), HasSubstr("newer"), HasSubstr("99")));
}

TEST(DefaultRoot, ComesFromTheEnvironment) {
  ::setenv("QUPEL_RUNS", "/somewhere", 1);
  EXPECT_EQ(default_root(), "/somewhere");
  ::setenv("QUPEL_RUNS", "", 1);
  EXPECT_EQ(default_root(), "qupel-runs");
}

}  // namespace
}  // namespace qupel
