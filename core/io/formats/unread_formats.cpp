// Files people have and this program does not read, so that opening one says what to do instead.

#include "core/io/formats/format.h"

namespace shapewise::io {

Format tensorFlowGraphModelFormat() {
    const auto holds = [](ModelFile& file) {
        const Value* format = file.member("format");
        return format != nullptr && *format == Value("graph-model");
    };
    return {"TensorFlow.js graph model", "", matchJson,
            UnreadFormat{holds, "this is a TensorFlow.js graph model, which holds operations and no layers",
                         "Convert it as a layers-model"}};
}

Format hdf5Format() {
    return {"HDF5", "", [](std::string_view head) { return matchStart(head, "\x89HDF"); },
            UnreadFormat{nullptr, "this is an HDF5 file, no project", "Save the model with model.to_json() instead"}};
}

Format zipFormat() {
    return {"zip archive", "", [](std::string_view head) { return matchStart(head, "PK\x03\x04"); },
            UnreadFormat{nullptr, "this is a zip archive (perhaps .keras), no project",
                         "Save the model with model.to_json() instead"}};
}

}  // namespace shapewise::io
