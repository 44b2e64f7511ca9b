#pragma once

namespace qupel {

/// What a contender learns from or gives answers about: rows of a table, a molecule at a geometry, a graph.
/// Each kind of problem derives its own.
class Instance {
 public:
  virtual ~Instance() = default;

 protected:
  Instance() = default;
  Instance(const Instance&) = default;
  Instance(Instance&&) = default;
  Instance& operator=(const Instance&) = default;
  Instance& operator=(Instance&&) = default;
};

}  // namespace qupel
