#include "qupel/engine/rotations/directions.h"

#include <gtest/gtest.h>

namespace qupel::rotations {
namespace {

TEST(Directions, TakeWhatFits) {
  Directions directions(2);
  EXPECT_TRUE(directions.join(0b011));
  EXPECT_TRUE(directions.join(0b110));
  EXPECT_TRUE(directions.join(0b101)) << "the sum of the two";
  EXPECT_TRUE(directions.full());
  EXPECT_FALSE(directions.join(0b001));
  EXPECT_EQ(directions.list(), (std::vector<Mask>{0b011, 0b110}));
}

TEST(Directions, AreFilledUpFromTheFront) {
  Directions directions(3);
  ASSERT_TRUE(directions.join(0b0011));
  directions.fill(unit_masks(0, 4));
  EXPECT_EQ(directions.list(), (std::vector<Mask>{0b0001, 0b0100, 0b0011}))
      << "0b0010 is a sum of two of them";
}

TEST(Directions, IgnoreLanes) {
  Directions directions(1, 0b11);
  EXPECT_TRUE(directions.join(0b0101));
  EXPECT_TRUE(directions.join(0b0110)) << "the same but for lanes";
  EXPECT_FALSE(directions.join(0b1000));
  EXPECT_EQ(directions.list(), std::vector<Mask>{0b0101});
}

}  // namespace
}  // namespace qupel::rotations
