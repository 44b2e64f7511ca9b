#include "qupel/problem/molecule/fcidump.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/lines.h"
#include "qupel/problem/molecule/orbital_rotation.h"

namespace qupel {
namespace {

struct Header {
  int orbitals = 0, electrons = 0, unpaired = 0;
  bool unrestricted = false;
};

std::string upper(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return copy;
}

/// The numbers of orbitals in the order of their energies.
std::vector<Eigen::Index> order_of(const Eigen::VectorXd& energies) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(energies.size()));
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](Eigen::Index p) { return energies[p]; });
  return order;
}

RowMatrix permutation(const std::vector<Eigen::Index>& order) {
  const auto n = static_cast<Eigen::Index>(order.size());
  RowMatrix made = RowMatrix::Zero(n, n);
  for (Eigen::Index k = 0; k < n; ++k) made(order[static_cast<std::size_t>(k)], k) = 1;
  return made;
}

/// Whether the first of them are other ones than before.
bool occupies_others(const std::vector<Eigen::Index>& order, int electrons) {
  return std::any_of(order.begin(), order.begin() + electrons,
                     [&](Eigen::Index p) { return p >= electrons; });
}

/// Programs list orbitals by symmetry, too, so that the first are not the occupied ones: sorts them by their
/// energies in the determinant of the first, as long as another determinant is occupied and lower. @returns
/// whether it did
bool put_occupied_first(OrbitalIntegrals& integrals, int alpha, int beta) {
  constexpr int most_rounds = 20;
  bool sorted = false;
  for (int round = 0; round < most_rounds; ++round) {
    const auto focks = fock_matrices(integrals, alpha, beta);
    std::array<Eigen::VectorXd, 2> energies{focks[0].diagonal(), focks[1].diagonal()};
    if (!integrals.spins_differ()) energies.fill(0.5 * (energies[0] + energies[1]));
    const std::array orders{order_of(energies[0]), order_of(energies[1])};
    if (!occupies_others(orders[0], alpha) && !occupies_others(orders[1], beta)) break;
    auto next = rotated(integrals, permutation(orders[0]), permutation(orders[1]));
    if (determinant_energy(next, alpha, beta) >= determinant_energy(integrals, alpha, beta) - 1e-9) break;
    integrals = std::move(next);
    sorted = true;
  }
  return sorted;
}

class FcidumpReader {
 public:
  FcidumpReader(std::string_view text, std::string_view source) : source_(source), lines_(text_lines(text)) {}

  ElectronicSystem read() {
    read_header();
    const auto first = at_;
    // An index above NORB is a mistake unless the header speaks of unrestricted orbitals.
    beta_after_alpha_ = header_.unrestricted && has_index_above(header_.orbitals);
    at_ = first;
    if (header_.unrestricted && !beta_after_alpha_ && has_one_core_after_one_electron()) halve_orbitals();
    integrals_ = OrbitalIntegrals(static_cast<std::size_t>(header_.orbitals), header_.unrestricted);
    for (; at_ < lines_.size(); ++at_)
      if (!lines_[at_].words.empty()) read_line(lines_[at_]);
    if (!has_core_)
      throw InputError(fmt::format(
          "{}:{}: the file ends without a line of the core energy (indices 0 0 0 0): was it cut off?",
          source_, lines_.empty() ? 1 : lines_.back().number));
    return system();
  }

 private:
  // ---- the namelist

  void read_header() {
    std::string all;
    bool ended = false;
    for (; at_ < lines_.size() && !ended; ++at_) {
      auto line = upper(lines_[at_].text);
      for (const auto* end : {"&END", "$END", "/"}) {
        if (const auto place = line.find(end); place != std::string::npos) {
          line.resize(place);
          ended = true;
        }
      }
      all += line + " ";
    }
    const auto start = all.find_first_not_of(" \t\r");
    if (start == std::string::npos ||
        (all.compare(start, 4, "&FCI") != 0 && all.compare(start, 4, "$FCI") != 0))
      throw InputError(fmt::format("{}:1: FCIDUMP begins with &FCI", source_));
    if (!ended) throw InputError(fmt::format("{}: the header &FCI has no end: &END or /", source_));
    const auto values = assignments(std::string_view(all).substr(start + 4));
    header_.orbitals = value_of(values, "NORB", 1, 512);
    header_.electrons = value_of(values, "NELEC", 1, 1024);
    header_.unpaired = values.contains("MS2") ? value_of(values, "MS2", -1024, 1024) : 0;
    for (const auto* name : {"UHF", "IUHF"})
      if (const auto found = values.find(name); found != values.end())
        header_.unrestricted = header_.unrestricted || found->second == ".TRUE." || found->second == "1" ||
                               found->second == "T" || found->second == "TRUE";
    require_electrons();
  }

  /// NAME=VALUE, apart by commas; of lists only the first value counts.
  static std::map<std::string, std::string> assignments(std::string_view text) {
    std::map<std::string, std::string> values;
    for (std::size_t sign = text.find('='); sign != std::string_view::npos; sign = text.find('=', sign + 1)) {
      const auto word_end = text.find_last_not_of(" \t\r", sign - 1);
      if (sign == 0 || word_end == std::string_view::npos) continue;
      const auto before = text.find_last_of(" \t\r,", word_end);
      const auto word_begin = before == std::string_view::npos ? 0 : before + 1;
      const auto value_begin = std::min(text.find_first_not_of(" \t\r", sign + 1), text.size());
      const auto value_end = std::min(text.find_first_of(" \t\r,", value_begin), text.size());
      values.emplace(text.substr(word_begin, word_end + 1 - word_begin),
                     text.substr(value_begin, value_end - value_begin));
    }
    return values;
  }

  int value_of(const std::map<std::string, std::string>& values, const std::string& name, int low,
               int high) const {
    const auto found = values.find(name);
    const auto number = found == values.end() ? std::nullopt : whole_number(found->second);
    if (!number || *number < low || *number > high)
      throw InputError(fmt::format(
          "{}: the header has {}; it must give {} as a whole number from {} to {}", source_,
          found == values.end() ? "no " + name : fmt::format("{} = {}", name, found->second.substr(0, 40)),
          name, low, high));
    return *number;
  }

  void require_electrons() const {
    const auto [orbitals, electrons, unpaired, unrestricted] = header_;
    if ((electrons + unpaired) % 2 != 0 || std::abs(unpaired) > electrons)
      throw InputError(fmt::format("{}: {} electrons cannot have MS2 = {}, the number of unpaired ones",
                                   source_, electrons, unpaired));
    if ((electrons + std::abs(unpaired)) / 2 > orbitals)
      throw InputError(fmt::format("{}: {} electrons with MS2 = {} do not fit into {} orbitals", source_,
                                   electrons, unpaired, orbitals));
  }

  // ---- the integrals

  /// NORB counts orbitals of both spins, by turns alpha and beta (NECI, HANDE).
  void halve_orbitals() {
    if (header_.orbitals % 2 != 0)
      throw InputError(
          fmt::format("{}: NORB = {} is odd; without blocks it counts unrestricted orbitals of both spins",
                      source_, header_.orbitals));
    header_.orbitals /= 2;
    alternating_ = true;
    require_electrons();
  }

  /// Blocks of unrestricted orbitals have more lines of zeros than that of the core.
  bool has_one_core_after_one_electron() const {
    int cores = 0;
    bool one_electron = false;
    for (auto k = at_; k < lines_.size(); ++k) {
      const auto& words = lines_[k].words;
      if (words.size() != 5 || words[3] != "0" || words[4] != "0") continue;
      if (words[1] == "0" && words[2] == "0") ++cores;
      if (words[1] != "0" && words[2] != "0") one_electron = true;
    }
    return cores == 1 && one_electron;
  }

  bool in_blocks() const { return header_.unrestricted && !beta_after_alpha_ && !alternating_; }

  struct Integral {
    double value;
    std::array<int, 4> indices;
  };

  Integral parse(const ChemistryLine& line) const {
    if (line.words.size() != 5)
      fail_at(source_, line,
              fmt::format("a line is a value and four indices; this one has {} words{}", line.words.size(),
                          line.number == lines_.back().number ? ": was the file cut off?" : ""));
    if (line.words[0].starts_with('('))
      fail_at(source_, line, "complex integrals: only real orbitals are understood");
    const auto value = chemists_number(line.words[0]);
    if (!value) fail_at(source_, line, fmt::format("\"{}\" is not a number", line.words[0].substr(0, 40)));
    Integral integral{*value, {}};
    const int most = header_.orbitals * (beta_after_alpha_ || alternating_ ? 2 : 1);
    for (std::size_t k = 0; k < 4; ++k) {
      const auto index = whole_number(line.words[k + 1]);
      if (!index || *index < 0 || *index > most)
        fail_at(source_, line,
                fmt::format("\"{}\" is not an orbital: indices are 0 to {}", line.words[k + 1].substr(0, 40),
                            most));
      integral.indices[k] = *index;
    }
    return integral;
  }

  bool has_index_above(int orbitals) {
    return std::any_of(lines_.begin() + static_cast<std::ptrdiff_t>(at_), lines_.end(),
                       [&](const ChemistryLine& line) {
                         if (line.words.size() != 5) return false;
                         int highest = 0;
                         for (std::size_t k = 1; k < 5; ++k)
                           highest = std::max(highest, whole_number(line.words[k]).value_or(0));
                         return highest > orbitals && highest <= 2 * orbitals;
                       });
  }

  void read_line(const ChemistryLine& line) {
    const auto integral = parse(line);
    const auto& [i, j, k, l] = integral.indices;
    const int zeros = static_cast<int>(std::ranges::count(integral.indices, 0));
    if (zeros == 4) return end_block(integral.value);
    if (zeros == 0) return put_two(line, integral);
    if (i > 0 && j > 0 && k == 0 && l == 0) return put_one(line, integral);
    if (i > 0 && j == 0 && k == 0 && l == 0) return;  // an orbital energy
    fail_at(source_, line,
            fmt::format("indices {} {} {} {}: of four, of two and then 0 0, of one and then 0 0 0, or all 0",
                        i, j, k, l));
  }

  /// 0 0 0 0 is the core; between the blocks of unrestricted orbitals it ends one.
  void end_block(double value) {
    if (in_blocks() && block_ < 5) {
      ++block_;
      if (block_ < 5 || value == 0) return;
    }
    integrals_.core = value;
    has_core_ = true;
  }

  int spin_of(int index) const {
    if (alternating_) return (index - 1) % 2;
    return beta_after_alpha_ && index > header_.orbitals ? 1 : 0;
  }
  std::size_t orbital_of(int index) const {
    return static_cast<std::size_t>(alternating_ ? (index - 1) / 2 : (index - 1) % header_.orbitals);
  }

  /// Lists may name an integral again, in another order of its indices, which changes nothing of real
  /// orbitals.
  void put(const ChemistryLine& line, double& integral, double value) const {
    constexpr double rounding = 1e-6;
    if (integral != 0 && std::abs(integral - value) > rounding * std::max(1.0, std::abs(value)))
      fail_at(
          source_, line,
          fmt::format("this integral was {} before; of real orbitals it is the same in every order of its "
                      "indices that keeps the pairs",
                      integral));
    integral = value;
  }

  void put_one(const ChemistryLine& line, const Integral& integral) {
    const auto& x = integral.indices;
    int spin = spin_of(x[0]);
    if (spin != spin_of(x[1])) fail_at(source_, line, "an integral between orbitals of different spin");
    if (in_blocks()) {
      if (block_ != 3 && block_ != 4)
        fail_at(source_, line, "one-electron integrals of unrestricted orbitals come in blocks 4 and 5");
      spin = block_ - 3;
    }
    auto& h = integrals_.one[header_.unrestricted ? static_cast<std::size_t>(spin) : 0];
    put(line, h(orbital_of(x[0]), orbital_of(x[1])), integral.value);
    h(orbital_of(x[1]), orbital_of(x[0])) = integral.value;
  }

  void put_two(const ChemistryLine& line, const Integral& integral) {
    const auto& x = integral.indices;
    int a = spin_of(x[0]), b = spin_of(x[2]);
    if (a != spin_of(x[1]) || b != spin_of(x[3]))
      fail_at(source_, line, "a pair of orbitals of different spin");
    if (in_blocks()) {
      if (block_ > 2)
        fail_at(source_, line, "two-electron integrals of unrestricted orbitals come in blocks 1 to 3");
      a = block_ == 1 ? 1 : 0;
      b = block_ == 0 ? 0 : 1;
    }
    auto first = std::pair(orbital_of(x[0]), orbital_of(x[1])),
         second = std::pair(orbital_of(x[2]), orbital_of(x[3]));
    if (a > b) std::swap(first, second);
    auto& g = integrals_.two[header_.unrestricted ? static_cast<std::size_t>(a + b) : 0];
    for (const auto pq :
         {integrals_.pair(first.first, first.second), integrals_.pair(first.second, first.first)}) {
      for (const auto rs :
           {integrals_.pair(second.first, second.second), integrals_.pair(second.second, second.first)}) {
        put(line, g(pq, rs), integral.value);
        if (a == b) g(rs, pq) = integral.value;
      }
    }
  }

  ElectronicSystem system() {
    ElectronicSystem made;
    made.integrals = std::move(integrals_);
    made.alpha = (header_.electrons + std::abs(header_.unpaired)) / 2;
    made.beta = header_.electrons - made.alpha;
    made.reference = "determinant";
    made.all_electrons = header_.electrons;
    made.all_orbitals = header_.orbitals;
    const bool sorted = put_occupied_first(made.integrals, made.alpha, made.beta);
    made.reference_energy = determinant_energy(made.integrals, made.alpha, made.beta);
    made.choices.push_back(
        fmt::format("all {} electrons and {} orbitals of {}", header_.electrons, header_.orbitals, source_));
    if (sorted)
      made.choices.push_back(
          "orbitals sorted by energy, for the first of the file are not the occupied ones");
    return made;
  }

  std::string_view source_;
  std::vector<ChemistryLine> lines_;
  std::size_t at_ = 0;
  Header header_;
  OrbitalIntegrals integrals_;
  bool beta_after_alpha_ = false, alternating_ = false, has_core_ = false;
  int block_ = 0;
};

}  // namespace

ElectronicSystem read_fcidump(std::string_view text, std::string_view source) {
  return FcidumpReader(text, source).read();
}

std::string to_fcidump(const ElectronicSystem& system) {
  const auto& integrals = system.integrals;
  const auto n = integrals.orbitals;
  const bool differ = integrals.spins_differ();
  std::string text = fmt::format(" &FCI NORB={},NELEC={},MS2={},{}\n  ORBSYM=", n, system.electrons(),
                                 system.alpha - system.beta, differ ? "UHF=.TRUE.," : "");
  for (std::size_t p = 0; p < n; ++p) text += "1,";
  text += "\n  ISYM=1,\n &END\n";
  const auto put = [&](double value, std::size_t i, std::size_t j, std::size_t k, std::size_t l) {
    if (std::abs(value) >= 1e-14) text += fmt::format("{:24.16e} {:4} {:4} {:4} {:4}\n", value, i, j, k, l);
  };
  for (const auto& [s, t] : {std::pair(0, 0), std::pair(0, 1), std::pair(1, 1)}) {
    if (!differ && (s != 0 || t != 0)) break;
    const std::size_t shift = static_cast<std::size_t>(s) * n + 1,
                      other = static_cast<std::size_t>(t) * n + 1;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j)
        for (std::size_t k = 0; k < (s == t ? i + 1 : n); ++k)
          for (std::size_t l = 0; l <= (s == t && k == i ? j : k); ++l)
            put(integrals.g(s, t)(integrals.pair(i, j), integrals.pair(k, l)), i + shift, j + shift,
                k + other, l + other);
  }
  for (int s = 0; s < (differ ? 2 : 1); ++s) {
    const std::size_t shift = static_cast<std::size_t>(s) * n + 1;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) put(integrals.h(s)(i, j), i + shift, j + shift, 0, 0);
  }
  return text + fmt::format("{:24.16e} {:4} {:4} {:4} {:4}\n", integrals.core, 0, 0, 0, 0);
}

}  // namespace qupel
