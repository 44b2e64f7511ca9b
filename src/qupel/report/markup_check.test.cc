#include "qupel/report/markup_check.test.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace qupel::report {
namespace {

bool is_void(std::string_view name) {
  constexpr std::array names{"meta", "link", "br"};
  return std::ranges::find(names, name) != names.end();
}

class Checker {
 public:
  explicit Checker(std::string_view html) : html_(html) {}

  std::string fault() {
    while (at_ < html_.size() && fault_.empty()) html_[at_] == '<' ? tag() : text();
    if (fault_.empty() && !open_.empty()) fail("never closed: " + open_.back());
    for (const auto& link : links_)
      if (!ids_.contains(link)) fail("a link leads to no id: " + link);
    return fault_;
  }

 private:
  void fail(const std::string& what) {
    if (fault_.empty())
      fault_ = fmt::format("{} near \"{}\"", what, html_.substr(at_ < 60 ? 0 : at_ - 60, 120));
  }

  void text() {
    const auto end = std::min(html_.find('<', at_), html_.size());
    entities(html_.substr(at_, end - at_));
    at_ = end;
  }

  void entities(std::string_view content) {
    for (auto and_sign = content.find('&'); and_sign != std::string_view::npos;
         and_sign = content.find('&', and_sign + 1)) {
      const auto name = content.substr(and_sign, content.find(';', and_sign) - and_sign);
      constexpr std::array known{"&amp", "&lt", "&gt", "&quot", "&#39"};
      if (std::ranges::find(known, name) == known.end()) fail(fmt::format("unknown entity {}", name));
    }
  }

  void tag() {
    const auto end = html_.find('>', at_);
    if (end == std::string_view::npos) return fail("a tag without end");
    auto inside = html_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (inside.starts_with("!doctype")) return;
    if (inside.starts_with('/')) return close(std::string(inside.substr(1)));
    const bool empty = inside.ends_with('/');
    if (empty) inside.remove_suffix(1);
    const auto name = std::string(inside.substr(0, inside.find_first_of(" \n")));
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") != std::string::npos)
      return fail("no tag name: " + name);
    attributes(inside.substr(name.size()));
    if (empty || is_void(name)) return;
    open_.push_back(name);
    if (name == "script" || name == "style") at_ = std::min(html_.find("</" + name + ">", at_), html_.size());
  }

  void close(const std::string& name) {
    if (open_.empty() || open_.back() != name)
      return fail(fmt::format("</{}> closes {}", name, open_.empty() ? "nothing" : open_.back()));
    open_.pop_back();
  }

  void attributes(std::string_view rest) {
    std::set<std::string> seen;
    for (;;) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \n"), rest.size()));
      if (rest.empty()) return;
      const auto name = std::string(rest.substr(0, rest.find_first_of("= \n")));
      if (!seen.insert(name).second) return fail("attribute twice: " + name);
      rest.remove_prefix(name.size());
      if (!rest.starts_with('=')) continue;  // without value, such as hidden
      if (!rest.starts_with("=\"")) return fail("attribute without quotes: " + name);
      const auto end = rest.find('"', 2);
      if (end == std::string_view::npos) return fail("attribute without end: " + name);
      value(name, std::string(rest.substr(2, end - 2)));
      rest.remove_prefix(end + 1);
    }
  }

  void value(const std::string& name, const std::string& value) {
    if (value.find('<') != std::string::npos) fail("raw < in attribute " + name);
    entities(value);
    if (name == "id" && !ids_.insert(value).second) fail("id twice: " + value);
    if (name == "href" && value.starts_with('#')) links_.push_back(value.substr(1));
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string fault_;
  std::vector<std::string> open_, links_;
  std::set<std::string> ids_;
};

}  // namespace

std::string markup_fault(std::string_view html) { return Checker(html).fault(); }

namespace {

TEST(MarkupCheck, AcceptsWhatIsRight) {
  EXPECT_EQ(markup_fault("<!doctype html><p id=\"a\" hidden>1 &lt; 2<br></p><svg><path d=\"M0 "
                         "0\"/></svg><a href=\"#a\">b</a>"),
            "");
  EXPECT_EQ(markup_fault("<script>if (a < b && c) d();</script>"), "");
}

TEST(MarkupCheck, FindsWhatIsWrong) {
  for (const auto* html : {"<p>", "<p></b>", "<p></p></p>", "<p a=b></p>", "<p a=\"1\" a=\"2\"></p>",
                           "<p>a & b</p>", "<p>&nbsp;</p>", "<p id=\"x\"></p><p id=\"x\"></p>",
                           "<a href=\"#x\">y</a>", "<p title=\"<b>\"></p>", "1 < 2"})
    EXPECT_NE(markup_fault(html), "") << html;
}

}  // namespace
}  // namespace qupel::report
