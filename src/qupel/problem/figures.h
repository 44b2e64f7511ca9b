#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace qupel {

/// Points joined by a line, or standing alone.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;
  bool line = true;
};

/// A chart of numbers against numbers.
struct Plot {
  std::string title, x_label, y_label;
  std::vector<Series> series;
  bool logarithmic_x = false, logarithmic_y = false;
};

/// Places joined by edges: a graph with the sides of a cut, a tour on a map.
struct NetworkDrawing {
  struct Node {
    std::string label;
    double x = 0, y = 0;
    int group = 0;  ///< nodes of a group look alike
  };
  struct Edge {
    std::size_t from = 0, to = 0;
    bool strong = false;  ///< belongs to the answer: of the tour, across the cut
  };
  std::string title;
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// What a report draws of a contender's answers, as far as the problem has it.
struct Figures {
  std::vector<std::vector<int>> confusion;             ///< true class x predicted class
  std::vector<std::pair<double, double>> calibration;  ///< mean predicted probability, observed frequency
  /// With two classes: false and true positive rate of the second class.
  std::vector<std::pair<double, double>> roc;
  std::vector<std::pair<double, double>> true_and_predicted;  ///< numbers, thinned
  std::vector<Plot> plots = {};  ///< of one contender; the report draws those of the best of each family
  std::vector<NetworkDrawing> networks = {};  ///< the same
};

}  // namespace qupel
