#pragma once

#include <string_view>

namespace shapewise::base {

/// The program's version, e.g. "0.1.0"; set once, in the top CMakeLists.txt.
std::string_view version();

}  // namespace shapewise::base
