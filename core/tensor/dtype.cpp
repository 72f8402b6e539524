#include "core/tensor/dtype.h"

namespace shapewise::tensor {

std::string_view dtypeName(DType type) {
    switch (type) {
        case DType::Float32: return "float32";
        case DType::Int32: return "int32";
        case DType::Bool: return "bool";
    }
    return "float32";
}

DType dtypeFromName(std::string_view name) {
    if (name == "bool" || name == "boolean") return DType::Bool;
    if (name.starts_with("int") || name.starts_with("uint")) return DType::Int32;
    return DType::Float32;
}

}  // namespace shapewise::tensor
