#include "qupel/record/environment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <libsvm/svm.h>
#include <openssl/crypto.h>
#include <qupel_version.h>
#include <sqlite3.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xgboost/c_api.h>

#include <chrono>
#include <ctime>
#include <fstream>

#include "qupel/base/parallel.h"
#include "qupel/execute/machine.h"

namespace qupel {
namespace {

/// The value of the first line `name : value` of a file below /proc; "unknown" without one.
std::string proc_value(const char* file, std::string_view name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name)) continue;
    const auto start = line.find_first_not_of(" \t", line.find(':') + 1);
    if (start != std::string::npos) return line.substr(start);
  }
  return "unknown";
}

std::string system_name() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return fmt::format("{} {} {}", names.sysname, names.release, names.machine);
}

std::string memory() {
  const auto pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGE_SIZE);
  return fmt::format("{:.1f} GiB", static_cast<double>(pages) * static_cast<double>(size) / (1 << 30));
}

std::string xgboost_version() {
  int major = 0, minor = 0, patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace

std::string code_version() { return QUPEL_VERSION; }

std::map<std::string, std::string> environment() {
  return {
      {"date", utc_now()},
      {"version", code_version()},
      {"cpu", proc_value("/proc/cpuinfo", "model name")},
      {"cores", std::to_string(thread_count(0))},
      {"memory", memory()},
      {"instruction set", instruction_set()},
      {"system", system_name()},
      {"compiler", QUPEL_COMPILER},
      {"sqlite", sqlite3_libversion()},
      {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
      {"libsvm", fmt::format("{}.{:02}", libsvm_version / 100, libsvm_version % 100)},
      {"xgboost", xgboost_version()},
  };
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

}  // namespace qupel
