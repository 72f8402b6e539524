#pragma once
// Work for other threads, and back to the one of the window.

#include <functional>

class QObject;
class QThreadPool;

namespace shapewise::ui {

/// Runs `work` on a thread of the pool, which frees it there. `work` sees all that was written before the call.
void runOn(QThreadPool& pool, std::function<void()> work);

/// Runs `work` on the thread of `receiver`, from its event loop, unless the receiver is gone by then. Any thread may
/// call.
void callOn(QObject* receiver, std::function<void()> work);

}  // namespace shapewise::ui
