#pragma once
// Temporary memory of kernels: one growing arena a thread, used as a stack, so that inner loops never allocate.

#include <cstddef>
#include <cstdint>

namespace shapewise::kernels {

/// Hands out memory until it goes out of scope. Frames of one thread nest. Throws std::bad_alloc when memory runs out.
class ScratchFrame {
  public:
    ScratchFrame();
    ~ScratchFrame();
    ScratchFrame(const ScratchFrame&) = delete;
    ScratchFrame& operator=(const ScratchFrame&) = delete;

    /// Uninitialised floats, aligned to 64 bytes, with 64 readable bytes behind the last one.
    [[nodiscard]] float* floats(std::int64_t count);

  private:
    std::size_t chunk_;
    std::size_t used_;
};

}  // namespace shapewise::kernels
