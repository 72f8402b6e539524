#pragma once
// A vector that is a value: copies share their elements, a change copies one chunk.
//
// Projects of 100,000 nodes are copied at each edit (history, threads, autosave). With chunks of 256 a copy
// is one pointer, and a change to a shared copy costs the root (391 pointers) and one chunk.
// Copies may be read from several threads; one copy is written by one thread.

#include "core/base/copy_on_write.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace shapewise {

template <class T, std::size_t kChunkSize = 256>
class PersistentVector {
  public:
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }

    [[nodiscard]] const T& operator[](std::size_t index) const {
        assert(index < size_);
        return (*(*root_)[index / kChunkSize])[index % kChunkSize];
    }

    /// Element for writing: copies what is shared with other copies of this vector, else nothing.
    [[nodiscard]] T& mutate(std::size_t index) {
        assert(index < size_);
        return ownChunk(index / kChunkSize)[index % kChunkSize];
    }

    void set(std::size_t index, T value) { mutate(index) = std::move(value); }

    void push_back(T value) {
        resize(size_ + 1);
        mutate(size_ - 1) = std::move(value);
    }

    /// New elements are T{}. O(chunks) plus the new ones.
    void resize(std::size_t size) {
        const std::size_t chunks = (size + kChunkSize - 1) / kChunkSize;
        if (chunks != (root_ ? root_->size() : 0)) {
            Root& root = ownAlone(root_);
            while (root.size() > chunks) root.pop_back();
            while (root.size() < chunks) root.push_back(std::make_shared<Chunk>());
        }
        for (std::size_t index = size; index < size_ && index / kChunkSize < chunks; ++index) mutate(index) = T{};
        size_ = size;
    }

    /// True when both are the same by sharing, without looking at the elements.
    [[nodiscard]] bool sharesAllWith(const PersistentVector& other) const {
        return root_ == other.root_ && size_ == other.size_;
    }

    /// Calls visit(index) for each index whose chunk differs by identity; elements may still be equal.
    template <class Visit>
    void forEachIndexInDifferentChunks(const PersistentVector& other, Visit&& visit) const {
        if (sharesAllWith(other)) return;
        const std::size_t longest = size_ > other.size_ ? size_ : other.size_;
        for (std::size_t start = 0; start < longest; start += kChunkSize) {
            const std::size_t chunk = start / kChunkSize;
            const void* mine = start < size_ ? (*root_)[chunk].get() : nullptr;
            const void* theirs = start < other.size_ ? (*other.root_)[chunk].get() : nullptr;
            if (mine == theirs && mine != nullptr && size_ == other.size_) continue;
            const std::size_t end = start + kChunkSize < longest ? start + kChunkSize : longest;
            for (std::size_t index = start; index < end; ++index) visit(index);
        }
    }

  private:
    using Chunk = std::array<T, kChunkSize>;
    using Root = std::vector<std::shared_ptr<Chunk>>;

    Chunk& ownChunk(std::size_t chunk) { return ownAlone(ownAlone(root_)[chunk]); }

    std::shared_ptr<Root> root_;
    std::size_t size_ = 0;
};

}  // namespace shapewise
