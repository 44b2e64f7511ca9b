#include <fmt/format.h>

#include <map>
#include <mutex>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/execute/backend.h"

namespace qupel {
namespace {

class LocalBackend : public Backend {
 public:
  LocalBackend(std::string engine, int threads) : engine_(std::move(engine)), threads_(threads) {}

  std::string_view name() const override { return "this computer"; }
  Capabilities supports() const override {
    Capabilities all{};
    for (const auto* engine : engines())
      for (const auto ability : all_abilities)
        if (engine->supports().has(ability)) all.add(ability);
    return all;
  }

  std::string submit(std::span<const Job> jobs) override {
    Completed completed{std::vector<Outcome>(jobs.size()), {}};
    const bool one = jobs.size() == 1;  // then its engine has the threads
    parallel_for(jobs.size(), one ? 1 : threads_,
                 [&](std::size_t i) { completed.outcomes[i] = run_with(jobs[i], one ? threads_ : 1); });
    const std::scoped_lock lock(mutex_);
    auto ticket = std::to_string(next_++);
    completed_.emplace(ticket, std::move(completed));
    return ticket;
  }

  std::optional<Completed> poll(const std::string& ticket) override {
    const std::scoped_lock lock(mutex_);
    const auto found = completed_.find(ticket);
    if (found == completed_.end())
      throw InputError(fmt::format("ticket {} is none of this computer's, or was asked before", ticket));
    auto completed = std::move(found->second);
    completed_.erase(found);
    return completed;
  }

  void cancel(const std::string& ticket) override {
    const std::scoped_lock lock(mutex_);
    completed_.erase(ticket);
  }

 private:
  Outcome run_with(const Job& job, int threads) const {
    if (job.threads == threads) return run(job, engine_);
    Job changed = job;
    changed.threads = threads;
    return run(changed, engine_);
  }

  std::string engine_;
  int threads_;
  std::mutex mutex_;
  std::map<std::string, Completed> completed_;
  long next_ = 0;
};

}  // namespace

std::unique_ptr<Backend> local_backend(std::string engine, int threads) {
  return std::make_unique<LocalBackend>(std::move(engine), threads);
}

void require_support(const Backend& backend, std::span<const Job> jobs) {
  const auto supported = backend.supports();
  for (const auto& job : jobs) {
    const auto needed = needs(job);
    for (const auto ability : all_abilities)
      if (needed.has(ability) && !supported.has(ability))
        throw InputError(fmt::format("{} cannot run this: {}", backend.name(), refusal(ability)));
  }
}

}  // namespace qupel
