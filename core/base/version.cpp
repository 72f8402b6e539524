#include "core/base/version.h"

namespace shapewise::base {

std::string_view version() { return SHAPEWISE_VERSION; }

}  // namespace shapewise::base
