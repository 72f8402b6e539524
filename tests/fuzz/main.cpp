// shapewise-fuzz: broken files for every reader.
//
// Files are mutated from real ones and given to a child process, many to a child. When a child dies, or takes longer
// than a file may, the parent makes the file again, says what happened and saves it. The same seed makes the same
// files.

#include "tests/fuzz/deeds.h"
#include "tests/fuzz/mutator.h"

#include "core/base/hash.h"
#include "core/io/data/data_files.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
    return "hard_rss_limit_mb=3072:allocator_may_return_null=1:detect_leaks=0:abort_on_error=1";
}
#endif

namespace shapewise::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::uint64_t seed = 0;
    std::uint64_t first = 0;
    double seconds = 10.0;
    std::uint64_t inputs = 0;  ///< 0: until the time is over
    unsigned secondsEach = 20;
    std::string reader = "all";
    std::filesystem::path save = ".";
    std::vector<std::filesystem::path> sources;
};

struct Original {
    std::filesystem::path path;
    std::string bytes;
};

std::string bytesOf(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Files of up to a megabyte below the given ones, sorted by name.
std::vector<std::filesystem::path> filesIn(const std::vector<std::filesystem::path>& sources) {
    constexpr std::uintmax_t kMost = std::uintmax_t{1} << 20;
    std::vector<std::filesystem::path> files;
    std::error_code ignored;
    const auto take = [&](const std::filesystem::path& path) {
        if (std::filesystem::is_regular_file(path, ignored) && std::filesystem::file_size(path, ignored) <= kMost)
            files.push_back(path);
    };
    for (const std::filesystem::path& source : sources) {
        take(source);
        for (auto entry = std::filesystem::recursive_directory_iterator(source, ignored);
             entry != std::filesystem::recursive_directory_iterator(); entry.increment(ignored))
            take(entry->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool isModel(const Original& original) {
    const std::size_t first = original.bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return first != std::string::npos && original.bytes[first] == '{';
}

/// Input number `index`: which file it comes from, and its bytes.
struct Input {
    const Original* original = nullptr;
    std::string bytes;
};

Input inputAt(const std::vector<Original>& originals, std::uint64_t seed, std::uint64_t index) {
    Random random(Hasher().add(seed).add(index).result());
    const Original& original = originals[static_cast<std::size_t>(random() % originals.size())];
    const Original& other = originals[static_cast<std::size_t>(random() % originals.size())];
    return {&original, mutated(original.bytes, other.bytes, random)};
}

void use(const Input& input, const std::filesystem::path& scratch) {
    if (isModel(*input.original)) return useAsModel(input.bytes);
    const std::filesystem::path path = scratch / ("input" + input.original->path.extension().string());
    std::ofstream(path, std::ios::binary).write(input.bytes.data(), static_cast<std::streamsize>(input.bytes.size()));
    useAsData(path.string());
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

/// What parent and child both see.
struct Shared {
    std::atomic<std::uint64_t> index{0};
};

constexpr std::uint64_t kPerChild = 256;

[[noreturn]] void child(const std::vector<Original>& originals, const Options& options, Shared& shared,
                        const std::filesystem::path& scratch, std::uint64_t end, Clock::time_point until) {
#if !defined(__SANITIZE_ADDRESS__)
    const rlimit memory{rlim_t{3} << 30, rlim_t{3} << 30};
    setrlimit(RLIMIT_AS, &memory);
#endif
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    for (std::uint64_t index = shared.index; index < end && Clock::now() < until; shared.index = ++index) {
        alarm(options.secondsEach);  // ends the process by SIGALRM
        use(inputAt(originals, options.seed, index), scratch);
    }
    alarm(0);
    std::_Exit(0);
}

std::string endOf(int status) {
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGALRM
                   ? "took too long"
                   : fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return fmt::format("exit code {}", WEXITSTATUS(status));
}

/// Number of inputs that ended the child.
int fuzz(const std::vector<Original>& originals, const Options& options, std::string_view reader) {
    if (originals.empty()) {
        fmt::print("{}: no files to start from\n", reader);
        return 0;
    }
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 1;
    Shared& shared = *new (memory) Shared;
    const std::filesystem::path scratch =
        std::filesystem::temp_directory_path() / fmt::format("shapewise-fuzz-{}", getpid());
    std::filesystem::create_directories(scratch);
    const Clock::time_point until =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.seconds));
    const std::uint64_t end = options.inputs > 0 ? options.first + options.inputs : ~std::uint64_t{0};
    int found = 0;
    shared.index = options.first;
    std::fflush(nullptr);
    while (shared.index < end && Clock::now() < until) {
        const std::uint64_t last = std::min(end, shared.index + kPerChild);
        const pid_t pid = fork();
        if (pid < 0) break;
        if (pid == 0) child(originals, options, shared, scratch, last, until);
        int status = 0;
        waitpid(pid, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
        const std::uint64_t index = shared.index;
        const Input input = inputAt(originals, options.seed, index);
        const std::filesystem::path saved =
            options.save / fmt::format("fuzz-{}-{}{}", options.seed, index, input.original->path.extension().string());
        std::ofstream(saved, std::ios::binary)
            .write(input.bytes.data(), static_cast<std::streamsize>(input.bytes.size()));
        fmt::print("{}: input {} of seed {}, made from {}: {}; saved as {}\n", reader, index, options.seed,
                   input.original->path.string(), endOf(status), saved.string());
        std::fflush(nullptr);
        ++found;
        shared.index = index + 1;
    }
    fmt::print("{}: {} inputs from {} files, {} found\n", reader, shared.index - options.first, originals.size(),
               found);
    std::error_code ignored;
    std::filesystem::remove_all(scratch, ignored);
    munmap(memory, sizeof(Shared));
    return found;
}

int run(const Options& options) {
    std::vector<Original> models;
    std::vector<Original> data;
    for (const std::filesystem::path& path : filesIn(options.sources)) {
        Original original{path, bytesOf(path)};
        const std::string ending = path.extension().string();
        if (original.bytes.empty() || ending == ".md" || ending == ".txt" || ending == ".py" || ending == ".jsonl")
            continue;
        if (isModel(original))
            models.push_back(std::move(original));
        else
            data.push_back(std::move(original));
    }
    int found = 0;
    if (options.reader != "data") found += fuzz(models, options, "models");
    if (options.reader != "models") found += fuzz(data, options, "data");
    return found == 0 ? 0 : 1;
}

/// One file as it is, in this process: for a debugger.
int useOne(const std::filesystem::path& path) {
    Original original{path, bytesOf(path)};
    if (isModel(original))
        useAsModel(original.bytes);
    else
        useAsData(path.string());
    fmt::print("{}: nothing found\n", path.string());
    return 0;
}

}  // namespace
}  // namespace shapewise::fuzz

int main(int argc, char** argv) {
    using namespace shapewise::fuzz;
    CLI::App app("Gives every reader broken files, mutated from real ones, and saves what ends the program.");
    Options options;
    std::filesystem::path one;
    app.add_option("files", options.sources, "Files and folders to start from");
    app.add_option("--seed", options.seed, "The same seed makes the same files");
    app.add_option("--first", options.first, "Number of the first input");
    app.add_option("--inputs", options.inputs, "How many; 0: until the time is over");
    app.add_option("--seconds", options.seconds, "For each reader");
    app.add_option("--seconds-each", options.secondsEach, "Most a single input may take");
    app.add_option("--reader", options.reader, "models, data or all")->check(CLI::IsMember({"models", "data", "all"}));
    app.add_option("--save", options.save, "Folder for what was found")->check(CLI::ExistingDirectory);
    app.add_option("--use", one, "Use this file as it is, in this process")->check(CLI::ExistingFile);
    CLI11_PARSE(app, argc, argv);
    if (!one.empty()) return useOne(one);
    if (options.sources.empty()) {
        for (const char* folder : {"tests/golden", "resources/examples", "resources/samples"})
            options.sources.emplace_back(std::filesystem::path(SHAPEWISE_SOURCE_DIR) / folder);
    }
    return run(options);
}
