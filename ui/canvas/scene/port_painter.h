#pragma once

namespace shapewise::ui {

/// Drops the cached pictures of ports, after a change of theme.
void forgetPortPixmaps();

}  // namespace shapewise::ui
