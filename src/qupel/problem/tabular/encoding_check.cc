#include "qupel/problem/tabular/encoding_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

using namespace std::string_view_literals;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Bytes of the well-formed sequence that starts here; 0 if there is none.
std::size_t sequence_length(std::string_view at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                             : (lead & 0xf0) == 0xe0       ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || at.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(at[i])) return 0;
  const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
  const bool too_large = lead == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

/// The way to UTF-8 for a file.
std::string conversion(std::string_view encoding, std::string_view source) {
  const std::filesystem::path file(source);
  const auto target = file.parent_path() / (file.stem().string() + ".utf8" + file.extension().string());
  return fmt::format("iconv -f {} -t UTF-8 {} > {}", encoding, shell_quoted(source),
                     shell_quoted(target.string()));
}

/// What a file that is no text begins with, what it is, and the way to a text table.
struct Signature {
  std::string_view start, what, way_out;
};
constexpr std::array signatures{
    Signature{"\x1f\x8b"sv, "compressed (gzip)", "unpack it first: gunzip"},
    Signature{"BZh"sv, "compressed (bzip2)", "unpack it first: bunzip2"},
    Signature{"\x28\xb5\x2f\xfd"sv, "compressed (zstd)", "unpack it first: unzstd"},
    Signature{"\xfd\x37zXZ"sv, "compressed (xz)", "unpack it first: unxz"},
    Signature{"7z\xbc\xaf\x27\x1c"sv, "compressed (7-Zip)", "unpack it first"},
    Signature{"Rar!"sv, "compressed (RAR)", "unpack it first"},
    Signature{"PK\x03\x04"sv, "a zip archive, a spreadsheet or NumPy arrays (npz)",
              "unpack it, or save the sheet as CSV"},
    Signature{"\xd0\xcf\x11\xe0"sv, "a spreadsheet of an old format", "save the sheet as CSV"},
    Signature{"PAR1"sv, "a Parquet table", "export it as CSV"},
    Signature{"ARROW1"sv, "an Arrow (Feather) table", "export it as CSV"},
    Signature{"FEA1"sv, "a Feather table", "export it as CSV"},
    Signature{"ORC"sv, "an ORC table", "export it as CSV"},
    Signature{"Obj\x01"sv, "an Avro table", "export it as CSV"},
    Signature{"\x89HDF"sv, "an HDF5 file", "export a table of it as CSV"},
    Signature{"\x93NUMPY"sv, "a NumPy array", "export it as CSV"},
    Signature{"\x80\x02"sv, "a Python pickle", "export what it holds as CSV"},
    Signature{"\x80\x03"sv, "a Python pickle", "export what it holds as CSV"},
    Signature{"\x80\x04"sv, "a Python pickle", "export what it holds as CSV"},
    Signature{"\x80\x05"sv, "a Python pickle", "export what it holds as CSV"},
    Signature{"MATLAB 5.0"sv, "a MATLAB file", "export a table of it with writetable"},
    Signature{"RDX3"sv, "an R workspace", "export a table of it with write.csv"},
    Signature{"<stata_dta>"sv, "a Stata data set", "export it as CSV"},
    Signature{"\x71\x02\x01"sv, "a Stata data set", "export it as CSV"},
    Signature{"\x72\x02\x01"sv, "a Stata data set", "export it as CSV"},
    Signature{"\x73\x02\x01"sv, "a Stata data set", "export it as CSV"},
    Signature{"$FL2"sv, "an SPSS data set", "export it as CSV"},
    Signature{"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60"sv, "a SAS data set", "export it as CSV"},
    Signature{"SQLite format 3"sv, "an SQLite database", "export a table of it as CSV"},
    Signature{"\x89PNG"sv, "a picture (PNG)", "write the table as CSV"},
    Signature{"\xff\xd8\xff"sv, "a picture (JPEG)", "write the table as CSV"},
    Signature{"%PDF"sv, "a PDF document", "write the table as CSV"},
};

/// Marks of UTF-32, which begin as those of UTF-16 do.
void check_utf32(std::string_view bytes, std::string_view source) {
  if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv))
    throw InputError(
        fmt::format("{}: the text is UTF-32; convert it: {}", source, conversion("UTF-32", source)));
}

void check_signature(std::string_view bytes, std::string_view source) {
  if (bytes.find('\0') == std::string_view::npos && first_invalid_utf8(bytes) == bytes.size())
    return;  // a text may begin with the same letters
  for (const auto& signature : signatures)
    if (bytes.starts_with(signature.start))
      throw InputError(
          fmt::format("{}: the file is {}, not text; {}", source, signature.what, signature.way_out));
}

/// Western European text with bytes 0x80 to 0x9f outside UTF-8, control characters in Latin-1, is
/// Windows-1252.
std::string western_european(std::string_view bytes, std::string_view source) {
  bool windows = false;
  for (std::size_t i = 0; i < bytes.size() && !windows;) {
    const auto length = sequence_length(bytes.substr(i));
    windows = length == 0 && static_cast<unsigned char>(bytes[i]) < 0xa0;
    i += std::max(length, std::size_t{1});
  }
  return windows ? "Windows-1252 (Western European), convert it: " + conversion("CP1252", source)
                 : "Latin-1 (Western European), convert it: " + conversion("LATIN1", source);
}

bool is_ascii_block(const char* at) {
  std::uint64_t block = 0;
  std::memcpy(&block, at, sizeof block);
  return (block & 0x8080808080808080u) == 0;
}

}  // namespace

std::string place(std::string_view bytes, std::size_t offset, std::string_view source) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < offset; ++i) {
    const bool crlf = bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n';
    if (bytes[i] == '\n' || (bytes[i] == '\r' && !crlf)) {
      ++line;
      column = 1;
    } else if (!is_continuation(bytes[i])) {
      ++column;
    }
  }
  return fmt::format("{}:{}:{}", source, line, column);
}

std::size_t first_invalid_utf8(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (i + 8 <= bytes.size() && is_ascii_block(bytes.data() + i)) {
      i += 8;
      continue;
    }
    const auto length = sequence_length(bytes.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return i;
}

bool is_utf16(std::string_view bytes) {
  const bool utf32 = bytes.starts_with(std::string_view("\xff\xfe\0\0", 4));
  return (bytes.starts_with("\xff\xfe") && !utf32) || bytes.starts_with("\xfe\xff");
}

std::string utf8_of(std::string_view utf16) {
  return utf8_from_utf16(utf16.substr(2), utf16.starts_with("\xfe\xff"));
}

void check_encoding(std::string_view bytes, std::string_view source) {
  check_utf32(bytes, source);
  check_signature(bytes, source);
  if (const auto nul = bytes.find('\0'); nul != std::string_view::npos)
    throw InputError(
        fmt::format("{}: a NUL byte at offset {}: this is not a text table (or it is UTF-16; convert it: "
                    "{})",
                    place(bytes, nul, source), nul, conversion(nul == 0 ? "UTF-16BE" : "UTF-16LE", source)));
  if (const auto bad = first_invalid_utf8(bytes); bad != bytes.size())
    throw InputError(fmt::format("{}: byte 0x{:02x} at offset {} is not UTF-8; if the file is {}",
                                 place(bytes, bad, source), static_cast<unsigned char>(bytes[bad]), bad,
                                 western_european(bytes, source)));
}

}  // namespace qupel
