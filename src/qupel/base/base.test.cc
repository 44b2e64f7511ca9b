#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/hash.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/base/temporary_folder.h"

namespace qupel {
namespace {

TEST(Error, SuggestsTheNearestName) {
  const std::vector<std::string> valid{"angle", "amplitude", "iqp"};
  EXPECT_EQ(unknown_name("angel", "an encoding", valid),
            "\"angel\" is not an encoding; did you mean \"angle\"?");
  EXPECT_EQ(unknown_name("zzzzzz", "an encoding", valid),
            "\"zzzzzz\" is not an encoding; choose one of angle, amplitude, iqp");
}

TEST(Random, StreamDependsOnKeyAndPositionOnly) {
  Random a(derive(7, {1, 2})), b(derive(7, {1, 2})), c(derive(7, {2, 1}));
  for (int i = 0; i < 10; ++i) {
    const auto draw = a.bits();
    EXPECT_EQ(draw, b.bits());
    EXPECT_NE(draw, c.bits());
  }
}

TEST(Random, MomentsAreRight) {
  Random random(1);
  double mean = 0, square = 0, uniform = 0;
  constexpr int n = 200000;
  for (int i = 0; i < n; ++i) {
    const double z = random.normal();
    mean += z / n;
    square += z * z / n;
    uniform += random.uniform() / n;
  }
  EXPECT_NEAR(mean, 0, 0.01);
  EXPECT_NEAR(square, 1, 0.02);
  EXPECT_NEAR(uniform, 0.5, 0.005);
}

TEST(Random, PermutationHoldsEachOnce) {
  auto order = Random(3).permutation(100);
  EXPECT_NE(order[0] + order[1] + order[2], 3u);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
}

TEST(Parallel, VisitsEachItemOnceForAnyThreadCount) {
  for (const int threads : {1, 2, 5}) {
    std::vector<int> visits(1000);
    parallel_for(visits.size(), threads, [&](std::size_t i) { ++visits[i]; });
    EXPECT_EQ(std::accumulate(visits.begin(), visits.end(), 0), 1000);
    EXPECT_EQ(*std::min_element(visits.begin(), visits.end()), 1);
  }
}

TEST(Parallel, RethrowsTheFirstFailure) {
  EXPECT_THROW(parallel_for(100, 3,
                            [](std::size_t i) {
                              if (i == 17) throw InputError("x");
                            }),
               InputError);
}

// Threads are shared by all calls: inside each other, beside each other, and after one that failed.
TEST(Parallel, CallsDoNotDisturbEachOther) {
  std::atomic<int> visits{0};
  const auto nested = [&] {
    for (int repeat = 0; repeat < 50; ++repeat) {
      parallel_for(4, 3, [&](std::size_t) { parallel_for(5, 2, [&](std::size_t) { ++visits; }); });
      EXPECT_THROW(parallel_for(6, 4,
                                [](std::size_t i) {
                                  if (i == 3) throw std::runtime_error("3");
                                }),
                   std::runtime_error);
    }
  };
  std::thread beside(nested);
  nested();
  beside.join();
  EXPECT_EQ(visits, 2 * 50 * 4 * 5);
}

TEST(Interrupt, IsSeenAtTheNextCheck) {
  StopSource source;
  const StopScope scope(source.token());
  EXPECT_NO_THROW(check_interrupt());
  source.request_stop();
  EXPECT_THROW(check_interrupt(), Interrupted);
}

TEST(Interrupt, IsLookedForBeforeEveryItemOfParallelWork) {
  for (const int threads : {1, 3}) {
    StopSource source;
    int looked = 0;  // by this thread alone
    const StopScope scope(source.token(), [&] {
      if (++looked == 5) source.request_stop();
    });
    EXPECT_THROW(parallel_for(1'000'000'000, threads, [](std::size_t) {}), Interrupted) << threads;
    EXPECT_EQ(looked, 5) << threads;
  }
}

TEST(Interrupt, StopsNoOtherJob) {
  StopSource mine, other;
  other.request_stop();
  EXPECT_NO_THROW(check_interrupt());
  const StopScope outer(mine.token());
  EXPECT_NO_THROW(check_interrupt());
  {
    const StopScope inner(other.token());
    EXPECT_THROW(check_interrupt(), Interrupted);
  }
  EXPECT_NO_THROW(check_interrupt());
}

/// How many of `items` are done by three threads for the job of `token`.
int items_done(const StopToken& token, int items) {
  const StopScope scope(token);
  std::atomic<int> done{0};
  try {
    parallel_for(static_cast<std::size_t>(items), 3, [&](std::size_t) {
      check_interrupt();
      ++done;
    });
  } catch (const Interrupted&) {
  }
  return done;
}

// Two jobs share the helper threads; a helper must look at the token of the job whose item it works on.
TEST(Interrupt, ReachesTheThreadsThatHelpThisJobAlone) {
  StopSource stopped, running;
  stopped.request_stop();
  for (int repeat = 0; repeat < 200; ++repeat) {
    int finished = 0;
    std::thread beside([&] { finished = items_done(running.token(), 50); });
    EXPECT_EQ(items_done(stopped.token(), 50), 0);
    beside.join();
    EXPECT_EQ(finished, 50);
  }
}

TEST(Hash, MatchesThePublishedVector) {  // FIPS 180-2, "abc"
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(File, RoundTripsAndNamesWhatIsMissing) {
  const TemporaryFolder folder;
  write_file(folder / "deep" / "a.txt", "hello");
  EXPECT_EQ(read_file(folder / "deep" / "a.txt"), "hello");
  EXPECT_EQ(read_beginning(folder / "deep" / "a.txt", 2), "he");
  EXPECT_EQ(read_beginning(folder / "deep" / "a.txt", 100), "hello");
  EXPECT_THROW(read_beginning(folder / "missing", 2), InputError);
  EXPECT_THROW(read_file(folder / "deep"), InputError);
  EXPECT_THROW(read_file(folder / "missing"), InputError);
  EXPECT_THROW(read_file(folder / "deep" / "a.txt", 3), InputError);
}

TEST(File, IsWrittenAsItIs) {
  const TemporaryFolder folder;
  const auto file = folder / "a.txt", link = folder / "link";
  write_file(file, "secret");
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::create_symlink("a.txt", link);
  write_file(link, "other");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(read_file(file), "other");
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { std::getline(std::ifstream(folder / "pipe"), read); });
  write_file(folder / "pipe", "through it\n");
  reader.join();
  EXPECT_EQ(read, "through it");
  EXPECT_THROW(write_file("/dev/full", "lost"), InputError);
}

TEST(File, OpenDescriptorsAreWrittenFromWhereTheyStand) {
  const TemporaryFolder folder;
  const auto file = folder / "a.txt";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  ASSERT_EQ(::write(descriptor, "first ", 6), 6);
  write_file(fmt::format("/dev/fd/{}", descriptor), "second");
  EXPECT_EQ(read_file(file), "first second");
  ::close(descriptor);
  EXPECT_THROW(write_file(fmt::format("/dev/fd/{}", descriptor), "lost"), InputError);

  std::array<int, 2> sockets{};  // they cannot be opened by a name
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()), 0);
  write_file(fmt::format("/proc/self/fd/{}", sockets[0]), "hello");
  std::array<char, 5> received{};
  EXPECT_EQ(::read(sockets[1], received.data(), received.size()), 5);
  EXPECT_EQ(std::string_view(received.data(), 5), "hello");
  for (const int one : sockets) ::close(one);
}

TEST(Embedded, EveryListedFileCanBeRead) {
  for (const auto& path : embedded_files()) EXPECT_NO_THROW(embedded_file(path)) << path;
  EXPECT_THROW(embedded_file("no/such"), std::out_of_range);
}

}  // namespace
}  // namespace qupel
