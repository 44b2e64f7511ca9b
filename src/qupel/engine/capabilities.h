#pragma once
#include <initializer_list>
#include <string_view>

namespace qupel {

struct Job;

/// What a job may ask for that not every engine can do. (All engines run gates and draw shots.)
enum class Ability {
  noise,       ///< channels after operations
  amplitudes,  ///< the final state vector
  exact,       ///< expectation values without statistical error
  estimates,   ///< expectation values as averages over what happens by chance, with standard errors
  feedback,    ///< measurements, resets, and operations with conditions within a circuit
};
inline constexpr Ability all_abilities[] = {Ability::noise, Ability::amplitudes, Ability::exact,
                                            Ability::estimates, Ability::feedback};

/// A set of abilities.
class Capabilities {
 public:
  Capabilities(std::initializer_list<Ability> abilities) {
    for (const auto ability : abilities) add(ability);
  }
  void add(Ability ability) { bits_ |= bit(ability); }
  bool has(Ability ability) const { return (bits_ & bit(ability)) != 0; }

 private:
  static unsigned bit(Ability ability) { return 1U << static_cast<unsigned>(ability); }
  unsigned bits_ = 0;
};

/// What an engine must be able to do to run the job: the one place that looks at every field of a job and
/// every kind of operation. An engine that cannot do all of it is never asked.
Capabilities needs(const Job& job);

/// Why an engine without the ability cannot run a job that needs it.
std::string_view refusal(Ability lacking);

}  // namespace qupel
