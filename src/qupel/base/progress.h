#pragma once
#include <cstddef>
#include <string_view>

namespace qupel {

/// Where long work says how far it is. Calls may come from any thread;
/// implementations lock. The default says nothing.
class Progress {
 public:
  virtual ~Progress() = default;
  /// `done` of `total` pieces are finished; `what` names the piece just finished.
  virtual void advance(std::size_t /*done*/, std::size_t /*total*/, std::string_view /*what*/) {}
};

}  // namespace qupel
