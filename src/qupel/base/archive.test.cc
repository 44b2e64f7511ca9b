#include "qupel/base/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Archive example() {
  Archive inner;
  inner.set("name", "inner \n \xc3\xa9");
  Archive archive;
  archive.set("pi", 3.141592653589793);
  archive.set("count", 42);
  archive.set("yes", true);
  archive.set("numbers", std::vector{0.1, -0.0, std::numeric_limits<double>::denorm_min(), HUGE_VAL});
  archive.set_wholes("rows", std::vector<std::size_t>{3, 1, 2});
  archive.set("matrix", Matrix<double>(2, 3, 0.1));
  archive.set("none", Matrix<double>(0, 7));
  archive.set("words", std::vector<std::string>{"a", "", std::string("b\0c", 3)});
  archive.set("part", inner);
  archive.set("parts", std::vector<Archive>{inner, {}, inner});
  return archive;
}

TEST(Archive, GivesBackWhatWasSet) {
  const auto read = Archive::from_bytes(example().bytes(), "x");
  EXPECT_EQ(read.number("pi"), 3.141592653589793);
  EXPECT_EQ(read.whole("count", 0, 42), 42);
  EXPECT_TRUE(read.flag("yes"));
  ASSERT_EQ(read.numbers("numbers").size(), 4u);
  EXPECT_TRUE(std::signbit(read.numbers("numbers")[1]));
  EXPECT_EQ(read.numbers("numbers")[2], std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(read.wholes<std::size_t>("rows", 0, 3), (std::vector<std::size_t>{3, 1, 2}));
  EXPECT_EQ(read.matrix("matrix"), Matrix<double>(2, 3, 0.1));
  EXPECT_EQ(read.matrix("none").columns(), 7u);
  EXPECT_EQ(read.texts("words")[2].size(), 3u);
  EXPECT_EQ(read.part("part").text("name"), "inner \n \xc3\xa9");
  EXPECT_EQ(read.parts("parts").size(), 3u);
  EXPECT_EQ(read.bytes(), example().bytes());
}

TEST(Archive, KeepsTheBitsOfNaN) {
  const auto odd = std::bit_cast<double>(std::uint64_t{0x7ff8dead0000beef});
  Archive archive;
  archive.set("x", odd);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(Archive::from_bytes(archive.bytes(), "x").number("x")),
            0x7ff8dead0000beefU);
}

TEST(Archive, SaysWhatIsMissingOrOfAnotherType) {
  const auto archive = example();
  EXPECT_THAT([&] { archive.number("e"); }, ThrowsMessage<InputError>(HasSubstr("misses \"e\"")));
  EXPECT_THAT([&] { archive.number("count"); },
              ThrowsMessage<InputError>(HasSubstr("\"count\" is no number")));
  EXPECT_THAT([&] { archive.whole("count", 0, 41); },
              ThrowsMessage<InputError>(HasSubstr("is 42, which is not")));
  EXPECT_THAT([&] { archive.part("parts"); }, ThrowsMessage<InputError>(HasSubstr("one \"parts\"")));
  EXPECT_THAT([&] { archive.size("pi"); }, ThrowsMessage<InputError>(HasSubstr("no whole number")));
}

std::string refusal(const std::string& bytes) {
  try {
    Archive::from_bytes(bytes, "a.model");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Archive, RefusesOtherFiles) {
  EXPECT_EQ(refusal(""), "a.model: is not a file that Qupel saved a model in");
  EXPECT_EQ(refusal("row,label\n1,a\n"), "a.model: is not a file that Qupel saved a model in");
}

TEST(Archive, RefusesNewerFormats) {
  auto bytes = example().bytes();
  bytes[14] = 2;
  EXPECT_THAT(refusal(bytes), HasSubstr("a newer version of Qupel (format 2"));
}

TEST(Archive, RefusesEveryCutAndEveryChangedByte) {
  const auto bytes = example().bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(refusal(bytes.substr(0, length)), "accepted") << length;
  EXPECT_THAT(refusal(bytes.substr(0, 100)), HasSubstr("is cut off"));
  EXPECT_THAT(refusal(bytes + "x"), HasSubstr("added at its end"));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_NE(refusal(changed), "accepted") << at;
  }
  auto changed = bytes;
  changed[60] = static_cast<char>(changed[60] ^ 4);
  EXPECT_THAT(refusal(changed), HasSubstr("checksum"));
}

// Whatever stands between head and a checksum that fits, nothing is
// read beyond it and nothing huge allocated.
TEST(Archive, SurvivesForgedValues) {
  const auto bytes = example().bytes();
  const auto body = bytes.substr(0, bytes.size() - 64);
  Random random(3);
  for (int i = 0; i < 20000; ++i) {
    auto forged = body;
    for (std::size_t k = 0; k <= random.below(4); ++k)
      forged[30 + random.below(body.size() - 30)] =
          static_cast<char>(random.below(2) ? 0xff : random.below(256));
    refusal(forged + sha256(forged));
  }
}

TEST(Archive, RefusesDepthWithoutEnd) {
  Archive archive;
  for (int i = 0; i < 200; ++i) {
    Archive outer;
    outer.set("inner", archive);
    archive = outer;
  }
  EXPECT_THAT(refusal(archive.bytes()), HasSubstr("do not fit together"));
}

}  // namespace
}  // namespace qupel
