#include "qupel/base/parallel.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <thread>

// Sanitizers that watch threads do not follow a fork.
#ifndef QUPEL_SANITIZED
namespace qupel {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int met = 7, alone = 8, unfinished = 9;  // exit codes of children

/// The exit code of a child; -1 if a signal ended it, such as the alarm of one that hangs.
int code_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Runs `work` in a child. @returns its exit code
int in_child(const std::function<int()>& work) {
  std::fflush(nullptr);  // else what is not yet printed is printed twice
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    ::_exit(work());
  }
  return code_of(child);
}

/// Whether two items were at work at the same time: each waits for the other.
int meet() {
  std::atomic<int> here{0};
  std::atomic<bool> both{true};
  parallel_for(2, 2, [&](std::size_t) {
    ++here;
    const auto end = steady_clock::now() + seconds(10);
    while (here < 2 && steady_clock::now() < end) std::this_thread::yield();
    if (here < 2) both = false;
  });
  return both ? met : alone;
}

void share_little_work() {
  std::atomic<int> sum{0};
  parallel_for(20, 3, [&](std::size_t i) { sum += static_cast<int>(i); });
  EXPECT_EQ(sum, 190);
}

TEST(ParallelAfterFork, AChildWorksInParallelAgain) {
  ASSERT_EQ(meet(), met);
  EXPECT_EQ(in_child(meet), met);
  EXPECT_EQ(in_child([] { return in_child(meet); }), met);
  EXPECT_EQ(meet(), met);
}

// At the moment of the fork a thread may hold any lock; the child must need none of them.
TEST(ParallelAfterFork, AChildNeverHangsOnWhatOtherThreadsWereDoing) {
  std::jthread beside([](const std::stop_token& stop) {
    while (!stop.stop_requested()) share_little_work();
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(in_child(meet), met);
}

TEST(ParallelAfterFork, ParallelWorkInsideOfParallelWorkIsDoneInTheChild) {
  int code = 0;
  parallel_for(2, 2, [&](std::size_t i) {
    if (i == 0) code = in_child(meet);
  });
  EXPECT_EQ(code, met);
}

/// Forks in one of two items that are at work at the same time: in that
/// of the calling thread, or in the other.
/// @returns how the child ended that would go on with the parent's call
int end_of_child_forked_inside(bool in_helper) {
  const auto caller = std::this_thread::get_id();
  const pid_t parent = ::getpid();
  pid_t child = 0;
  std::atomic<int> here{0};
  try {
    parallel_for(2, 2, [&](std::size_t) {
      for (++here; here < 2;) std::this_thread::yield();
      if ((std::this_thread::get_id() != caller) == in_helper) child = ::fork();
      if (::getpid() != parent) ::alarm(30);
    });
  } catch (const std::runtime_error&) {
    if (::getpid() != parent) ::_exit(unfinished);
  }
  if (::getpid() != parent) ::_exit(alone);
  return code_of(child);
}

TEST(ParallelAfterFork, AChildThatCannotFinishTheCallOfItsParentEnds) {
  EXPECT_EQ(end_of_child_forked_inside(false), unfinished);
  EXPECT_EQ(end_of_child_forked_inside(true), 0);
}

TEST(ParallelAtExit, ThreadsEndWithTheProcess) {
  EXPECT_EQ(in_child([]() -> int {
              meet();
              std::exit(met);
            }),
            met);
}

TEST(ParallelAtExit, AProcessNeedNotWaitForAThreadThatStillWorks) {
  const auto start = steady_clock::now();
  EXPECT_EQ(in_child([]() -> int {
              std::atomic<bool> begun{false};
              std::thread([&] {
                parallel_for(4, 2, [&](std::size_t) {
                  begun = true;
                  std::this_thread::sleep_for(seconds(20));
                });
              }).detach();
              while (!begun) std::this_thread::yield();
              std::exit(met);
            }),
            met);
  EXPECT_LT(steady_clock::now() - start, seconds(15));
}

/// Works when it is destroyed, at the end of the process.
struct LateWorker {
  ~LateWorker() { share_little_work(); }
};

TEST(ParallelAtExit, WorkInADestructorOfAStaticObjectIsDone) {
  EXPECT_EQ(in_child([]() -> int {
              static const LateWorker late;
              meet();
              std::exit(met);
            }),
            met);
}

TEST(Parallel, TheEnvironmentNamesTheNumberOfThreads) {
  const auto count_with = [](const char* ours, const char* openmp) {
    return in_child([=] {
      ::setenv("QUPEL_NUM_THREADS", ours, 1);
      ::setenv("OMP_NUM_THREADS", openmp, 1);
      return thread_count(0);
    });
  };
  EXPECT_EQ(count_with("3", "5"), 3);
  EXPECT_EQ(count_with("", "5,2"), 5);
  EXPECT_GE(count_with("none", "-1"), 1);
  EXPECT_EQ(thread_count(4), 4);
}

}  // namespace
}  // namespace qupel
#endif
