#include "qupel/model/kernel_hyperparameters.h"

#include <numbers>
#include <utility>

namespace qupel {

// Which of these a table needs is all or nothing: a kernel is matched at one point of the four that are
// covered and says little beside it, while any C from 1 to 1000 will do. So their points are few, forty for
// two encodings, and a search of forty settings can try them all. The map of Havlicek et al. is met twice, as
// zz-map at pi with whole pairs and as iqp-full at 2 pi with half. Three repeats and double pairs were tried
// on all tables and were best on none.
std::vector<HyperParameter> encoding_hyperparameters(std::vector<Setting> encodings) {
  using std::numbers::pi;
  return {
      {.name = "encoding", .summary = "features to circuit", .values = std::move(encodings), .cover = true},
      {.name = "bandwidth",
       .summary = "radians a unit of a feature (features lie in [-1, 1]; for zz-map in [0, 2])",
       .values = {pi / 2, pi, pi / 4, 2 * pi, pi / 8},
       .cover = true},
      {.name = "pair-bandwidth",
       .summary = "factor on the angles of pairs, for encodings that have them",
       .values = {1.0, 0.5},
       .cover = true},
      {.name = "repeats",
       .summary = "of the encoding",
       .values = {1.0, 2.0},
       .range = whole(100),
       .cover = true},
      {.name = "pairs", .summary = "entangled by the encoding", .values = {"full"}}};
}

}  // namespace qupel
