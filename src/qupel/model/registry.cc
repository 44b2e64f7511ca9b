#include "qupel/model/records.h"

namespace qupel {

std::span<const ContenderSpec* const> circuit_contenders() {
  static const ContenderSpec* const all[] = {&variational,
                                             &reuploading,
                                             &quantum_kernel,
                                             &projected_kernel,
                                             &amplitude_kernel,
                                             &variational_separable,
                                             &reuploading_separable,
                                             &quantum_kernel_separable,
                                             &projected_kernel_separable};
  return all;
}

}  // namespace qupel
