#include "app/cli/console.h"

#include "core/base/text_table.h"

#include <unistd.h>
#include <cstdio>
#include <cstdlib>

namespace shapewise::cli {

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (!text.empty() && text.back() != '\n') std::fputc('\n', stdout);
}

void complain(const Error& error) {
    const std::string line = "shapewise-cli: " + printable(error.text()) + "\n";
    std::fputs(line.c_str(), stderr);
}

void note(std::string_view text) {
    const std::string line = "note: " + printable(text) + "\n";
    std::fputs(line.c_str(), stderr);
}

io::Colour terminalColour() {
    const char* noColour = std::getenv("NO_COLOR");
    const bool wanted = noColour == nullptr || *noColour == '\0';
    return wanted && isatty(STDOUT_FILENO) != 0 ? io::Colour::On : io::Colour::Off;
}

}  // namespace shapewise::cli
