#pragma once
#include <chrono>

#include "qupel/record/lock.h"
#include "qupel/record/manifest.h"
#include "qupel/record/run_store.h"
#include "qupel/record/trial_table.h"

namespace qupel {

/// What an open run holds; the lock comes first and goes last. Private to record/.
struct Run::Implementation {
  explicit Implementation(std::filesystem::path folder);
  double session_seconds() const;

  std::filesystem::path directory;
  Lock lock;
  TrialTable trials;
  Manifest manifest;
  std::chrono::steady_clock::time_point opened;
};

}  // namespace qupel
