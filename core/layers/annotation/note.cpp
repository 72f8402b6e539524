// Note: text on the canvas.

#include "core/layers/parts/common_params.h"

namespace shapewise::layers {

namespace {

/// Notes longer than this are cut off on the node; the canvas shows the whole text in the note itself.
constexpr std::size_t kTellingLetters = 40;

void inferNote(InferContext&) {}

std::string noteTelling(const Params& params) {
    const std::string_view text = params.text("text");
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.size() <= kTellingLetters) return std::string(line);
    std::size_t end = kTellingLetters;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    return std::string(line.substr(0, end)) + "…";
}

}  // namespace

const LayerType& note() {
    static const LayerType type{
        .className = "Note",
        .category = Category::Annotation,
        .title = "Note",
        .summary = "Text on the canvas",
        .keywords = "comment label remark annotation",
        .doc = "Text that explains a part of the graph. It has no ports and computes nothing.",
        .params = {{.key = "text",
                    .kind = ParamKind::Text,
                    .fallback = "",
                    .help = "The text",
                    .initial = "Note",
                    .affects = Affects::Nothing}},
        .inputs = {},
        .outputs = {},
        .telling = {"text"},
        .infer = inferNote,
        .tellingText = noteTelling,
    };
    return type;
}

}  // namespace shapewise::layers
