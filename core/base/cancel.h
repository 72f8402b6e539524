#pragma once
// Cancelling and progress of long work, shared by the engine, importers and the window.

#include <atomic>
#include <cstdint>
#include <stop_token>

namespace shapewise {

/// Read by a timer of the window, written by the worker: units of work done and in all (multiply-adds).
struct Progress {
    std::atomic<std::int64_t> done{0};
    std::atomic<std::int64_t> total{0};
};

}  // namespace shapewise
