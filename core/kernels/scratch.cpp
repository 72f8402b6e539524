#include "core/kernels/scratch.h"

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

namespace shapewise::kernels {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSlack = kAlignment / sizeof(float);
constexpr std::size_t kSmallestChunk = std::size_t{256} * 1024;           // floats: 1 MB
constexpr std::size_t kKeptBetweenCalls = std::size_t{16} * 1024 * 1024;  // floats: 64 MB

struct AlignedDelete {
    void operator()(float* memory) const { ::operator delete[](memory, std::align_val_t{kAlignment}); }
};

struct Chunk {
    explicit Chunk(std::size_t floats)
        : memory(static_cast<float*>(::operator new[](floats * sizeof(float), std::align_val_t{kAlignment}))),
          size(floats) {}
    std::unique_ptr<float[], AlignedDelete> memory;
    std::size_t size;
};

/// Chunks never move while a frame is open; a frame that closes only sets the marks back.
struct Arena {
    std::vector<Chunk> chunks;
    std::size_t chunk = 0;
    std::size_t used = 0;
    int depth = 0;

    float* take(std::size_t floats) {
        floats = (floats + kSlack + kSlack - 1) / kSlack * kSlack;
        while (chunk < chunks.size() && chunks[chunk].size - used < floats) {
            ++chunk;
            used = 0;
        }
        if (chunk == chunks.size()) {
            const std::size_t last = chunks.empty() ? 0 : chunks.back().size;
            chunks.emplace_back(std::max({floats, kSmallestChunk, std::min(last * 2, kKeptBetweenCalls / 2)}));
            used = 0;
        }
        float* result = chunks[chunk].memory.get() + used;
        used += floats;
        return result;
    }

    void trim() {
        std::size_t kept = 0;
        for (std::size_t index = 0; index < chunks.size(); ++index) {
            kept += chunks[index].size;
            if (kept > kKeptBetweenCalls) {
                chunks.erase(chunks.begin() + static_cast<std::ptrdiff_t>(index), chunks.end());
                return;
            }
        }
    }
};

Arena& arena() {
    thread_local Arena instance;
    return instance;
}

}  // namespace

ScratchFrame::ScratchFrame() : chunk_(arena().chunk), used_(arena().used) { ++arena().depth; }

ScratchFrame::~ScratchFrame() {
    Arena& mine = arena();
    mine.chunk = chunk_;
    mine.used = used_;
    if (--mine.depth == 0) mine.trim();
}

float* ScratchFrame::floats(std::int64_t count) {
    return arena().take(static_cast<std::size_t>(std::max<std::int64_t>(count, 0)));
}

}  // namespace shapewise::kernels
