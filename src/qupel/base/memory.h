#pragma once
#include <filesystem>
#include <string_view>

namespace qupel {

/// How much memory this process may take in all.
struct MemoryLimit {
  double bytes;
  std::string_view where;  ///< what sets it, to stand in a sentence: "on this machine"
};

/// The least of what the machine has, what the control groups (cgroups) of the process allow, and its limit
/// of address space (RLIMIT_AS, which `ulimit -v` sets).
MemoryLimit memory_limit();

/// What the control groups of this process allow, in bytes: the least of their limits and of those of all
/// groups above them, memory.max and memory.high in version 2, memory.limit_in_bytes in version 1; infinity
/// without a limit. (man 7 cgroups; Linux, admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.)
/// @param root the folder that holds proc and what is mounted (for tests)
double cgroup_memory_limit(const std::filesystem::path& root = "/");

}  // namespace qupel
