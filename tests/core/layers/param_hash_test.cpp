#include "core/layers/framework/catalog.h"

#include <gtest/gtest.h>

namespace shapewise::layers {

TEST(ParamHash, TellsAllParametersOfALayerApart) {
    for (const LayerType* type : allLayers())
        for (const ParamSpec& one : type->params)
            for (const ParamSpec& other : type->params)
                EXPECT_TRUE(&one == &other || one.keyHash != other.keyHash || one.key.size() != other.key.size())
                    << type->className << ": " << one.key << ", " << other.key;
}

}  // namespace shapewise::layers
