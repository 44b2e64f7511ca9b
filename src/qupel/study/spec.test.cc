#include "qupel/study/spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/contenders/contenders.h"
#include "qupel/study/collection.h"
#include "qupel/study/entries.h"

namespace qupel {
namespace {

using testing::HasSubstr;

std::string message_of(const std::string& toml) {
  try {
    parse_study(toml, "s.toml", contenders());
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

const std::string data = "[data]\nset = \"iris\"\n";

TEST(StudySpec, DefaultsRunEveryContender) {
  const auto spec = parse_study(data, "some/iris-study.toml", contenders());
  EXPECT_EQ(spec.name, "iris-study");
  EXPECT_EQ(spec.entries, default_entries(contenders(), "classification"));
}

// As editors and web pages leave it.
TEST(StudySpec, IsReadFromOtherEncodings) {
  const auto expected = parse_study("# a\n[data]\nset = \"iris\"\n", "s.toml", contenders());
  std::string wide = "\xff\xfe";
  for (const char c : data) wide += {c, '\0'};
  for (const std::string& text :
       {"\xef\xbb\xbf" + data, std::string("# a\r[data]\rset = \"iris\"\r"), wide,
        std::string("[data]\nset\xc2\xa0=\xe2\x80\x89\"iris\"\xe2\x80\x8b\n# \xc2\xa0\n")})
    EXPECT_EQ(parse_study(text, "s.toml", contenders()), expected) << text;
}

TEST(StudySpec, RoundTripsThroughItsText) {
  auto spec = parse_study(data, "s.toml", contenders());
  spec.name = "quotes \" and \ttabs";
  spec.seed = 1234567890123;
  spec.drop = {"a", "b \"c\""};
  spec.protocol = Protocol::fixed;
  spec.rope = 0.1 + 0.2;
  spec.effort = 1e-2;
  spec.scaling = "none";
  spec.entries.resize(3);
  EXPECT_EQ(parse_study(to_toml(spec), "s.toml", contenders()), spec);
}

// Energies are told to a millionth of a hundred hartree.
TEST(StudySpec, MoleculesAreComputedInDoublePrecision) {
  const std::string molecule = "[problem]\nkind = \"molecule\"\nfile = \"a.xyz\"\n";
  EXPECT_EQ(parse_study(molecule, "s.toml", contenders()).precision, Precision::double_);
  const auto chosen = parse_study(molecule + "[execution]\nprecision = \"single\"\n", "s.toml", contenders());
  EXPECT_EQ(chosen.precision, Precision::single);
  EXPECT_EQ(parse_study(molecule + "[execution]\nshots = 0\n", "s.toml", contenders()).precision,
            Precision::double_);
  EXPECT_EQ(parse_study(data, "s.toml", contenders()).precision, Precision::single);
}

TEST(StudySpec, NamesKindsOfProblems) {
  EXPECT_THAT(message_of("[problem]\nkind = \"spaghetti\"\nfile = \"a.txt\"\n"),
              HasSubstr("s.toml:2: [problem] kind: \"spaghetti\" is not a kind of problem"));
}

TEST(StudySpec, FilesAreRelativeToTheStudy) {
  const auto spec = parse_study("[data]\nfile = \"../t.csv\"\ntarget = \"y\"\n", "/a/b/s.toml", contenders());
  EXPECT_EQ(spec.file, "/a/t.csv");
}

TEST(StudySpec, HashSeesEveryChoiceAndTheDataButNotThePlace) {
  auto spec = parse_study("[data]\nfile = \"t.csv\"\ntarget = \"y\"\n", "s.toml", contenders());
  const auto hash = study_hash(spec, "d");
  EXPECT_EQ(hash.size(), 64u);
  EXPECT_NE(hash, study_hash(spec, "e"));
  spec.file = "/elsewhere/t.csv";
  EXPECT_EQ(hash, study_hash(spec, "d"));
  spec.rope = 0.02;
  EXPECT_NE(hash, study_hash(spec, "d"));
}

TEST(StudySpec, ErrorsNameFileLineAndTheNearestName) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"[data", "s.toml:1:6: not TOML"},
      {"name = -|\"\"\"|\xC3\x83]", "s.toml:1:8: not TOML"},
      {"name = \"\"\"\\\n \xC3\x83\"\"\"", "s.toml:2:2: not TOML: a character beyond ASCII"},
      {"[[[study]", "s.toml:1:3: not TOML"},
      {"[{a = 1}]", "s.toml:1:2: not TOML"},
      {"name = \"é\" # é\n\xCD\x8D = 1", "s.toml:2:1: not TOML: a character beyond ASCII"},
      {"", "a study needs a [data] table"},
      {"[data]\nset = \"irris\"",
       "s.toml:2: [data] set: \"irris\" is not a data set; did you mean \"iris\"?"},
      {"[data]\nset = \"iris\"\nfile = \"x.csv\"", "give either file"},
      {"[data]\nfile = \"x.csv\"", "[data] target: name the column"},
      {data + "tarqet = \"x\"",
       "s.toml:3: [data] tarqet: \"tarqet\" is not a key of this table; did you mean \"target\"?"},
      {data + "[protocl]\n",
       "s.toml:3: protocl: \"protocl\" is not a key of this table; did you mean \"protocol\"?"},
      {data + "[protocol]\nrepeats = \"2\"",
       "s.toml:4: [protocol] repeats: must be an integer, but is a string"},
      {data + "[protocol]\nrepeats = 2.5", "must be an integer, but is a number"},
      {data + "[protocol]\nouter_folds = 1", "1 is not between 2 and 100"},
      {data + "[protocol]\nmetric = \"acuracy\"", "did you mean \"accuracy\"?"},
      {data + "[protocol]\nrope = nan", "is not between 0 and 0.5"},
      {data + "[study]\nseed = -1", "-1 is not between 0"},
      {data + "[study]\nname = \"a/b\"", "[study] name: must not be empty or hold slashes"},
      {data + "[inputs]\nfeatures = 40", "40 is not between 1 and 16"},
      {data + "[execution]\nprecision = \"half\"", "is not a precision; choose one of single, double"},
      {data + "[[contender]]\nrecord = \"logistic\"", "every contender needs a name"},
      {data + "[[contender]]\nname = \"logistik\"",
       "s.toml:4: [contender] name: \"logistik\" is not a contender"},
      {data + "[[contender]]\nname = \"logistic\"\n[[contender]]\nname = \"logistic\"", "stands twice"},
      {data + "[contender]\nname = \"logistic\"", "must be an array of tables, written [[contender]]"},
      {data + "[[contender]]\nname = \"svm-rbf\"\nspace = {D = 1}",
       "[contender.space] D: \"D\" is not a key"},
      {data + "[[contender]]\nname = \"svm-rbf\"\nspace = {C = \"x\"}", "C: takes numbers only"},
      {data + "[[contender]]\nname = \"svm-rbf\"\nspace = {C = []}", "must hold at least one value"},
      {data + "[[contender]]\nname = \"svm-rbf\"\nspace = {gamma = [-1]}",
       "[contender.space] gamma: must be a number from 0 to 1000000, not -1"},
      {data + "[[contender]]\nname = \"logistic\"\nspace = {C = nan}", "above 0, up to 1000000, not nan"},
      {data + "[[contender]]\nname = \"variational\"\nspace = {layers = [2, 2.5]}",
       "s.toml:5: [contender.space] layers: must be a whole number from 1 to 64, not 2.5"},
      {data + "[[contender]]\nname = \"quantum-kernel\"\nspace = {encoding = \"iqp-ful\"}",
       "did you mean \"iqp-full\"?"},
  };
  for (const auto& [toml, expected] : cases) EXPECT_THAT(message_of(toml), HasSubstr(expected)) << toml;
}

const std::string two_sets =
    "[[data]]\nset = \"iris\"\nmax_rows = 60\n[[data]]\nfile = \"t/heart.csv\"\ntarget = \"y\"\n";

TEST(CollectionSpec, MembersDifferInNameAndDataAlone) {
  const auto spec = parse_collection("[study]\nname = \"many\"\n" + two_sets, "/a/s.toml", contenders());
  ASSERT_EQ(spec.members.size(), 2u);
  EXPECT_EQ(spec.members[0].name, "many-iris");
  EXPECT_EQ(spec.members[1].name, "many-heart");
  EXPECT_EQ(spec.members[1].file, "/a/t/heart.csv");
  EXPECT_EQ(spec.members[1].max_rows, 0u);
  EXPECT_EQ(spec.members[0].entries, spec.members[1].entries);
}

TEST(CollectionSpec, RoundTripsThroughItsText) {
  auto spec = parse_collection(two_sets, "/a/s.toml", contenders());
  for (auto& member : spec.members) member.rope = 0.03, member.seed = 7, member.entries.resize(2);
  EXPECT_EQ(parse_collection(to_toml(spec), "elsewhere.toml", contenders()), spec);
}

TEST(CollectionSpec, OneDataSetIsAnOrdinaryStudy) {
  const auto study = parse_study(data, "s.toml", contenders());
  for (const std::string& text : {data, "[" + data.substr(0, 6) + "]" + data.substr(6)}) {
    const auto spec = parse_collection(text, "s.toml", contenders());
    EXPECT_EQ(spec.members, std::vector{study}) << text;
    EXPECT_EQ(to_toml(spec), to_toml(study));
  }
}

TEST(CollectionSpec, ErrorsNameFileLineAndKey) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {two_sets + "set = \"wine\"", "s.toml:5: [data] file: give either file"},
      {two_sets + "[[data]]\nset = \"irris\"", "s.toml:8: [data] set: \"irris\" is not a data set"},
      {two_sets + "[[data]]\nset = \"iris\"", "s.toml:8: [data] set: \"iris\" stands twice"},
      {two_sets + "[[data]]\nfile = \"u/heart.csv\"\ntarget = \"z\"",
       "s.toml:8: [data] file: \"heart\" stands twice"},
      {two_sets + "[[contender]]\nname = \"logistic\"",
       "s.toml:7: contender: ranks over several data sets need two contenders"},
      {"data = []", "s.toml:1: data: must be an array of tables, written [[data]]"},
      {"data = 3", "s.toml:1: data: must be a table"},
  };
  for (const auto& [toml, expected] : cases) {
    try {
      parse_collection(toml, "s.toml", contenders());
      FAIL() << toml;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(expected)) << toml;
    }
  }
  EXPECT_THAT(message_of(two_sets), HasSubstr("s.toml names 2 data sets; this takes a study of one"));
}

TEST(ParseStudy, ReadsWhatAContenderSeesOfTheReducedColumns) {
  const auto spec = parse_study(R"(
[data]
set = "iris"
[protocol]
look = 2
[[contender]]
name = "quantum-kernel"
[contender.space]
input-columns = [4, 0]
input-scaling = ["robust", "angle"]
)",
                                "s.toml", contenders());
  EXPECT_EQ(spec.look, 2);
  EXPECT_EQ(spec.entries[0].space.at("input-columns"), (std::vector<Setting>{4.0, 0.0}));
  EXPECT_EQ(spec.entries[0].space.at("input-scaling"),
            (std::vector<Setting>{std::string("robust"), std::string("angle")}));
  EXPECT_EQ(parse_study(to_toml(spec), "again.toml", contenders()), spec);
  const auto on_all = "[data]\nset = \"iris\"\n[[contender]]\nname = \"logistic\"\n[contender.space]\n";
  EXPECT_THROW(parse_study(on_all + std::string("input-columns = 2"), "s.toml", contenders()), InputError);
}

}  // namespace
}  // namespace qupel
