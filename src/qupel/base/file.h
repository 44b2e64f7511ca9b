#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace qupel {

/// The whole file as bytes. @throws InputError if it is missing, a
/// directory, unreadable or above `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::size_t limit = std::size_t{1} << 30);

/// The first bytes of the file, at most `most`. @throws InputError as read_file() does
std::string read_beginning(const std::filesystem::path& path, std::size_t most);

/// Writes the file so that a reader sees the old or the new content, never half of it (temporary file, fsync,
/// rename). Creates missing folders, keeps the file's permissions, follows a symbolic link, and writes into a
/// pipe, a device or an open descriptor (/dev/stdout, /dev/fd/3) as it is.
/// @throws InputError if it or its folder is read-only or the disk is full
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace qupel
