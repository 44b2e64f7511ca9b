#pragma once
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "qupel/contend/contender.h"
#include "qupel/problem/molecule/active_space.h"

// Contenders that are programs of somebody's own: docs/external.md describes how they are spoken to.
namespace qupel {

/// A program that competes. Every fit starts it anew and tells it the training rows; it answers for other
/// rows until the model is destroyed.
struct External {
  std::vector<std::string> command;  ///< program and arguments; files by their absolute paths
  double time_limit = 60;            ///< seconds that a fit may take, and an answer
  std::string digest;                ///< of the command as it is now: digest_of()
  std::string recorded_digest = {};  ///< as it was when the study was written down
  friend bool operator==(const External& a, const External& b) {
    return std::tie(a.command, a.time_limit, a.digest) == std::tie(b.command, b.time_limit, b.digest);
  }
};

/// The contender record of a program: what it answers is checked, and any fault of it is an InputError that
/// names the command. Its models cannot be saved: they live in its process.
/// @param hyperparameters passed on as "settings"
std::shared_ptr<const Contender> external_contender(const std::string& name, Family family, Inputs inputs,
                                                    External external,
                                                    std::vector<HyperParameter> hyperparameters);

/// The energy that a program finds for electrons whose integrals it is told as FCIDUMP; it is asked once.
/// @throws InputError naming the command for any fault of it
std::unique_ptr<Fitted> external_energy(const std::string& name, const External& external,
                                        const ElectronicSystem& system, const Settings& settings,
                                        const FitContext& context);

/// The command with the absolute paths of its files: a word that names a file, seen from `folder`. The first
/// word only if it holds a slash, else it is looked up on the PATH.
std::vector<std::string> resolved_command(std::vector<std::string> command, const std::string& folder);

/// SHA-256 of the command and of the bytes of the files that it names, wherever they lie.
std::string digest_of(const std::vector<std::string>& command);

}  // namespace qupel
