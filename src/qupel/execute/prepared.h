#pragma once
#include <cstddef>
#include <memory>
#include <span>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"

namespace qupel {

/// A circuit with the observables to be measured, as an executor prepared it. Any executor runs it, whatever
/// its execution. Cheap to copy, safe to share between threads.
class Prepared {
 public:
  const Circuit& circuit() const;
  std::span<const Observable> observables() const;

  struct Implementation;  ///< private to execute/

 private:
  friend class Executor;
  explicit Prepared(std::shared_ptr<const Implementation> implementation)
      : implementation_(std::move(implementation)) {}
  std::shared_ptr<const Implementation> implementation_;
};

/// Rows as states of a circuit, to be compared by Executor::overlaps(): what is kept of them is the
/// executor's business. Cheap to copy.
class EncodedRows {
 public:
  std::size_t count() const;

  struct Implementation;  ///< private to execute/

 private:
  friend class Executor;
  explicit EncodedRows(std::shared_ptr<const Implementation> implementation)
      : implementation_(std::move(implementation)) {}
  std::shared_ptr<const Implementation> implementation_;
};

}  // namespace qupel
