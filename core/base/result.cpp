#include "core/base/result.h"

namespace shapewise {

std::string Error::text() const {
    std::string line;
    if (!where.empty()) line += where + ": ";
    line += message;
    if (!advice.empty()) line += ". " + advice;
    return line;
}

}  // namespace shapewise
