#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/engine/engine.h"

namespace qupel {

/// What a backend charges for circuits.
struct Charge {
  double device_seconds = 0;  ///< on its clock
  double money = 0;
};

/// Circuits that ran: one outcome a job, in the order of the jobs.
struct Completed {
  std::vector<Outcome> outcomes;
  Charge charge;
};

/// Where circuits run. A job is submitted for a ticket, and the ticket is asked for the outcome until there
/// is one: a provider takes its time, an engine of this computer answers at once.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;
  /// What it can do beside gates and shots; it is not given a job that needs() more.
  virtual Capabilities supports() const = 0;
  /// What the jobs would be charged, before they run.
  virtual Charge price(std::span<const Job> /*jobs*/) const { return {}; }
  /// How many jobs may be submitted together.
  virtual std::size_t most_jobs() const { return 512; }

  /// Takes jobs to be run together. The ticket is text that may be stored, and that another process may ask
  /// with. @throws InputError for a job that cannot run
  virtual std::string submit(std::span<const Job> jobs) = 0;
  /// Nothing: not yet. @throws InputError for a ticket that is unknown, was cancelled, or whose jobs failed
  virtual std::optional<Completed> poll(const std::string& ticket) = 0;
  /// Does nothing if the jobs have run.
  virtual void cancel(const std::string& ticket) = 0;
  /// How long to wait between two polls.
  virtual std::chrono::milliseconds pause() const { return std::chrono::milliseconds(0); }
};

/// The engines of this computer: the planner chooses one for each job, unless one is named.
/// @param threads 0: all cores; jobs share them out
std::unique_ptr<Backend> local_backend(std::string engine, int threads);

/// @throws InputError naming the first ability that a job needs and the backend lacks
void require_support(const Backend& backend, std::span<const Job> jobs);

}  // namespace qupel
