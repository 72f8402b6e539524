#include "core/io/formats/format.h"
#include "core/io/project/project_json.h"

namespace shapewise::io {

Format projectFormat() {
    ModelFormat format;
    format.holds = [](ModelFile& file) { return file.json() && isProject(*file.json()); };
    format.read = [](ModelFile& file) { return projectFromValue(*file.json(), file.folder()); };
    format.write = [](const graph::Project& project, const std::filesystem::path& folder) -> Result<std::string> {
        return projectJson(project, folder);
    };
    format.keepsAll = true;
    return {"Shapewise project", ".shapewise", matchJson, format};
}

}  // namespace shapewise::io
