#pragma once
// Values that share what they hold until one of them changes it.

#include <atomic>
#include <memory>

namespace shapewise {

/// What is behind shared, for writing: copied first when others hold it too, made when there is none.
/// Others may drop their hold on other threads at any time; only the owner of this pointer may copy it meanwhile.
template <class T>
[[nodiscard]] T& ownAlone(std::shared_ptr<T>& shared) {
    if (!shared) {
        shared = std::make_shared<T>();
    } else if (shared.use_count() > 1) {
        shared = std::make_shared<T>(*shared);
    } else {
        // use_count() is a relaxed read: what a former holder read must be over before we write.
#ifdef __SANITIZE_THREAD__
        const std::shared_ptr<T> released = shared;  // ThreadSanitizer knows no fences, but this counter's order
#else
        std::atomic_thread_fence(std::memory_order_acquire);
#endif
    }
    return *shared;
}

}  // namespace shapewise
