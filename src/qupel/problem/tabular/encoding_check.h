#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace qupel {

/// "source:line:column" of a byte of the text; columns count characters, both from 1.
std::string place(std::string_view bytes, std::size_t offset, std::string_view source);

/// The offset of the first byte that is not part of well-formed UTF-8 (RFC 3629), or bytes.size().
std::size_t first_invalid_utf8(std::string_view bytes);

/// Whether the bytes begin with the byte-order mark of UTF-16.
bool is_utf16(std::string_view bytes);
/// Such text as UTF-8, without the mark.
std::string utf8_of(std::string_view utf16);

/// @throws InputError if the bytes are no UTF-8 text: NUL bytes (UTF-16 without a mark), or another encoding
/// (names the byte and the command that converts Windows-1252 or Latin-1)
void check_encoding(std::string_view bytes, std::string_view source);

}  // namespace qupel
