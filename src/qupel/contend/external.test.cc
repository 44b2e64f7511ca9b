#include "qupel/contend/external.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/temporary_folder.h"
#include "qupel/contend/row_model.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/problem/optimization/portfolio.h"
#include "qupel/problem/optimization/tour.h"
#include "qupel/problem/optimization/vehicle_routes.h"

namespace qupel {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

/// Three rows of two columns in classes 0, 1, 1.
struct Rows {
  Matrix<double> x{3, 2};
  std::vector<int> y{0, 1, 1};
  std::vector<double> targets{0.5, 1.5, -2};
  Rows() {
    for (std::size_t i = 0; i < 6; ++i) x.values()[i] = static_cast<double>(i) / 3;
  }
  Samples classes() const { return Samples(x, y, 2); }
  Samples numbers() const { return Samples(x, targets); }
};

const Rows rows;
Executor executor;
const FitContext context{.seed = 0x1234567890abcdef, .executor = &executor, .balanced = true};

std::shared_ptr<const Contender> program(std::vector<std::string> command, double time_limit = 20) {
  return external_contender("mine", Family::classical, Inputs::all, {std::move(command), time_limit, {}, {}},
                            {});
}

/// A program that answers "fit" with {"ok": true} and "predict" with these words.
std::shared_ptr<const Contender> saying(const std::string& words) {
  return program({"bash", "-c", "read -r x; echo '{\"ok\": true}'; read -r x; echo \"$0\"; sleep 60", words});
}

std::string fault(const Contender& spec, const Samples& samples = rows.classes()) {
  try {
    spec.fit(samples, {}, context)->answer(Samples(rows.x), context);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

Classes answer(const std::string& words) {
  return std::get<Classes>(saying(words)->fit(rows.classes(), {}, context)->answer(Samples(rows.x), context));
}

TEST(External, IsToldRowsLabelsSettingsAndSeed) {
  const TemporaryFolder folder;
  const auto file = folder / "told.json";
  const auto writes =
      program({"bash", "-c", "read -r x; echo \"$x\" > \"$0\"; echo '{\"ok\": true}'", file.string()});
  writes->fit(rows.classes(), {{"depth", 3.0}, {"rate", 0.1}, {"kind", std::string("a \"b\"")}}, context);
  const auto told = nlohmann::json::parse(read_file(file));
  EXPECT_EQ(told["task"], "fit");
  EXPECT_EQ(told["kind"], "classification");
  EXPECT_EQ(told["classes"], 2);
  EXPECT_EQ(told["labels"], nlohmann::json({0, 1, 1}));
  EXPECT_EQ(told["rows"][2][1].get<double>(), rows.x(2, 1));
  EXPECT_EQ(told["settings"].dump(), R"({"depth":3,"kind":"a \"b\"","rate":0.1})");
  EXPECT_EQ(told["seed"], 0x10abcdef);
  EXPECT_EQ(told["balanced"], true);
  writes->fit(rows.numbers(), {}, context);
  const auto numbers = nlohmann::json::parse(read_file(file));
  EXPECT_EQ(numbers["kind"], "regression");
  EXPECT_EQ(numbers["targets"], nlohmann::json({0.5, 1.5, -2.0}));
  EXPECT_FALSE(numbers.contains("labels"));
}

TEST(External, AnswersClasses) {
  const auto both = answer(R"({"labels": [1, 0, 1.0], "probabilities": [[0.6, 0.4], [1, 0], [0.25, 0.75]]})");
  EXPECT_EQ(both.labels, (std::vector{1, 0, 1}));
  EXPECT_EQ(both.probabilities(2, 1), 0.75);
  EXPECT_EQ(answer(R"({"probabilities": [[0.6, 0.4], [0.5, 0.5], [0.25, 0.75]]})").labels,
            (std::vector{0, 0, 1}));
  const auto labels = answer(R"({"labels": [1, 0, 1]})");
  EXPECT_EQ(labels.probabilities(0, 1), 1);
  EXPECT_EQ(labels.probabilities(0, 0), 0);
}

TEST(External, MayRoundItsProbabilities) {
  const auto rounded = answer(R"({"probabilities": [[0.3333, 0.6663], [1.0000001, -1e-7], [0, 1]]})");
  for (std::size_t r = 0; r < 3; ++r)
    EXPECT_DOUBLE_EQ(rounded.probabilities(r, 0) + rounded.probabilities(r, 1), 1);
}

TEST(External, AnswersNumbers) {
  const auto model = saying(R"({"values": [1, 2.5, -3e4]})")->fit(rows.numbers(), {}, context);
  EXPECT_EQ(std::get<Numbers>(model->answer(Samples(rows.x), context)).values,
            (std::vector<double>{1, 2.5, -3e4}));
}

TEST(External, IsNotAskedAboutNoRows) {
  const auto model =
      program({"bash", "-c", "read -r x; echo '{\"ok\": true}'"})->fit(rows.classes(), {}, context);
  const auto none = std::get<Classes>(model->answer(Samples(Matrix<double>(0, 2)), context));
  EXPECT_EQ(none.probabilities.columns(), 2u);
}

TEST(External, TellsHowTheFitEnded) {
  const auto spec = program({"bash", "-c",
                             "read -r x; echo '{\"ok\": true, \"converged\": false, \"reason\": \"tired\", "
                             "\"steps\": 7, \"parameters\": 12}'"});
  const auto info = spec->fit(rows.classes(), {}, context)->info();
  EXPECT_FALSE(info.converged);
  EXPECT_EQ(info.reason, "tired");
  EXPECT_EQ(info.steps, 7u);
  EXPECT_EQ(info.parameters, 12);
  EXPECT_TRUE(saying("")->fit(rows.classes(), {}, context)->info().converged);
}

TEST(External, EveryFaultHasItsReason) {
  for (const auto& [words, reason] : std::vector<std::pair<std::string, std::string>>{
           {"Hello!", "answered Hello!, which is no JSON object"},
           {"[1, 2]", "answered [1, 2], which is no JSON object"},
           {R"({"labels": [NaN, 0, 1]})", "which is no JSON object"},
           {R"({"labels": [1e999, 0, 1]})", "which is no JSON object"},
           {R"({"labels": [0, 1)", "which is no JSON object"},
           {R"({"error": "no memory"})", "says: no memory"},
           {R"({"error": {"code": 3}})", "says: {\"code\":3}"},
           {R"({})", "without \"labels\" and without \"probabilities\""},
           {R"({"labels": 3})", "without a list \"labels\""},
           {R"({"labels": [0, 1]})", "answered 2 labels for 3 rows"},
           {R"({"labels": [0, 1, 1, 1]})", "answered 4 labels for 3 rows"},
           {R"({"labels": [0, 1, 2]})", "answered labels[2] = 2; labels are whole numbers from 0 to 1"},
           {R"({"labels": [0, -1, 1]})", "answered labels[1] = -1"},
           {R"({"labels": [0, 0.5, 1]})", "answered labels[1] = 0.5"},
           {R"({"labels": [0, "a", 1]})", "answered labels[1] = \"a\", which is no finite number"},
           {R"({"labels": [0, null, 1]})", "answered labels[1] = null"},
           {R"({"labels": [0, 1e300, 1]})", "answered labels[1] = 1e+300"},
           {R"({"probabilities": [[1, 0], [1, 0]]})", "answered 2 probabilities for 3 rows"},
           {R"({"probabilities": [[1, 0], [1], [1, 0]]})",
            "probabilities[1] without one number for each of the 2"},
           {R"({"probabilities": [[1, 0], [0.5, 0.4], [1, 0]]})", "probabilities[1] that sum to 0.9"},
           {R"({"probabilities": [[1, 0], [2, -1], [1, 0]]})", "probabilities[1][0] = 2"},
           {R"({"labels": [0, 1, 1], "probabilities": [[1, 0], [0, 1], [null, 1]]})",
            "probabilities[2][0] = null"},
       })
    EXPECT_THAT(fault(*saying(words)), HasSubstr(reason)) << words;
  EXPECT_THAT(fault(*saying(R"({"values": [1, 2]})"), rows.numbers()),
              HasSubstr("answered 2 values for 3 rows"));
  EXPECT_THAT(fault(*saying(R"({"values": [1, 2, null]})"), rows.numbers()), HasSubstr("values[2] = null"));
  EXPECT_THAT(fault(*saying(R"({"labels": [1, 2, 0]})"), rows.numbers()),
              HasSubstr("without a list \"values\""));
}

TEST(External, MustSayThatItFitted) {
  EXPECT_THAT(fault(*program({"cat"})), HasSubstr("\"cat\" answered \"fit\" with {"));
  EXPECT_THAT(fault(*program({"bash", "-c", "echo '{\"ok\": false}'; sleep 9"})),
              HasSubstr("instead of {\"ok\": true}"));
  EXPECT_THAT(fault(*program({"bash", "-c", "echo '{\"error\": \"too few rows\"}'; sleep 9"})),
              HasSubstr("says: too few rows"));
  EXPECT_THAT(fault(*program({"no-such-program"})), HasSubstr("\"no-such-program\" cannot be started"));
  EXPECT_THAT(fault(*program({"sleep", "60"}, 0.2)), HasSubstr("gave no answer within 0.2 s"));
  EXPECT_THAT(fault(*program({"yes"})), HasSubstr("answered y, which is no JSON object"));
  EXPECT_THAT(fault(*program({"python3", "-c", "raise ValueError('not today')"})),
              HasSubstr("ValueError: not today"));
}

TEST(External, MayEndBetweenItsTasks) {
  EXPECT_THAT(fault(*program({"bash", "-c", "read -r x; echo '{\"ok\": true}'; echo bye >&2; exit 4"})),
              HasSubstr("ended with exit code 4 before it answered; its standard error ends with: bye"));
}

TEST(External, CannotBeSaved) {
  Archive archive;
  EXPECT_THAT([&] { saying("")->fit(rows.classes(), {}, context)->save(archive); },
              testing::ThrowsMessage<InputError>(HasSubstr("so Qupel cannot save it")));
}

class ExternalFiles : public testing::Test {
 protected:
  ExternalFiles() {
    write_file(folder / "mine.py", "pass\n");
    write_file(folder / "sub" / "tool", "#!/bin/sh\n");
  }
  TemporaryFolder folder;
  std::string at(const std::string& name) const { return (folder / name).string(); }
};

TEST_F(ExternalFiles, AreSeenFromTheStudysFolder) {
  using Words = std::vector<std::string>;
  const auto resolved = [&](Words words) {
    return resolved_command(std::move(words), folder.path().string());
  };
  EXPECT_EQ(resolved({"python3", "mine.py", "--deep", "other.py"}),
            (Words{"python3", at("mine.py"), "--deep", "other.py"}));
  EXPECT_EQ(resolved({"sub/tool", "sub"}), (Words{at("sub/tool"), "sub"}));
  EXPECT_EQ(resolved({"mine.py"}), (Words{"mine.py"}));  // a program of the PATH
  EXPECT_EQ(resolved({"./mine.py", ""}), (Words{at("mine.py"), ""}));
}

TEST_F(ExternalFiles, ArePartOfTheDigestAndTheirPlaceIsNot) {
  const auto digest = digest_of({"python3", at("mine.py"), "-v"});
  EXPECT_NE(digest, digest_of({"python3", at("mine.py"), "-w"}));
  EXPECT_NE(digest, digest_of({"python3", at("mine.py")}));
  fs::create_directories(folder / "moved");
  fs::copy_file(at("mine.py"), at("moved/mine.py"));
  EXPECT_EQ(digest, digest_of({"python3", at("moved/mine.py"), "-v"}));
  write_file(at("moved/mine.py"), "pass # edited\n");
  EXPECT_NE(digest, digest_of({"python3", at("moved/mine.py"), "-v"}));
  EXPECT_EQ(digest_of({"ab", "c"}).size(), 64u);
  EXPECT_NE(digest_of({"ab", "c"}), digest_of({"a", "bc"}));
}

// The examples of docs/external.md.
class ExternalExample : public testing::TestWithParam<const char*> {};

TEST_P(ExternalExample, Learns) {
  const std::string name = GetParam();
  if (name == "scikit.py" && std::system("python3 -c 'import sklearn' 2>/dev/null") != 0)
    GTEST_SKIP() << "there is no scikit-learn";
  const auto spec = program({"python3", std::string(QUPEL_SOURCE_DIR "/docs/examples/") + name}, 120);
  Matrix<double> x(40, 2);
  std::vector<int> y(40);
  std::vector<double> targets(40);
  for (std::size_t r = 0; r < 40; ++r) {
    y[r] = r % 2 == 0 ? 2 : 0;  // class 1 is missing
    x(r, 0) = (y[r] == 2 ? 1 : -1) + 0.01 * static_cast<double>(r);
    x(r, 1) = std::sin(static_cast<double>(r));
    targets[r] = 3 * x(r, 0);
  }
  const auto classes = spec->fit(Samples(x, y, 3), {}, context);
  const auto found = std::get<Classes>(classes->answer(Samples(x), context));
  EXPECT_EQ(found.labels, y);
  EXPECT_EQ(found.probabilities.columns(), 3u);
  EXPECT_EQ(found.probabilities(0, 1), 0);
  const auto again = std::get<Classes>(spec->fit(Samples(x, y, 3), {}, context)->answer(Samples(x), context));
  EXPECT_EQ(found.probabilities, again.probabilities);
  const auto numbers = spec->fit(Samples(x, targets), {}, context);
  const auto values = std::get<Numbers>(numbers->answer(Samples(x), context)).values;
  for (std::size_t r = 0; r < 40; ++r) EXPECT_NEAR(values[r], targets[r], 0.5);
}

INSTANTIATE_TEST_SUITE_P(Docs, ExternalExample, testing::Values("centroids.py", "scikit.py"));

const MaxCut square(Graph{{"a", "b", "c"}, {{0, 1, 1}, {1, 2, 2}}});

std::shared_ptr<const Contender> solving(const std::string& words) {
  return program({"bash", "-c", "read -r x; echo \"$0\"; sleep 60", words});
}

std::string fault_of(const std::string& words, const Decision& decision = square) {
  try {
    solving(words)->fit(decision, {}, context);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(External, SolvesDecisions) {
  const auto spec = solving(R"({"solution": {"a": 0, "b": 1, "c": 0}, "objective": 3, "steps": 7})");
  const auto model = spec->fit(square, {}, context);
  const auto found = std::get<Assignment>(model->answer(square, context));
  EXPECT_EQ(found.values, (Values{0, 1, 0}));
  EXPECT_EQ(found.tries, 1);
  EXPECT_EQ(model->info().steps, 7u);
  EXPECT_EQ(fault_of(R"({"solution": [0, 1, 0]})"), "none");
}

TEST(External, IsToldTheDecision) {
  const TemporaryFolder folder;
  const auto file = folder / "decision.json";
  program({"bash", "-c", "read -r x; echo \"$x\" > \"$0\"; echo '{\"solution\": [0, 0, 0]}'", file.string()})
      ->fit(square, {{"depth", 3.0}}, context);
  const auto told = nlohmann::json::parse(read_file(file));
  EXPECT_EQ(told["task"], "solve");
  EXPECT_EQ(told["kind"], "maxcut");
  EXPECT_EQ(told["sense"], "max");
  EXPECT_EQ(told["settings"].dump(), R"({"depth":3})");
  EXPECT_EQ(told["problem"].dump(), R"({"edges":[["a","b",1.0],["b","c",2.0]],"nodes":["a","b","c"]})");
}

TEST(External, FindsOutWrongSolutions) {
  EXPECT_THAT(fault_of("{}"), HasSubstr("without a \"solution\""));
  EXPECT_THAT(fault_of(R"({"solution": [0, 1]})"), HasSubstr("a solution of 2 values for 3 variables"));
  EXPECT_THAT(fault_of(R"({"solution": {"a": 0, "b": 1, "d": 0}})"), HasSubstr("without a value for c"));
  EXPECT_THAT(fault_of(R"({"solution": [0, 1, 0.5]})"), HasSubstr("c = 0.5, which is no whole number"));
  EXPECT_THAT(fault_of(R"({"solution": [0, 1, null]})"), HasSubstr("no whole number"));
  EXPECT_THAT(fault_of(R"({"solution": [0, 1, 2]})"), HasSubstr("infeasible solution: a value of 2"));
  EXPECT_THAT(fault_of(R"({"solution": "best"})"), HasSubstr("neither an object by name nor a list"));
  EXPECT_THAT(fault_of(R"({"solution": [0, 1, 0], "objective": 4})"),
              HasSubstr("answered objective = 4; that of its solution is 3"));
  EXPECT_THAT(fault_of(R"({"solution": [0, 1, 0], "objective": "3"})"), HasSubstr("answered objective"));
  RoutingFile file;
  file.names = {"1", "2", "3", "4"};
  file.distances = Matrix<double>(4, 4);
  const Tour tour(file);
  EXPECT_EQ(fault_of(R"({"solution": ["1", 3, "2", "4"]})", tour), "none");
  EXPECT_THAT(fault_of(R"({"solution": ["1", "2", "3"]})", tour), HasSubstr("3 stops, not 4"));
  EXPECT_THAT(fault_of(R"({"solution": ["1", "2", "3", "3"]})", tour), HasSubstr("visited twice"));
  EXPECT_THAT(fault_of(R"({"solution": ["1", "2", "3", "5"]})", tour), HasSubstr("\"5\" is not a stop"));
}

/// Two customers of 3 each and vehicles that carry 5.
RoutingFile two_customers() {
  RoutingFile file;
  file.vehicles = true;
  file.names = {"depot", "a", "b"};
  file.distances = Matrix<double>(3, 3);
  for (double& distance : file.distances.values()) distance = 2;
  file.demands = {0, 3, 3};
  file.capacity = 5;
  return file;
}

TEST(External, FindsOutSolutionsThatBreakAConstraint) {
  const VehicleRoutes routes(two_customers());
  EXPECT_EQ(fault_of(R"({"solution": [["a"], ["b"]]})", routes), "none");
  EXPECT_THAT(fault_of(R"({"solution": [["a", "b"]]})", routes),
              HasSubstr("infeasible solution: a route demands 6, its vehicle holds 5"));
  EXPECT_THAT(fault_of(R"({"solution": [["a"]]})", routes), HasSubstr("infeasible solution: customer b"));
  EXPECT_THAT(fault_of(R"({"solution": [["a"], ["c"]]})", routes), HasSubstr("\"c\""));
  const Portfolio portfolio(
      {.assets = {"A", "B", "C"}, .mean = {1, 2, 3}, .covariance = Matrix<double>(3, 3), .picks = 2});
  EXPECT_EQ(fault_of(R"({"solution": ["A", "C"], "objective": -4})", portfolio), "none");
  EXPECT_THAT(fault_of(R"({"solution": ["A", "B", "C"]})", portfolio), HasSubstr("infeasible solution"));
  EXPECT_THAT(fault_of(R"({"solution": ["A", "D"]})", portfolio), HasSubstr("\"D\""));
  EXPECT_THAT(fault_of(R"({"solution": ["A", "C"], "objective": -5})", portfolio),
              HasSubstr("answered objective = -5; that of its solution is -4"));
  const IntegerDecision sack(
      read_lp("Maximize\n 3 x + 2 y\nSubject To\n c: x + y <= 1\nBinary\n x y\nEnd\n", "sack.lp"));
  EXPECT_EQ(fault_of(R"({"solution": {"x": 1, "y": 0}, "objective": 3})", sack), "none");
  EXPECT_THAT(fault_of(R"({"solution": {"x": 1, "y": 1}})", sack), HasSubstr("infeasible solution: c"));
  EXPECT_THAT(fault_of(R"({"solution": {"x": 1}})", sack),
              HasSubstr("a solution of 1 values for 2 variables"));
  EXPECT_THAT(fault_of(R"({"solution": {"x": 0, "y": 1}, "objective": 3})", sack),
              HasSubstr("answered objective = 3; that of its solution is 2"));
}

}  // namespace
}  // namespace qupel
