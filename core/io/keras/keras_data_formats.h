#pragma once
// Where layers have their channels whose writer did not say it: as the layers around them in the file.

#include "core/io/keras/keras_model.h"

#include <string_view>
#include <unordered_map>
#include <vector>

namespace shapewise::io {

class DataFormats {
  public:
    /// Of all layers in the file, those of models inside included.
    explicit DataFormats(const KerasModel& model) { collect(*model.layers, 0); }

    /// "channels_first" or "channels_last" of the nearest layer that says it, the earlier of two; empty when none does.
    /// `layer`: an entry of the file.
    [[nodiscard]] std::string_view near(const Value& layer) const;

  private:
    void collect(const ValueList& layers, int depth);

    std::unordered_map<const Value*, std::size_t> placeOf_;
    std::vector<std::string_view> said_;  ///< by place, empty where a layer says nothing
};

}  // namespace shapewise::io
