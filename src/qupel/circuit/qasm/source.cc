#include "qupel/circuit/qasm/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"

namespace qupel::qasm {
namespace {

auto line_number(std::string_view before) { return 1 + std::ranges::count(before, '\n'); }

}  // namespace

std::string with_place(Location at, std::string_view message) {
  const auto before = std::string_view(at.source->text).substr(0, at.offset);
  const auto line = before.substr(before.rfind('\n') + 1);  // npos + 1 = 0: the first line
  const auto column = 1 + std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
  return fmt::format("{}:{}:{}: {}", at.source->name, line_number(before), column, message);
}

void fail(Location at, std::string_view message) { throw InputError(with_place(at, message)); }

}  // namespace qupel::qasm
