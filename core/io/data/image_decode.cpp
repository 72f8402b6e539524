#include "core/io/data/image_decode.h"

#include "core/io/data/exif.h"
#include "core/io/files/file_paths.h"

#include <cstdio>
// jpeglib.h needs cstdio before it.
#include <jerror.h>
#include <jpeglib.h>

#include <fmt/format.h>
#include <png.h>
#include <unistd.h>
#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <memory>

namespace shapewise::io {

namespace {

constexpr std::int64_t kMostPixels = std::int64_t{1} << 28;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// What a decoder leaves behind when it jumps out: everything with a destructor lives here, not in the jumping
/// function.
struct Decoding {
    std::FILE* file = nullptr;
    Decode what = Decode::Pixels;
    Pixels pixels;
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t*> rows;
    char problem[JMSG_LENGTH_MAX] = "";
    char warning[JMSG_LENGTH_MAX] = "";  ///< the first
    int warnings = 0;
    std::int64_t rowsRead =
        -1;  ///< all that could be read of a file that ends too early or is damaged; -1: it is whole
    bool isTooLarge = false;
    std::int64_t fileBytes = 0;
    bool isMultiScan = false;               ///< JPEG: each scan refines the whole picture
    std::vector<unsigned char> wholeParts;  ///< JPEG: read in place of the file when not empty
    bool endsEarly = false;                 ///< JPEG: the end of the file came before that of the picture
    bool isOtherKind = false;               ///< the file is as it should be, and not read
    std::uint64_t animated = 0;             ///< PNG: pictures of an animation
    std::int64_t cutPartAt = -1;            ///< PNG: where the length of the part stands that the end of the file cuts
    std::string cutPartLength;              ///< what is there of it, as PNG writes it

    bool reserve(std::size_t rowBytes) {
        const auto height = static_cast<std::size_t>(pixels.height);
        bytes.assign(rowBytes * height, 0);
        rows.resize(height);
        for (std::size_t row = 0; row < height; ++row) rows[row] = bytes.data() + row * rowBytes;
        return true;
    }
};

void keepProblem(Decoding& decoding, const char* text) {
    std::snprintf(decoding.problem, sizeof decoding.problem, "%s", text);
}

/// Looks for the part that the end of the file cuts, since libpng decodes a part only when it has all that its length
/// says; and for the one that counts the pictures of an animation.
void lookAtParts(const InputFile& input, Decoding& decoding) {
    std::uint64_t at = 8;
    constexpr std::uint64_t kLengthNameAndChecksum = 12;
    while (at + 8 < input.size()) {
        std::string head(12, '\0');
        head.resize(input.readAt(at, head));
        const auto numberAt = [&](std::size_t from) {
            std::uint64_t number = 0;
            for (const char byte : std::string_view(head).substr(from, 4))
                number = number << 8U | static_cast<unsigned char>(byte);
            return number;
        };
        if (head.size() < 8) return;
        const std::uint64_t size = numberAt(0);
        if (head.size() == 12 && std::string_view(head).substr(4, 4) == "acTL") decoding.animated = numberAt(8);
        if (at + 8 + size > input.size()) {
            const std::uint64_t held = input.size() - at - 8;
            decoding.cutPartAt = static_cast<std::int64_t>(at);
            for (std::size_t index = 0; index < 4; ++index)
                decoding.cutPartLength += static_cast<char>(held >> (24 - 8 * index) & 0xFFU);
            return;
        }
        at += kLengthNameAndChecksum + size;
    }
}

void readPngBytes(png_structp png, png_bytep to, std::size_t count) {
    Decoding& decoding = *static_cast<Decoding*>(png_get_io_ptr(png));
    const long at = std::ftell(decoding.file);
    if (std::fread(to, 1, count, decoding.file) < count) png_error(png, "Read Error");
    for (std::size_t index = 0; decoding.cutPartAt >= 0 && index < decoding.cutPartLength.size(); ++index) {
        const std::int64_t place = decoding.cutPartAt + static_cast<std::int64_t>(index) - at;
        if (place >= 0 && place < static_cast<std::int64_t>(count))
            to[place] = static_cast<png_byte>(decoding.cutPartLength[index]);
    }
}

void onPngError(png_structp png, png_const_charp text) {
    keepProblem(*static_cast<Decoding*>(png_get_error_ptr(png)), text);
    png_longjmp(png, 1);
}
void keepWarning(Decoding& decoding, const char* text) {
    if (decoding.warnings++ == 0) std::snprintf(decoding.warning, sizeof decoding.warning, "%s", text);
}
void onPngWarning(png_structp png, png_const_charp text) {
    keepWarning(*static_cast<Decoding*>(png_get_error_ptr(png)), text);
}

/// Row by row, so that what comes before a fault is kept. Of an interlaced picture every pass fills whole blocks.
void readPngRows(png_structp png, Decoding& decoding, int passes) {
    for (int pass = 0; pass < passes; ++pass)
        for (std::size_t row = 0; row < decoding.rows.size(); ++row) {
            png_read_row(png, nullptr, decoding.rows[row]);
            decoding.rowsRead = std::max<std::int64_t>(decoding.rowsRead, static_cast<std::int64_t>(row) + 1);
        }
    png_read_end(png, nullptr);
    decoding.rowsRead = -1;
}

/// Returns false when libpng gave up; `decoding.problem` says why. No object with a destructor may live here.
bool decodePng(png_structp png, png_infop info, Decoding& decoding) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_read_fn(png, &decoding, readPngBytes);
    png_set_benign_errors(png, 1);
    png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
    png_set_user_limits(png, 1u << 24, 1u << 24);
    png_read_info(png, info);
    Pixels& pixels = decoding.pixels;
    pixels.height = png_get_image_height(png, info);
    pixels.width = png_get_image_width(png, info);
    pixels.bits = png_get_bit_depth(png, info);
    const int colour = png_get_color_type(png, info);
    pixels.hasPalette = colour == PNG_COLOR_TYPE_PALETTE;
    const bool hasTransparency = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
    pixels.storedChannels = colour == PNG_COLOR_TYPE_PALETTE ? (hasTransparency ? 4 : 3) : png_get_channels(png, info);
    if (pixels.height * pixels.width > kMostPixels) {
        decoding.isTooLarge = true;
        return false;
    }
    // No stream of Deflate holds more: the header is damaged, and would take the memory of a picture nobody has.
    constexpr std::int64_t kMostFromAByte = 1032;
    if (static_cast<std::int64_t>(png_get_rowbytes(png, info)) * pixels.height / kMostFromAByte > decoding.fileBytes)
        png_error(png, "more pixels are promised than the file can hold");
    if (decoding.what == Decode::Header) return true;
    png_set_expand(png);  // palettes, 1 to 4 bits and tRNS to plain channels
    png_set_expand_16(png);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    pixels.channels = png_get_channels(png, info);
    decoding.reserve(png_get_rowbytes(png, info));
    readPngRows(png, decoding, passes);
    return true;
}

Result<void> readPng(Decoding& decoding) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoding, onPngError, onPngWarning);
    png_infop info = png != nullptr ? png_create_info_struct(png) : nullptr;
    const bool done = info != nullptr && decodePng(png, info, decoding);
    png_destroy_read_struct(&png, &info, nullptr);
    if (!done && decoding.rowsRead < 1) return failure(decoding.problem);
    if (!done) keepWarning(decoding, decoding.problem);
    Pixels& pixels = decoding.pixels;
    pixels.isPng = true;
    pixels.values.resize(decoding.bytes.size() / 2);
    for (std::size_t index = 0; index < pixels.values.size(); ++index)  // PNG stores the high byte first
        pixels.values[index] =
            static_cast<std::uint16_t>((decoding.bytes[2 * index] << 8) | decoding.bytes[2 * index + 1]);
    return {};
}

struct JpegErrors {
    jpeg_error_mgr base;
    std::jmp_buf jump;
    Decoding* decoding;
};

[[noreturn]] void onJpegError(j_common_ptr common) {
    auto* errors = reinterpret_cast<JpegErrors*>(common->err);
    constexpr int kOtherKinds[] = {JERR_BAD_PRECISION, JERR_SOF_UNSUPPORTED,    JERR_ARITH_NOTIMPL,
                                   JERR_EMPTY_IMAGE,   JERR_CONVERSION_NOTIMPL, JERR_COMPONENT_COUNT};
    errors->decoding->isOtherKind =
        std::find(std::begin(kOtherKinds), std::end(kOtherKinds), common->err->msg_code) != std::end(kOtherKinds);
    common->err->format_message(common, errors->decoding->problem);
    std::longjmp(errors->jump, 1);
}
/// Of a file that ends too early libjpeg paints the rest in grey, and warns of data that are missing for it: where it
/// does not, the end mark alone is missing.
void onJpegMessage(j_common_ptr common, int level) {
    if (level >= 0) return;
    Decoding& decoding = *reinterpret_cast<JpegErrors*>(common->err)->decoding;
    char text[JMSG_LENGTH_MAX];
    common->err->format_message(common, text);
    keepWarning(decoding, text);
    if (common->err->msg_code == JWRN_JPEG_EOF) decoding.endsEarly = true;
    if (common->err->msg_code == JWRN_HIT_MARKER && decoding.endsEarly && decoding.rowsRead < 0)
        decoding.rowsRead =
            common->is_decompressor != FALSE ? reinterpret_cast<j_decompress_ptr>(common)->output_scanline : 0;
}

/// As decodePng.
bool decodeJpeg(jpeg_decompress_struct& jpeg, JpegErrors& errors, Decoding& decoding) {
    if (setjmp(errors.jump)) return false;
    jpeg_create_decompress(&jpeg);
    if (decoding.wholeParts.empty())
        jpeg_stdio_src(&jpeg, decoding.file);
    else
        jpeg_mem_src(&jpeg, decoding.wholeParts.data(), static_cast<unsigned long>(decoding.wholeParts.size()));
    jpeg_read_header(&jpeg, TRUE);
    Pixels& pixels = decoding.pixels;
    pixels.height = jpeg.image_height;
    pixels.width = jpeg.image_width;
    pixels.storedChannels = jpeg.num_components;
    if (pixels.height * pixels.width > kMostPixels) {
        decoding.isTooLarge = true;
        return false;
    }
    // Runs of empty blocks hold the most; a header that promises more would take the memory of a picture nobody has.
    constexpr std::int64_t kMostPixelsFromAByte = 4096;
    if (jpeg.arith_code == FALSE && pixels.height * pixels.width / kMostPixelsFromAByte > decoding.fileBytes) {
        keepProblem(decoding, "more pixels are promised than the file can hold");
        return false;
    }
    if (decoding.what == Decode::Header) return true;
    decoding.isMultiScan = jpeg_has_multiple_scans(&jpeg) != FALSE;
    if (jpeg.num_components == 3) jpeg.out_color_space = JCS_RGB;
    if (jpeg.num_components == 4) jpeg.out_color_space = JCS_CMYK;
    jpeg_start_decompress(&jpeg);
    pixels.channels = jpeg.output_components;
    decoding.reserve(static_cast<std::size_t>(jpeg.output_width) * static_cast<std::size_t>(jpeg.output_components));
    while (jpeg.output_scanline < jpeg.output_height)
        jpeg_read_scanlines(&jpeg, &decoding.rows[jpeg.output_scanline], 1);
    jpeg_finish_decompress(&jpeg);
    return true;
}

/// The file without the part at its end that is not there as a whole, which decoders of pictures in several scans
/// refuse though the scans before it are there. Empty when its end is no such part.
std::vector<unsigned char> withoutCutPart(const InputFile& input) {
    constexpr std::uint64_t kLargest = std::uint64_t{1} << 30;
    const Result<std::string> all = input.readAll(kLargest);
    if (!all) return {};
    for (std::size_t at = all->size(); at-- > 2;) {
        const auto byteAt = [&](std::size_t index) { return std::size_t{static_cast<unsigned char>((*all)[index])}; };
        if (byteAt(at - 1) != 0xFF) continue;
        const std::size_t marker = byteAt(at);
        const bool isPartOfScan = marker == 0x00 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD7);
        if (isPartOfScan) continue;
        const bool isCut = at + 2 >= all->size() || at + 1 + (byteAt(at + 1) << 8U | byteAt(at + 2)) > all->size();
        if (!isCut) return {};
        return {all->begin(), all->begin() + static_cast<std::ptrdiff_t>(at) - 1};
    }
    return {};
}

Result<void> readJpeg(Decoding& decoding) {
    jpeg_decompress_struct jpeg{};
    JpegErrors errors{};
    jpeg.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = onJpegError;
    errors.base.emit_message = onJpegMessage;
    errors.decoding = &decoding;
    const bool done = decodeJpeg(jpeg, errors, decoding);
    const bool isAdobe = jpeg.saw_Adobe_marker != FALSE;
    jpeg_destroy_decompress(&jpeg);
    if (!done) return failure(decoding.problem);
    Pixels& pixels = decoding.pixels;
    constexpr int kTo16Bits = 257;
    if (pixels.channels == 4) {  // CMYK; Adobe stores it inverted
        const std::size_t count = decoding.bytes.size() / 4;
        pixels.values.resize(count * 3);
        for (std::size_t index = 0; index < count; ++index)
            for (std::size_t channel = 0; channel < 3; ++channel) {
                const auto light = [&](std::size_t of) {
                    return isAdobe ? decoding.bytes[index * 4 + of] : 255 - decoding.bytes[index * 4 + of];
                };
                pixels.values[index * 3 + channel] =
                    static_cast<std::uint16_t>(light(channel) * light(3) / 255 * kTo16Bits);
            }
        pixels.channels = 3;
        return {};
    }
    pixels.values.resize(decoding.bytes.size());
    for (std::size_t index = 0; index < decoding.bytes.size(); ++index)
        pixels.values[index] = static_cast<std::uint16_t>(decoding.bytes[index] * kTo16Bits);
    return {};
}

/// The pixel at (row, column) of the upright picture, in the picture as stored.
std::int64_t storedIndex(int orientation, std::int64_t row, std::int64_t column, std::int64_t height,
                         std::int64_t width) {
    const auto at = [&](std::int64_t r, std::int64_t c) { return r * width + c; };
    switch (orientation) {
        case 2: return at(row, width - 1 - column);
        case 3: return at(height - 1 - row, width - 1 - column);
        case 4: return at(height - 1 - row, column);
        case 5: return at(column, row);
        case 6: return at(height - 1 - column, row);
        case 7: return at(height - 1 - column, width - 1 - row);
        case 8: return at(column, width - 1 - row);
        default: return at(row, column);
    }
}

void turnUpright(Pixels& pixels) {
    if (pixels.orientation == 1) return;
    const std::int64_t height = liesOnItsSide(pixels.orientation) ? pixels.width : pixels.height;
    const std::int64_t width = liesOnItsSide(pixels.orientation) ? pixels.height : pixels.width;
    if (!pixels.values.empty()) {
        std::vector<std::uint16_t> turned(pixels.values.size());
        auto write = turned.begin();
        for (std::int64_t row = 0; row < height; ++row)
            for (std::int64_t column = 0; column < width; ++column) {
                const std::int64_t index =
                    storedIndex(pixels.orientation, row, column, pixels.height, pixels.width) * pixels.channels;
                write = std::copy_n(pixels.values.begin() + index, pixels.channels, write);
            }
        pixels.values = std::move(turned);
    }
    pixels.height = height;
    pixels.width = width;
    pixels.notes.push_back(
        fmt::format("{} (EXIF orientation {})", orientationText(pixels.orientation), pixels.orientation));
}

void noteFaults(Decoding& decoding) {
    Pixels& pixels = decoding.pixels;
    const char* const library = pixels.isPng ? "libpng" : "libjpeg";
    if (decoding.animated > 1)
        pixels.notes.push_back(fmt::format("an animation of {} pictures, the first is read", decoding.animated));
    if (decoding.rowsRead >= 0) {
        const bool isCut =
            !pixels.isPng || decoding.cutPartAt >= 0 || std::string_view(decoding.warning) == "Read Error";
        const bool isCoarse = decoding.isMultiScan || decoding.rowsRead >= pixels.height;
        pixels.notes.push_back(
            isCoarse ? fmt::format("the file is cut: all {} rows are there, the last detail may be missing ({}: {})",
                                   pixels.height, library, decoding.warning)
                     : fmt::format("the file is {}, {} of {} whole rows read; the rest is {} ({}: {})",
                                   isCut ? "cut" : "damaged", decoding.rowsRead, pixels.height,
                                   pixels.isPng ? "black" : "grey", library, decoding.warning));
        return;
    }
    if (decoding.endsEarly) {
        pixels.notes.emplace_back(decoding.isMultiScan
                                      ? "the file is cut: all rows are there, the last detail may be missing"
                                      : "the file is cut: its end mark is missing, all rows are there");
        return;
    }
    if (decoding.warnings > 0)
        pixels.notes.push_back(
            fmt::format("{} warns: {}{}", library, decoding.warning,
                        decoding.warnings > 1 ? fmt::format(" (and {} more)", decoding.warnings - 1) : std::string()));
}

}  // namespace

Result<Pixels> decodeImage(const InputFile& input, Decode what) {
    const std::string name = shownName(input.path());
    const bool isPng = input.head().starts_with("\x89PNG\r\n\x1a\n");
    if (!isPng && !input.head().starts_with("\xFF\xD8\xFF"))
        return failure(fmt::format("{} is neither a PNG nor a JPEG picture", name), "Save it as PNG and open that");
    const File file(::fdopen(::dup(input.descriptor()), "rb"));  // both decoders read from a stream
    if (!file)
        return failure(fmt::format("{} cannot be read: {}", name, std::strerror(errno)),
                       "Check the name and the folder");
    std::rewind(file.get());
    Decoding decoding;
    decoding.file = file.get();
    decoding.what = what;
    decoding.fileBytes = static_cast<std::int64_t>(input.size());
    if (isPng) lookAtParts(input, decoding);
    Result<void> done = isPng ? readPng(decoding) : readJpeg(decoding);
    if (!done && decoding.isMultiScan) {
        if (std::vector<unsigned char> parts = withoutCutPart(input); !parts.empty()) {
            decoding.wholeParts = std::move(parts);
            done = readJpeg(decoding);
        }
    }
    if (decoding.isTooLarge)
        return failure(fmt::format("{} is too large: {} × {} pixels, and at most {} are read", name,
                                   decoding.pixels.width, decoding.pixels.height, kMostPixels),
                       "Make it smaller first");
    if (!done && decoding.isOtherKind)
        return failure(fmt::format("{} is a JPEG picture of a kind that is not read: {}", name, done.error().message),
                       "Save it as PNG or as an 8-bit baseline JPEG and open that");
    if (!done)
        return failure(fmt::format("{} is cut off or damaged: {}", name, done.error().message),
                       "Get a complete copy of the file");
    noteFaults(decoding);
    decoding.pixels.orientation = orientationOf(input);
    turnUpright(decoding.pixels);
    return std::move(decoding.pixels);
}

}  // namespace shapewise::io
