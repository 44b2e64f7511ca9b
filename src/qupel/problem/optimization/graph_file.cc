#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/text.h"
#include "qupel/problem/optimization/graph.h"
#include "qupel/problem/optimization/text_lines.h"

namespace qupel {
namespace {

class GraphReader {
 public:
  GraphReader(std::string_view text, std::string_view source)
      : text_(text), source_(source), lines_(text, source, ",;") {}

  Graph read() {
    dimacs_ = is_dimacs();
    TextLine line;
    while (lines_.next(line)) {
      if (is_remark(line)) continue;
      if (dimacs_)
        read_dimacs(line);
      else if (!named_ && !numbered_ && is_gset_head(line))
        number_nodes(line, line.words[0], line.words[1]);
      else if (!named_ && !numbered_ && head_words_ == 0 && is_table_head(line))
        head_words_ = line.words.size();
      else
        read_edge(line, 0);
    }
    finish();
    return std::move(graph_);
  }

 private:
  static bool is_remark(const TextLine& line) {
    return line.words[0].starts_with('#') || line.words[0].starts_with('%');
  }

  /// Whether, below comments (c), the line "p edge NODES EDGES" comes first, or one like "e 1 2". In a list
  /// of edges p, c and e are nodes.
  bool is_dimacs() const {
    TextLines again(text_, source_, ",;");
    bool comments = false;
    for (TextLine line; again.next(line);) {
      const auto& words = line.words;
      if (is_remark(line)) continue;
      const bool numbers = words.size() > 2 && is_whole(words.back()) && is_whole(words[words.size() - 2]);
      if (words[0] == "p" || (comments && (words[0] == "e" || words[0] == "a"))) return numbers;
      if (words[0] != "c") return false;
      comments = true;
    }
    return false;
  }

  void read_dimacs(const TextLine& line) {
    const auto first = line.words[0];
    if (first == "c") return;
    if (first == "p") {
      if (line.words.size() != 4 || numbered_)
        lines_.fail(line, "a DIMACS graph has one line \"p edge NODES EDGES\"");
      number_nodes(line, line.words[2], line.words[3]);
    } else if (first == "e" || first == "a") {
      if (!numbered_) lines_.fail(line, "an edge before the line \"p edge NODES EDGES\"");
      read_edge(line, 1);
    } else {
      lines_.fail(line, "a line of a DIMACS graph begins with c, p or e");
    }
  }

  /// Whether the line says how many nodes and edges follow: so many lines do, of nodes up to that number, or
  /// all of them have weights, as in the Gset, and it has none.
  bool is_gset_head(const TextLine& head) const {
    if (head.words.size() != 2 || !is_whole(head.words[0]) || !is_whole(head.words[1])) return false;
    TextLines again(text_, source_, ",;");
    TextLine line;
    const auto is_beyond = [nodes = head.words[0]](std::string_view node) {
      return is_whole(node) && (node.size() == nodes.size() ? node > nodes : node.size() > nodes.size());
    };
    std::size_t count = 0, weighted = 0;
    bool beyond = false;
    while (again.next(line)) {
      if (is_remark(line) || line.number <= head.number) continue;
      ++count;
      weighted += line.words.size() == 3 ? 1 : 0;
      beyond = beyond || is_beyond(line.words[0]) || (line.words.size() > 1 && is_beyond(line.words[1]));
    }
    const bool as_many = fmt::format("{}", count) == head.words[1] && !beyond;
    return count > 0 && (as_many || (count > 1 && weighted == count));
  }

  /// Whether the line names the columns of a table of edges, as "source,target,weight" does.
  bool is_table_head(const TextLine& head) const {
    static constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"source", "target"}, {"from", "to"}, {"src", "dst"}, {"node1", "node2"}, {"start", "end"}};
    if (head.words.size() < 2) return false;
    const auto first = unquoted(head.words[0]), second = unquoted(head.words[1]);
    const auto from = lower(first), to = lower(second);
    if (std::ranges::none_of(names,
                             [&](const auto& pair) { return pair.first == from && pair.second == to; }))
      return false;
    TextLines again(text_, source_, ",;");
    for (TextLine line; again.next(line);)  // unless they are nodes
      if (line.number > head.number)
        for (const auto word : line.words)
          if (unquoted(word) == first || unquoted(word) == second) return false;
    return true;
  }

  static std::string_view unquoted(std::string_view word) {
    const bool quoted = word.size() > 2 && word.front() == word.back() && (word[0] == '"' || word[0] == '\'');
    return quoted ? word.substr(1, word.size() - 2) : word;
  }

  void number_nodes(const TextLine& line, std::string_view nodes, std::string_view edges) {
    numbered_ = true;
    const auto count = lines_.whole(line, nodes, 1, most_nodes);
    promised_ = static_cast<std::size_t>(lines_.whole(line, edges, 0, std::int64_t{1} << 40));
    for (std::int64_t i = 1; i <= count; ++i) graph_.names.push_back(std::to_string(i));
  }

  std::uint32_t node(const TextLine& line, std::string_view word) {
    word = unquoted(word);
    if (numbered_)
      return static_cast<std::uint32_t>(
          lines_.whole(line, word, 1, static_cast<std::int64_t>(graph_.names.size())) - 1);
    const auto [at, fresh] =
        numbers_.try_emplace(std::string(word), static_cast<std::uint32_t>(numbers_.size()));
    if (fresh) {
      if (graph_.names.size() == most_nodes) lines_.fail(line, fmt::format("more than {} nodes", most_nodes));
      graph_.names.emplace_back(word);
    }
    return at->second;
  }

  void read_edge(const TextLine& line, std::size_t skip) {
    named_ = !numbered_;
    const auto words = line.words.size() - skip;
    if (head_words_ > 0 && words != head_words_)
      lines_.fail(line,
                  fmt::format("{} words below a head of {}: if the first one counts the rows, as R writes "
                              "them, leave it out (row.names = FALSE)",
                              words, head_words_));
    if (words != 2 && words != 3)
      lines_.fail(line, fmt::format("{} words: an edge has two nodes and, if it has one, a weight", words));
    auto a = node(line, line.words[skip]), b = node(line, line.words[skip + 1]);
    if (a == b)
      lines_.fail(line, fmt::format("an edge from {} to itself: no cut goes through it; leave it out",
                                    line.words[skip]));
    if (a > b) std::swap(a, b);
    const double weight = words == 3 ? lines_.number(line, line.words[skip + 2]) : 1;
    const auto [before, fresh] = lines_of_.try_emplace({a, b}, line.number);
    if (!fresh)
      lines_.fail(line, fmt::format("the edge {} {} stands in line {} already; leave one of them out",
                                    line.words[skip], line.words[skip + 1], before->second));
    graph_.edges.push_back({a, b, weight});
  }

  void finish() {
    if (promised_ && *promised_ != graph_.edges.size())
      lines_.fail(fmt::format("{} edges: its head says {}", graph_.edges.size(), *promised_));
    if (graph_.edges.empty()) lines_.fail("no edge in it");
  }

  std::string_view text_, source_;
  TextLines lines_;
  Graph graph_;
  std::map<std::string, std::uint32_t> numbers_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> lines_of_;
  std::optional<std::size_t> promised_;
  std::size_t head_words_ = 0;  ///< of a line that names the columns; 0: there is none
  bool dimacs_ = false, numbered_ = false, named_ = false;
};

}  // namespace

Graph read_graph(std::string_view text, std::string_view source) { return GraphReader(text, source).read(); }

}  // namespace qupel
