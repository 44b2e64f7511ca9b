#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace qupel::qasm {

/// A text that is read; `name` is what errors call it.
struct Source {
  std::string name;
  std::string text;
};

/// A place in a source: the byte that something starts at.
struct Location {
  const Source* source = nullptr;
  std::size_t offset = 0;
};

/// "source:line:column: message"; lines and columns count from 1, columns in characters
std::string with_place(Location at, std::string_view message);
/// @throws InputError with_place(at, message)
[[noreturn]] void fail(Location at, std::string_view message);

}  // namespace qupel::qasm
