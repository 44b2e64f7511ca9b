#include "qupel/circuit/qasm/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace qupel::qasm {

void Scope::declare(std::string_view name, Symbol symbol, Location at) {
  if (!globals_.emplace(name, std::move(symbol)).second) {
    fail(at, fmt::format("\"{}\" is declared already", name));
  }
}

const Symbol* Scope::find(std::string_view name) const {
  const std::size_t first = in_definition() ? base_ - 1 : 0;
  for (std::size_t k = locals_.size(); k-- > first;) {
    if (locals_[k].first == name) return &locals_[k].second;
  }
  const auto found = globals_.find(name);
  if (found == globals_.end()) return nullptr;
  const bool everywhere = found->second.constant || found->second.kind == Symbol::Kind::unsupported ||
                          name.starts_with('$');  // physical qubits
  return in_definition() && !everywhere ? nullptr : &found->second;
}

Symbol* Scope::find(std::string_view name) { return const_cast<Symbol*>(std::as_const(*this).find(name)); }

bool Scope::is_newer(const Symbol* symbol, std::size_t depth) const {
  return std::ranges::any_of(locals_.begin() + static_cast<std::ptrdiff_t>(depth), locals_.end(),
                             [&](const auto& local) { return &local.second == symbol; });
}

std::size_t Scope::enter_definition(std::size_t visible) {
  const auto before = base_;
  base_ = locals_.size() - visible + 1;
  return before;
}

}  // namespace qupel::qasm
