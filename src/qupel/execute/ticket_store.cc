#include "qupel/execute/ticket_store.h"

#include <fmt/format.h>

#include "qupel/base/hash.h"

namespace qupel {
namespace {

std::string description(const Job& job) {
  std::string text = to_qasm(job.circuit) + to_string(job.noise) + "\n";
  for (const auto& observable : job.observables) text += to_string(observable) + "\n";
  for (const auto& bit : job.readout)
    text += fmt::format("{} {} {} ", static_cast<int>(bit.from), bit.qubit, bit.value);
  return text + fmt::format("{} {} {} {} {} {}\n", job.variances, job.state, job.shots, job.trajectories,
                            job.seed, static_cast<int>(job.precision));
}

}  // namespace

std::optional<std::string> TicketsInMemory::find(const std::string& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = tickets_.find(key);
  return found == tickets_.end() ? std::nullopt : std::optional(found->second);
}

void TicketsInMemory::keep(const std::string& key, const std::string& ticket) {
  const std::scoped_lock lock(mutex_);
  tickets_[key] = ticket;
}

void TicketsInMemory::drop(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  tickets_.erase(key);
}

std::vector<std::string> TicketsInMemory::tickets() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [key, ticket] : tickets_) all.push_back(ticket);
  return all;
}

void TicketsInMemory::clear() {
  const std::scoped_lock lock(mutex_);
  tickets_.clear();
}

std::string ticket_key(const Backend& backend, std::span<const Job> jobs) {
  std::string text(backend.name());
  for (const auto& job : jobs) text += "\n" + description(job);
  return sha256(text);
}

void cancel_all(Backend& backend, TicketStore& store) {
  for (const auto& ticket : store.tickets()) backend.cancel(ticket);
  store.clear();
}

}  // namespace qupel
