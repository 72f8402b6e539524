#include "core/io/files/files.h"

namespace shapewise::io {

namespace fs = std::filesystem;

fs::path exampleFolder() {
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem);
    fs::path installed = program.parent_path().parent_path() / "share/shapewise/examples";
    if (!problem && fs::is_directory(installed, problem)) return installed;
    const fs::path source = fs::path(SHAPEWISE_SOURCE_RESOURCES) / "examples";
    return fs::is_directory(source, problem) ? source : fs::path();
}

}  // namespace shapewise::io
