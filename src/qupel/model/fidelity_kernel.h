#pragma once
#include <memory>

#include "qupel/contend/contender.h"
#include "qupel/learn/kernel_model.h"
#include "qupel/model/encoder.h"

namespace qupel {

/// A kernel model with the fidelity |<psi(x)|psi(x')>|^2 of encoded rows as kernel (Havlicek et al.
/// 2019, arXiv:1804.11326), as the executor gives it: exact, or estimated entry by entry.
std::unique_ptr<Fitted> fit_fidelity_kernel(Encoder encoder, const Samples& samples,
                                            const KernelTrainer& train, const FitContext& context);

/// The machine that was saved; the encoder follows from its contender's settings.
std::unique_ptr<Fitted> load_fidelity_kernel(Encoder encoder, const Archive& saved,
                                             const FitContext& context);

}  // namespace qupel
