#include "qupel/base/archive.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"

namespace qupel {
namespace {

constexpr std::string_view magic = "qupel archive\n";
constexpr std::uint64_t format_number = 1;
constexpr std::size_t hash_digits = 64, head_bytes = magic.size() + 2 * sizeof(std::uint64_t);
constexpr int deepest = 100;  // archives within archives

void append(std::string& bytes, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

std::uint64_t whole_at(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

/// A value is the number of its type in Archive::Value, then for lists their length, then their items.
class ArchiveWriter {
 public:
  void write(const Archive& archive) {
    write(archive.values_.size());
    for (const auto& [name, value] : archive.values_) {
      write(name);
      write(value.index());
      std::visit([this](const auto& held) { write(held); }, value);
    }
  }
  std::string take() { return std::move(bytes_); }

 private:
  void write(std::uint64_t value) { append(bytes_, value); }
  void write(std::int64_t value) { append(bytes_, static_cast<std::uint64_t>(value)); }
  void write(double value) { append(bytes_, std::bit_cast<std::uint64_t>(value)); }
  void write(const std::string& text) {
    write(std::uint64_t{text.size()});
    bytes_ += text;
  }
  void write(const Matrix<double>& matrix) {
    write(std::uint64_t{matrix.rows()});
    write(std::uint64_t{matrix.columns()});
    for (const double value : matrix.values()) write(value);
  }
  template <typename T>
  void write(const std::vector<T>& values) {
    write(std::uint64_t{values.size()});
    for (const auto& value : values) write(value);
  }

  std::string bytes_;
};

/// Every length is compared with what is left before anything is allocated.
class ArchiveReader {
 public:
  explicit ArchiveReader(std::string_view bytes) : bytes_(bytes) {}

  Archive read_all() {
    auto archive = read_archive(0);
    require(at_ == bytes_.size());
    return archive;
  }

 private:
  static void require(bool holds) {
    if (!holds) throw InputError("its values do not fit together");
  }
  std::uint64_t read_whole() {
    require(bytes_.size() - at_ >= 8);
    at_ += 8;
    return whole_at(bytes_, at_ - 8);
  }
  double read_number() { return std::bit_cast<double>(read_whole()); }
  std::size_t read_count(std::size_t bytes_each) {
    const auto count = read_whole();
    require(count <= (bytes_.size() - at_) / bytes_each);
    return static_cast<std::size_t>(count);
  }
  std::string read_text() {
    const auto length = read_count(1);
    at_ += length;
    return std::string(bytes_.substr(at_ - length, length));
  }
  Matrix<double> read_matrix() {
    const auto rows = read_whole(), columns = read_whole();
    const auto most = (bytes_.size() - at_) / 8;
    constexpr std::uint64_t any = std::uint64_t{1} << 32;  // of a matrix without the other kind
    require(rows <= any && columns <= any && rows * columns <= most);
    Matrix<double> matrix(rows, columns);
    for (double& value : matrix.values()) value = read_number();
    return matrix;
  }
  template <typename Read>
  auto read_list(std::size_t bytes_each, Read read) {
    std::vector<decltype(read())> values;
    const auto count = read_count(bytes_each);
    values.reserve(count);
    for (std::size_t i = 0; i < count; ++i) values.push_back(read());
    return values;
  }
  Archive::Value read_value(int depth) {
    switch (read_whole()) {
      case 0:
        return read_number();
      case 1:
        return static_cast<std::int64_t>(read_whole());
      case 2:
        return read_text();
      case 3:
        return read_list(8, [this] { return read_number(); });
      case 4:
        return read_list(8, [this] { return static_cast<std::int64_t>(read_whole()); });
      case 5:
        return read_matrix();
      case 6:
        return read_list(8, [this] { return read_text(); });
      case 7:
        return read_list(8, [this, depth] { return read_archive(depth + 1); });
      default:
        require(false);
    }
    return {};
  }
  Archive read_archive(int depth) {
    require(depth < deepest);
    Archive archive;
    const auto count = read_count(16);
    for (std::size_t i = 0; i < count; ++i) {
      auto name = read_text();
      archive.values_.insert_or_assign(std::move(name), read_value(depth));
    }
    return archive;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

template <typename T>
const T& Archive::value(const std::string& name, std::string_view type) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw InputError(fmt::format("a saved model misses \"{}\"", name));
  if (const auto* held = std::get_if<T>(&found->second)) return *held;
  throw InputError(fmt::format("a saved model's \"{}\" is no {}", name, type));
}

std::vector<std::string> Archive::names() const {
  std::vector<std::string> all;
  for (const auto& [name, value] : values_) all.push_back(name);
  return all;
}

double Archive::number(const std::string& name) const { return value<double>(name, "number"); }

std::int64_t Archive::whole(const std::string& name, std::int64_t low, std::int64_t high) const {
  const auto held = value<std::int64_t>(name, "whole number");
  require_within(name, held, low, high);
  return held;
}

std::size_t Archive::size(const std::string& name, std::size_t most) const {
  return static_cast<std::size_t>(whole(name, 0, static_cast<std::int64_t>(most)));
}

const std::string& Archive::text(const std::string& name) const { return value<std::string>(name, "text"); }

const std::vector<double>& Archive::numbers(const std::string& name) const {
  return value<std::vector<double>>(name, "list of numbers");
}

const Matrix<double>& Archive::matrix(const std::string& name) const {
  return value<Matrix<double>>(name, "matrix");
}

const std::vector<std::string>& Archive::texts(const std::string& name) const {
  return value<std::vector<std::string>>(name, "list of texts");
}

const std::vector<Archive>& Archive::parts(const std::string& name) const {
  return value<std::vector<Archive>>(name, "list of parts");
}

const Archive& Archive::part(const std::string& name) const {
  const auto& all = parts(name);
  require_saved(all.size() == 1, "one \"" + name + "\"");
  return all.front();
}

const std::vector<std::int64_t>& Archive::all_wholes(const std::string& name) const {
  return value<std::vector<std::int64_t>>(name, "list of whole numbers");
}

void Archive::require_within(const std::string& name, std::int64_t value, std::int64_t low,
                             std::int64_t high) {
  if (value < low || value > high)
    throw InputError(
        fmt::format("a saved model's \"{}\" is {}, which is not between {} and {}", name, value, low, high));
}

std::string Archive::bytes() const {
  ArchiveWriter writer;
  writer.write(*this);
  const auto values = writer.take();
  std::string bytes(magic);
  append(bytes, format_number);
  append(bytes, values.size());
  bytes += values;
  return bytes + sha256(bytes);
}

bool Archive::begins_like_one(std::string_view bytes) { return bytes.starts_with(magic); }

Archive Archive::from_bytes(std::string_view bytes, std::string_view source) {
  const auto refuse = [&](const std::string& what) { throw InputError(fmt::format("{}: {}", source, what)); };
  if (!begins_like_one(bytes)) refuse("is not a file that Qupel saved a model in");
  if (bytes.size() < head_bytes) refuse("is cut off: even its head is not complete");
  const auto format = whole_at(bytes, magic.size()), length = whole_at(bytes, magic.size() + 8);
  if (format > format_number)
    refuse(fmt::format("was written by a newer version of Qupel (format {}; this one reads up to {})", format,
                       format_number));
  const auto held = bytes.size() - head_bytes;
  if (length > held || held - length < hash_digits)
    refuse(fmt::format("is cut off: it holds {} bytes of {} and a checksum", held, length));
  if (held - length > hash_digits) refuse("is damaged: something was added at its end");
  const auto body = bytes.substr(0, head_bytes + length);
  if (sha256(body) != bytes.substr(body.size())) refuse("is damaged: its checksum is another");
  try {
    return ArchiveReader(body.substr(head_bytes)).read_all();
  } catch (const InputError& error) {
    refuse(fmt::format("is damaged: {}", error.what()));
  }
  return {};
}

void require_saved(bool holds, std::string_view rule) {
  if (!holds) throw InputError(fmt::format("a saved model does not hold what a fit makes: {}", rule));
}

}  // namespace qupel
