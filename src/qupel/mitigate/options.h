#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qupel::mitigate {

/// One of the options in parentheses after a technique's name: a word, numbers, or a word with numbers after
/// it.
struct Option {
  std::string name;             ///< "" if there are only numbers
  std::vector<double> numbers;  ///< none if there is only a word
};

/// Reads "1 3 5, exponential, cap 20": options apart by commas, each of words and numbers apart by spaces.
class Options {
 public:
  /// @throws InputError for a word after a number, or an option that is empty
  Options(std::string_view technique, std::string_view text);

  std::span<const Option> all() const { return options_; }
  /// @throws InputError naming the nearest, if an option has none of these names ("": numbers only), or a
  /// name stands twice
  void require_known(std::vector<std::string> names) const;
  const Option* find(std::string_view name) const;  ///< null: it is not given
  bool has(std::string_view name) const { return find(name) != nullptr; }

  /// The only number of this option; `usual` if the option is not given. @throws InputError out of the range
  double number(std::string_view name, double usual, double low, double high, std::string_view what) const;
  /// The same for a whole number.
  std::size_t whole(std::string_view name, std::size_t usual, std::size_t low, std::size_t high,
                    std::string_view what) const;
  /// @throws InputError "technique(options): rule"
  [[noreturn]] void fail(std::string_view rule) const;

 private:
  std::string technique_, text_;
  std::vector<Option> options_;
};

}  // namespace qupel::mitigate
