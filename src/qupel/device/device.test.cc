#include "qupel/device/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qupel {
namespace {

TEST(Device, GenericLine) {
  const auto line = device("line(5)");
  EXPECT_EQ(line.size(), 5);
  EXPECT_EQ(line.edges().size(), 4u);
}

TEST(Device, ReadsWhatItWrites) {
  const auto made = device("grid(3x4, two-qubit=0.01, t1=100, t2=80)");
  const auto text = to_json(made);
  EXPECT_EQ(to_json(device_from_json(text, "text")), text);
}

}  // namespace
}  // namespace qupel
