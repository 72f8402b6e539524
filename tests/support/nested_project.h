#pragma once
// A model with models inside, two deep, for tests of groups.

#include "core/io/files/files.h"

#include <gtest/gtest.h>

namespace shapewise::test {

/// image (28, 28, 1) -> encoder [inside (28, 28, 1) -> conv1 (4 filters of 3 × 3) -> block [x -> pool -> act] -> flat]
/// -> classes (Dense 10). The encoder is called again on `other`, its output goes to classes_2.
inline graph::Project nestedProject() {
    const Result<io::Opened> opened = io::readProject(R"({"format": "shapewise", "version": 1, "nodes": [
      {"name": "image", "type": "InputLayer", "settings": {"shape": [28, 28, 1]}},
      {"name": "other", "type": "InputLayer", "settings": {"shape": [28, 28, 1]}},
      {"name": "encoder", "type": "Functional", "inputs": ["image"], "body": {"nodes": [
        {"name": "inside", "type": "InputLayer", "settings": {"shape": [28, 28, 1]}},
        {"name": "conv1", "type": "Conv2D", "settings": {"filters": 4, "kernel_size": [3, 3]}, "inputs": ["inside"]},
        {"name": "block", "type": "Functional", "inputs": ["conv1"], "body": {"nodes": [
          {"name": "x", "type": "InputLayer", "settings": {"shape": [26, 26, 4]}},
          {"name": "pool", "type": "MaxPooling2D", "inputs": ["x"]},
          {"name": "act", "type": "ReLU", "inputs": ["pool"]}]}},
        {"name": "flat", "type": "Flatten", "inputs": ["block"]}]}},
      {"name": "again", "type": "Functional", "inputs": ["other"], "shares": "encoder"},
      {"name": "classes", "type": "Dense", "settings": {"units": 10}, "inputs": ["encoder"]},
      {"name": "classes_2", "type": "Dense", "settings": {"units": 3}, "inputs": ["again"]}]})");
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
    if (!opened) return {};
    graph::Project project = opened->project;
    auto again = std::make_shared<graph::Node>(*project.graph.findByName("again"));
    again->body = project.graph.findByName("encoder")->body;
    project.graph.put(std::move(again));
    return project;
}

}  // namespace shapewise::test
