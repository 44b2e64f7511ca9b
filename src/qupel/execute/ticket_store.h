#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "qupel/execute/backend.h"

namespace qupel {

/// Tickets of jobs that wait on a backend, by what the jobs are. Whoever asks for the same work again, in
/// another process too, takes up the ticket and submits nothing twice.
class TicketStore {
 public:
  virtual ~TicketStore() = default;
  virtual std::optional<std::string> find(const std::string& key) const = 0;
  virtual void keep(const std::string& key, const std::string& ticket) = 0;
  virtual void drop(const std::string& key) = 0;
  virtual std::vector<std::string> tickets() const = 0;  ///< all, by their key
  virtual void clear() = 0;
};

/// In memory.
class TicketsInMemory : public TicketStore {
 public:
  std::optional<std::string> find(const std::string& key) const override;
  void keep(const std::string& key, const std::string& ticket) override;
  void drop(const std::string& key) override;
  std::vector<std::string> tickets() const override;
  void clear() override;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> tickets_;
};

/// A text that is equal for equal jobs on the same backend: SHA-256 of all that decides the outcome.
std::string ticket_key(const Backend& backend, std::span<const Job> jobs);

/// Cancels all that waits, and forgets it.
void cancel_all(Backend& backend, TicketStore& store);

}  // namespace qupel
