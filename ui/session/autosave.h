#pragma once
// Autosave: what keeps the unsaved work of a session against the end of the program. A session has none unless it is
// given one.

#include "core/graph/project.h"

#include <memory>

namespace shapewise::io {
class LostDocument;
}

namespace shapewise::ui {

class Autosave {
  public:
    virtual ~Autosave() = default;
    Autosave(const Autosave&) = delete;
    Autosave& operator=(const Autosave&) = delete;

    /// After each change that leaves work unsaved. The project shares its nodes with the document: keeping it is cheap.
    virtual void changed(const graph::Project& project) = 0;
    /// There is nothing to keep any more: all is in the file, or was given up.
    virtual void settled() = 0;
    /// What is open was restored from there, which goes as soon as this keeps it.
    virtual void takeOver(const std::shared_ptr<io::LostDocument>& /*lost*/) {}

  protected:
    Autosave() = default;
};

}  // namespace shapewise::ui
