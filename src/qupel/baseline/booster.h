#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "qupel/base/matrix.h"

// Trees by XGBoost's C interface: one thread, silent, so that the same arguments give the same bits.
namespace qupel {

using BoosterParameters = std::map<std::string, std::string>;

/// A trained XGBoost model.
class Booster {
 public:
  /// Trains `rounds` rounds on x and one target a row; calls check_interrupt() between rounds.
  /// @param parameters XGBoost's own names and values, for example {"max_depth", "3"}
  /// @throws InputError with XGBoost's message for a parameter out of its range
  Booster(const Matrix<double>& x, std::span<const float> targets, const BoosterParameters& parameters,
          int rounds);

  /// The objective's output, one or several values a row; x must have rows.
  Matrix<double> predict(const Matrix<double>& x) const;
  std::size_t columns() const;
  long leaves() const;

  /// XGBoost's own file (Universal Binary JSON), which holds every number as it is.
  std::string bytes() const;
  /// @throws InputError with XGBoost's message
  static Booster from_bytes(const std::string& bytes);

 private:
  Booster() = default;
  /// A booster without trees. @param cached the training rows, or null
  void create(void* cached);
  struct Free {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Free> handle_;
};

}  // namespace qupel
