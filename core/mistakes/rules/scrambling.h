#pragma once
// Scrambled axes as a picture: a small pattern, what Reshape makes of it, and what Permute would.

#include "core/diag/diagnostic.h"
#include "core/graph/project.h"
#include "core/infer/analysis.h"

#include <optional>
#include <string>
#include <vector>

namespace shapewise::mistakes {

struct SmallMap {
    int rows = 0;
    int columns = 0;
    std::vector<float> values;  ///< [rows, columns], 0 to 1
    diag::Phrase rowAxis;       ///< "time 64"
    diag::Phrase columnAxis;
};

/// The two axes that change places, in miniature: sizes are scaled down to at most 24, their ratio is kept.
struct ScrambledPicture {
    SmallMap before;
    SmallMap reshaped;
    SmallMap permuted;
};

/// nullopt unless the diagnostic is of a Reshape that exchanges axes.
[[nodiscard]] std::optional<ScrambledPicture> scrambledPicture(const graph::Project& project,
                                                               const infer::Analysis& analysis,
                                                               const diag::Diagnostic& diagnostic);

}  // namespace shapewise::mistakes
