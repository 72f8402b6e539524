#pragma once

namespace shapewise::ui {

/// Names the program to Qt and the desktop (settings path, window class, icon) and makes the compiled-in
/// resources visible. Call once, before the first window and before anything reads QSettings.
void setUpApplication();

}  // namespace shapewise::ui
