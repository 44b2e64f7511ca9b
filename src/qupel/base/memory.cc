#include "qupel/base/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace qupel {
namespace fs = std::filesystem;
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A tree of control groups as it is mounted.
struct Mount {
  fs::path group;  ///< that is mounted, as the kernel names it
  fs::path folder;
  bool version_2;
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

bool lists_memory(const std::string& comma_separated) {
  const auto names = split(comma_separated, ',');
  return std::find(names.begin(), names.end(), "memory") != names.end();
}

/// Lines of mountinfo: number, parent, device, root, folder, options, tags,
/// "-", type, source, options of the type.
std::vector<Mount> memory_mounts(const fs::path& root) {
  std::vector<Mount> mounts;
  std::ifstream in(root / "proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    const auto fields = split(line, ' ');
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || fields.end() - dash < 4) continue;
    const bool version_2 = dash[1] == "cgroup2";
    if (version_2 || (dash[1] == "cgroup" && lists_memory(dash[3])))
      mounts.push_back({fields[3], root / fs::path(fields[4]).relative_path(), version_2});
  }
  return mounts;
}

/// A number of bytes, or "max".
double limit_in(const fs::path& file) {
  std::ifstream in(file);
  std::string text;
  in >> text;
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  return error == std::errc() ? static_cast<double>(bytes) : unlimited;
}

double limit_of(const fs::path& folder, bool version_2) {
  if (!version_2) return limit_in(folder / "memory.limit_in_bytes");
  return std::min(limit_in(folder / "memory.max"), limit_in(folder / "memory.high"));
}

/// The least limit of a group and of all above it that can be seen. A group outside of what is mounted, as in
/// a container, is seen as the mounted one.
double limit_up_from(const fs::path& group, const Mount& mount) {
  double least = limit_of(mount.folder, mount.version_2);
  const auto below = group.lexically_relative(mount.group);
  if (below.empty() || *below.begin() == "..") return least;
  auto folder = mount.folder;
  for (const auto& name : below) {
    folder /= name;
    least = std::min(least, limit_of(folder, mount.version_2));
  }
  return least;
}

double address_space_limit() {
  rlimit limit{};
  const bool known = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return known ? static_cast<double>(limit.rlim_cur) : unlimited;
}

}  // namespace

double cgroup_memory_limit(const fs::path& root) {
  const auto mounts = memory_mounts(root);
  double least = unlimited;
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {  // number:controllers:group; version 2 has no controllers
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && !lists_memory(controllers)) continue;
    for (const auto& mount : mounts)
      if (mount.version_2 == controllers.empty())
        least = std::min(least, limit_up_from(line.substr(second + 1), mount));
  }
  return least;
}

MemoryLimit memory_limit() {
  const MemoryLimit limits[] = {
      {static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)),
       "on this machine"},
      {cgroup_memory_limit(), "in its control group (cgroup)"},
      {address_space_limit(), "within its limit of address space (ulimit -v)"}};
  return *std::ranges::min_element(limits, {}, &MemoryLimit::bytes);
}

}  // namespace qupel
