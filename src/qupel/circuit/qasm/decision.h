#pragma once
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/circuit/classical.h"

namespace qupel::qasm {

/// What decides when the circuit runs: a truth that is known already, or conditions that all must hold.
struct Decision {
  std::optional<bool> known;
  std::vector<Condition> all;

  static Decision of(bool truth) { return {truth, {}}; }
  static Decision of(Condition condition) { return {std::nullopt, {std::move(condition)}}; }
  friend Decision both(Decision one, Decision other) {
    if (one.known) return *one.known ? other : one;
    if (other.known) return *other.known ? one : other;
    one.all.insert(one.all.end(), other.all.begin(), other.all.end());
    return one;
  }
};

/// The relation that is written so: "==", "<" and the like.
inline std::optional<Condition::Relation> relation_of(std::string_view text) {
  using Relation = Condition::Relation;
  for (const auto relation : {Relation::equal, Relation::not_equal, Relation::less, Relation::less_equal,
                              Relation::greater, Relation::greater_equal})
    if (to_string(relation) == text) return relation;
  return std::nullopt;
}

}  // namespace qupel::qasm
