#include "qupel/base/text.h"
#include "qupel/base/code_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"

namespace qupel {
namespace {

using namespace std::string_literals;

TEST(PlainText, HasNoMarkAndOneKindOfLineEnd) {
  EXPECT_EQ(plain_text("\xef\xbb\xbf"
                       "a\r\nb\rc\n\r\n",
                       "f"),
            "a\nb\nc\n\n");
  EXPECT_EQ(plain_text("\r", "f"), "\n");
  EXPECT_EQ(plain_text("", "f"), "");
}

TEST(PlainText, IsReadFromUtf16OfEitherOrder) {
  // U+0061, U+03C0, U+20AC, U+1D11E, "\r"
  const auto little = "a\0\xc0\x03\xac\x20\x34\xd8\x1e\xdd\r\0"s,
             big = "\0a\x03\xc0\x20\xac\xd8\x34\xdd\x1e\0\r"s;
  const auto text = "a\xcf\x80\xe2\x82\xac\xf0\x9d\x84\x9e\n"s;
  EXPECT_EQ(plain_text("\xff\xfe" + little, "f"), text);
  EXPECT_EQ(plain_text("\xfe\xff" + big, "f"), text);
  EXPECT_EQ(plain_text("q\0;\0"s, "f"), "q;");
  EXPECT_EQ(plain_text("\0q\0;"s, "f"), "q;");
}

TEST(PlainText, RefusesBrokenUtf16) {
  for (const auto& broken : {"\xff\xfe"
                             "a\0b"s,
                             "\xff\xfe"
                             "a\0\x34\xd8"s,
                             "\xff\xfe"
                             "a\0\x1e\xdd"s})
    try {
      plain_text(broken, "f");
      FAIL();
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("f:1:2: the text is UTF-16, and"));
    }
}

TEST(UnusualSpace, IsASpaceThatAsciiLacks) {
  EXPECT_EQ(unusual_space("\xc2\xa0x"), 2u);      // no-break space
  EXPECT_EQ(unusual_space("\xe2\x80\x8bx"), 3u);  // zero-width space
  EXPECT_EQ(unusual_space("\xe2\x80\xaf"), 3u);   // narrow no-break space
  EXPECT_EQ(unusual_space("\xe2\x81\xa0"), 3u);   // word joiner
  EXPECT_EQ(unusual_space("\xef\xbb\xbf"), 3u);
  for (const auto* other : {" ", "", "x", "\xcf\x80", "\xe2\x80\x93", "\xe2\x82\xac", "\xe2"})
    EXPECT_EQ(unusual_space(other), 0u) << other;
}

TEST(InQuotes, CutsAtACharacterAndShowsNothingThatATerminalObeys) {
  EXPECT_EQ(in_quotes("Größe", 3), "\"Grö...\"");
  EXPECT_EQ(in_quotes("a\x1b[2J\nb"), "\"a [2J b\"");
  EXPECT_EQ(in_quotes("caf\xe9"), "\"caf\xef\xbf\xbd\"");  // Latin-1
}

TEST(Text, LowersAsciiLettersAlone) {
  EXPECT_EQ(lower("6-31G* Ä"), "6-31g* Ä");
  EXPECT_EQ(lower('Z'), 'z');
}

}  // namespace
}  // namespace qupel
