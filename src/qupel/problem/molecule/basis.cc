#include "qupel/problem/molecule/basis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <mutex>

#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/base/text.h"
#include "qupel/problem/molecule/lines.h"

namespace qupel {
namespace {

constexpr std::string_view momenta = "SPDFGH";
constexpr int most_primitives = 100;

double read_positive(std::string_view word, std::string_view what, std::string_view source,
                     const ChemistryLine& line) {
  const auto value = chemists_number(word);
  if (!value || *value <= 0 || *value > 1e12)
    fail_at(source, line, fmt::format("\"{}\" is not {}: it is a number above 0", word.substr(0, 40), what));
  return *value;
}

class Gaussian94Reader {
 public:
  Gaussian94Reader(std::string_view text, std::string_view source) : source_(source) {
    for (auto& line : text_lines(text))
      if (!line.words.empty() && !line.words[0].starts_with('!')) lines_.push_back(std::move(line));
  }

  BasisSet read() {
    BasisSet basis{std::string(source_), {}};
    while (at_ < lines_.size()) {
      if (lines_[at_].words[0].starts_with("****")) {
        ++at_;
        continue;
      }
      read_element_block(basis);
    }
    if (basis.shells.empty()) throw InputError(fmt::format("{}: the basis set has no element", source_));
    return basis;
  }

 private:
  const ChemistryLine& next(std::string_view wanted) {
    if (at_ == lines_.size())
      throw InputError(fmt::format("{}: the file ends where {} should follow", source_, wanted));
    return lines_[at_++];
  }

  void read_element_block(BasisSet& basis) {
    const auto& head = next("an element");
    auto symbol = head.words[0];
    if (symbol.starts_with('-')) symbol.remove_prefix(1);  // says that an element need not be used
    auto& shells = basis.shells[read_element(symbol, source_, head)];
    if (!shells.empty()) fail_at(source_, head, fmt::format("the element {} comes a second time", symbol));
    while (at_ < lines_.size() && !lines_[at_].words[0].starts_with("****")) read_shell(shells);
    if (shells.empty()) fail_at(source_, head, fmt::format("the element {} has no shells", symbol));
  }

  void read_shell(std::vector<BasisShell>& shells) {
    const auto& head = next("a shell");
    std::string letters(head.words[0]);
    std::ranges::transform(letters, letters.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const int count = head.words.size() > 1 ? whole_number(head.words[1]).value_or(0) : 0;
    const bool known =
        letters == "SP" || (letters.size() == 1 && momenta.find(letters) != std::string_view::npos);
    if (!known || count < 1 || count > most_primitives)
      fail_at(source_, head,
              fmt::format("a shell begins with S, P, D, F, G, H or SP and its number of primitives, "
                          "1 to {}; here is \"{}\"",
                          most_primitives, head.text.substr(0, 40)));
    const double scale =
        head.words.size() > 2 ? read_positive(head.words[2], "a scale factor", source_, head) : 1;
    const auto first = shells.size();
    for (const char letter : letters) shells.push_back({static_cast<int>(momenta.find(letter)), {}, {}});
    for (int k = 0; k < count; ++k) read_primitive(std::span(shells).subspan(first), scale);
  }

  void read_primitive(std::span<BasisShell> shells, double scale) {
    const auto& line = next("a primitive");
    if (line.words.size() < 1 + shells.size())
      fail_at(source_, line,
              fmt::format("a primitive is an exponent and {} coefficient{}", shells.size(),
                          shells.size() == 1 ? "" : "s"));
    const double exponent = read_positive(line.words[0], "an exponent", source_, line) * scale * scale;
    for (std::size_t s = 0; s < shells.size(); ++s) {
      const auto coefficient = chemists_number(line.words[s + 1]);
      if (!coefficient)
        fail_at(source_, line, fmt::format("\"{}\" is not a coefficient", line.words[s + 1].substr(0, 40)));
      shells[s].exponents.push_back(exponent);
      shells[s].coefficients.push_back(*coefficient);
    }
  }

  std::string_view source_;
  std::vector<ChemistryLine> lines_;
  std::size_t at_ = 0;
};

struct NamedBasis {
  std::string_view name, file;
};
constexpr NamedBasis known[] = {{"sto-3g", "sto-3g"},
                                {"6-31g", "6-31g"},
                                {"6-31g*", "6-31gs"},
                                {"cc-pvdz", "cc-pvdz"},
                                {"cc-pvtz", "cc-pvtz"}};

}  // namespace

BasisSet read_gaussian94(std::string_view text, std::string_view source) {
  return Gaussian94Reader(text, source).read();
}

std::vector<std::string> basis_names() {
  std::vector<std::string> names;
  for (const auto& basis : known) names.emplace_back(basis.name);
  return names;
}

const BasisSet& basis_set(std::string_view name) {
  auto known_as = lower(name);
  if (known_as == "6-31g(d)") known_as = "6-31g*";
  const auto found = std::ranges::find(known, known_as, &NamedBasis::name);
  if (found == std::end(known)) throw InputError(unknown_name(name, "a basis set", basis_names()));
  static std::mutex mutex;
  static std::map<std::string, BasisSet, std::less<>> read;
  const std::scoped_lock lock(mutex);
  if (const auto kept = read.find(known_as); kept != read.end()) return kept->second;
  const auto path = fmt::format("problem/molecule/basis_sets/{}.g94", found->file);
  auto basis = read_gaussian94(embedded_file(path), found->name);
  return read.emplace(known_as, std::move(basis)).first->second;
}

}  // namespace qupel
