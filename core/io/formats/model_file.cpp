#include "core/io/formats/model_file.h"

#include "core/io/files/json_value.h"

namespace shapewise::io {

namespace {

constexpr std::uint64_t kLargestModel = std::uint64_t{1} << 30;

Result<Value> parsed(std::string_view text) {
    Result<Value> value = parseJson(text);
    if (!value || !value->isText()) return value;
    Result<Value> inner = parseJson(value->asText());
    return inner ? inner : value;
}

}  // namespace

const Result<std::string>& ModelFile::bytes() {
    if (!bytes_) bytes_ = input_->readAll(kLargestModel);
    return *bytes_;
}

const Result<Value>& ModelFile::json() {
    if (!json_) json_ = bytes() ? parsed(**bytes_) : Result<Value>(Unexpected(bytes_->error()));
    return *json_;
}

const Value* ModelFile::member(std::string_view key) { return json() ? (*json_)->find(key) : nullptr; }

}  // namespace shapewise::io
