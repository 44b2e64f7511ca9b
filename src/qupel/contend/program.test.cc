#include "qupel/contend/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto plenty = 20s;
constexpr std::size_t most_bytes = 1 << 20;

std::string ask(const std::string& script, std::string_view line = "hello",
                std::chrono::duration<double> limit = plenty) {
  try {
    Program program({"bash", "-c", script});
    return program.ask(line, limit, most_bytes);
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(Program, AnswersLineByLine) {
  Program program({"bash", "-c", "while read -r line; do echo \"<$line>\"; done"});
  EXPECT_EQ(program.ask("one", plenty, most_bytes), "<one>");
  EXPECT_EQ(program.ask("two", plenty, most_bytes), "<two>");
}

TEST(Program, TakesLongLinesBothWays) {
  const std::string line(900'000, 'x');
  EXPECT_EQ(ask("cat", line), line);
}

TEST(Program, AnswersAfterBlankLinesAndCarriageReturns) {
  EXPECT_EQ(ask("read -r line; printf '\\n  \\r\\nyes\\r\\n'; sleep 9"), "yes");
}

TEST(Program, AnswersEvenIfItReadsNothing) {
  EXPECT_EQ(ask("exec <&-; echo yes; sleep 9", std::string(900'000, 'x')), "yes");
  EXPECT_EQ(ask("echo yes", std::string(900'000, 'x')), "yes");
}

TEST(Program, SaysHowItEnded) {
  EXPECT_EQ(ask("exit 3"), "\"bash -c exit 3\" ended with exit code 3 before it answered");
  EXPECT_THAT(ask("exit 0"), HasSubstr("ended with exit code 0 before it answered"));
  EXPECT_THAT(ask("kill -SEGV $$"), HasSubstr("was ended by signal 11"));
  EXPECT_THAT(ask("exec >&-; sleep 60"), HasSubstr("closed its standard output before it answered"));
  EXPECT_THAT(ask("printf half; exit 1"), HasSubstr("ended with exit code 1"));
}

TEST(Program, IsShownWithoutFoldersAndTheTextOfScripts) {
  EXPECT_EQ(Program::shown({"/usr/bin/python3", "-c", "import os\nprint(1)"}), "python3 -c ...");
}

TEST(Program, ExistsWhereItCouldBeStarted) {
  for (const auto* there : {"sh", "/bin/sh"}) EXPECT_TRUE(Program::exists(there)) << there;
  for (const auto* not_there : {"no-such-program", "/no/such/program", "/etc/passwd", "/bin", "no/such"})
    EXPECT_FALSE(Program::exists(not_there)) << not_there;
}

TEST(Program, ThatIsNotThereCannotBeStarted) {
  const auto start = [](std::vector<std::string> command) { Program program(command); };
  EXPECT_THAT(
      [&] {
        start({"/no/such/program", "a"});
      },
      testing::ThrowsMessage<InputError>("\"program a\" cannot be started: No such file or directory"));
  EXPECT_THAT([&] { start({"no-such-program"}); },
              testing::ThrowsMessage<InputError>(HasSubstr("No such file or directory")));
  EXPECT_THAT([&] { start({"/etc/passwd"}); },
              testing::ThrowsMessage<InputError>(HasSubstr("Permission denied")));
  EXPECT_THROW(start({}), InputError);
  EXPECT_THROW(start({""}), InputError);
}

TEST(Program, QuotesTheEndOfItsErrors) {
  EXPECT_THAT(ask("echo first >&2; echo 'oh no' >&2; exit 1"),
              HasSubstr("; its standard error ends with: first oh no"));
  EXPECT_THAT(ask("printf 'at 0x7ffee1234567 \\xff\\x01' >&2; exit 1"),
              HasSubstr("ends with: at 0x... \xef\xbf\xbd"));
  const auto flooded = ask("yes flood | head -c 50000000 >&2; echo last >&2; exit 1");
  EXPECT_THAT(flooded, HasSubstr("last"));
  EXPECT_LT(flooded.size(), 1000u);
}

TEST(Program, AnswersWhileItsErrorsFlood) {
  EXPECT_EQ(ask("yes >&2 & read -r line; echo \"$line\"; sleep 60"), "hello");
}

TEST(Program, IsStoppedWhenItTakesTooLong) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(ask("sleep 60", "hello", 0.2s), HasSubstr("gave no answer within 0.2 s (time_limit)"));
  EXPECT_THAT(ask("yes '' & sleep 60", "hello", 0.2s), HasSubstr("gave no answer"));
  EXPECT_THAT(ask("exec 0<&-; sleep 60", std::string(900'000, 'x'), 0.2s), HasSubstr("gave no answer"));
  EXPECT_THAT(ask("trap '' TERM INT HUP; sleep 60", "hello", 0.2s), HasSubstr("gave no answer"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(Program, IsStoppedWhenItAnswersWithoutEnd) {
  EXPECT_THAT(ask("yes | tr -d '\\n'"), HasSubstr("more than the 1048576 bytes"));
  EXPECT_THAT(ask("cat /dev/zero"), HasSubstr("more than the 1048576 bytes"));
}

TEST(Program, IsAskedNoMoreAfterAFault) {
  Program program({"bash", "-c", "exit 1"});
  EXPECT_THROW(program.ask("x", plenty, most_bytes), InputError);
  EXPECT_THROW(program.ask("x", plenty, most_bytes), InputError);
}

TEST(Program, IsKilledWithAllThatItStarted) {
  pid_t child = 0;
  {
    Program program({"bash", "-c", "sleep 600 & echo $!; wait"});
    child = std::stoi(program.ask("x", plenty, most_bytes));
    ASSERT_EQ(::kill(child, 0), 0);
  }
  for (int i = 0; i < 200; ++i) {  // it may be a zombie for a moment, until init has waited for it
    std::ifstream state("/proc/" + std::to_string(child) + "/stat");
    std::string number, name, letter;
    if (!(state >> number >> name >> letter) || letter == "Z") return;
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << "the program's child is still there";
}

TEST(Program, IsLeftWhenTheRunIsInterrupted) {
  StopSource source;
  const StopScope scope(source.token());
  std::jthread interrupter([&] {
    std::this_thread::sleep_for(100ms);
    source.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(ask("sleep 60"), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(Program, RunsBesideOthers) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([i] {
      for (int k = 0; k < 5; ++k) EXPECT_EQ(ask("read -r x; echo $x", std::to_string(i)), std::to_string(i));
    });
}

TEST(Program, HasOneThreadAndNoSignalsOfOurs) {
  EXPECT_EQ(ask("read x; echo $OMP_NUM_THREADS $PYTHONHASHSEED"), "1 0");
  ::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(ask("yes | head -1 >/dev/null; echo ${PIPESTATUS[0]}"), "141");
  ::signal(SIGPIPE, SIG_DFL);
}

}  // namespace
}  // namespace qupel
