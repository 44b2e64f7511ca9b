#include "qupel/base/memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <limits>
#include <string>

#include "qupel/base/file.h"
#include "qupel/base/temporary_folder.h"

namespace qupel {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A folder that looks like a system.
class CgroupMemory : public ::testing::Test {
 protected:
  void system(const std::string& groups, const std::string& mounts) {
    write_file(root_ / "proc/self/cgroup", groups);
    write_file(root_ / "proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + mounts);
  }
  void file(const std::string& path, const std::string& text) {
    write_file(root_ / "sys/fs/cgroup" / path, text + "\n");
  }
  double limit() const { return cgroup_memory_limit(root_.path()); }

  static constexpr auto version_2 =
      "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
  static constexpr auto version_1 =
      "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
      "36 31 0:33 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n";
  TemporaryFolder root_;
};

TEST_F(CgroupMemory, WithoutGroupsThereIsNoLimit) {
  EXPECT_EQ(limit(), unlimited);
  system("0::/\n", version_2);
  EXPECT_EQ(limit(), unlimited);
  system("not a line\n7:\n", "neither this\n35 31 - cgroup2\n");
  EXPECT_EQ(limit(), unlimited);
}

TEST_F(CgroupMemory, Version2TakesTheLeastOfMaxAndHighOfAllGroupsAbove) {
  system("0::/user.slice/job/inner\n", version_2);
  file("user.slice/memory.max", "8000000000");
  file("user.slice/job/memory.max", "6000000000");
  file("user.slice/job/inner/memory.max", "max");
  file("user.slice/job/inner/memory.high", "max");
  file("user.slice/other/memory.max", "1");
  EXPECT_EQ(limit(), 6e9);
  file("user.slice/memory.high", "5000000000");
  EXPECT_EQ(limit(), 5e9);
  file("user.slice/job/inner/memory.high", "4000000000");
  EXPECT_EQ(limit(), 4e9);
}

TEST_F(CgroupMemory, Version1LooksAtTheGroupOfMemoryAlone) {
  system("5:cpu:/busy\n4:cpuset,memory:/jobs/one\n0::/jobs\n", version_1);
  file("memory/memory.limit_in_bytes", "9223372036854771712");  // what it says without a limit
  file("memory/jobs/memory.limit_in_bytes", "3000000000");
  file("memory/jobs/one/memory.limit_in_bytes", "9223372036854771712");
  file("memory/busy/memory.limit_in_bytes", "1");
  file("cpu/busy/memory.limit_in_bytes", "1");
  EXPECT_EQ(limit(), 3e9);
}

// In a container the mount shows one group, and the groups below it.
TEST_F(CgroupMemory, AMountedGroupStandsForItself) {
  system("4:memory:/docker/abc/inner\n",
         "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro master:9 - cgroup cgroup rw,memory\n");
  file("memory/memory.limit_in_bytes", "2000000000");
  EXPECT_EQ(limit(), 2e9);
  file("memory/inner/memory.limit_in_bytes", "1000000000");
  EXPECT_EQ(limit(), 1e9);
}

TEST_F(CgroupMemory, AGroupThatCannotBeSeenHasTheLimitOfTheMountedOne) {
  file("memory.max", "2000000000");
  file("memory.high", "max");
  for (const auto* group : {"0::/../elsewhere\n", "0::/elsewhere (deleted)\n", "0::/\n"}) {
    system(group, version_2);
    EXPECT_EQ(limit(), 2e9) << group;
  }
  system("0::/elsewhere\n", "31 23 0:28 /mine /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  EXPECT_EQ(limit(), 2e9);
}

TEST(MemoryLimit, IsNoMoreThanTheMachineHas) {
  const auto limit = memory_limit();
  EXPECT_GT(limit.bytes, 0);
  EXPECT_LE(limit.bytes,
            static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)));
}

// Sanitizers need more address space than there is memory.
#ifndef QUPEL_SANITIZED
TEST(MemoryLimit, RespectsTheLimitOfAddressSpace) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  auto lower = before;
  lower.rlim_cur = static_cast<rlim_t>(memory_limit().bytes / 2);
  ASSERT_EQ(setrlimit(RLIMIT_AS, &lower), 0);
  const double bytes = memory_limit().bytes;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_EQ(bytes, static_cast<double>(lower.rlim_cur));
}
#endif

}  // namespace
}  // namespace qupel
