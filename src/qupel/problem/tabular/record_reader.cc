#include "qupel/problem/tabular/record_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/encoding_check.h"

namespace qupel {
namespace {

/// Line ends in the text: LF, CR LF or lone CR.
std::size_t count_lines(std::string_view text) {
  std::size_t lines = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    lines += text[i] == '\n' ? 1 : text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n') ? 1 : 0;
  return lines;
}

}  // namespace

std::string Field::cell() const {
  const auto trimmed = trim(text);
  if (!quoted || trimmed.find('"') == std::string_view::npos) return std::string(trimmed);
  std::string plain;
  for (std::size_t i = 0; i < trimmed.size(); ++i) {
    plain += trimmed[i];
    if (trimmed[i] == '"') ++i;
  }
  return plain;
}

RecordReader::RecordReader(std::string_view bytes, std::string_view source, char delimiter,
                           std::size_t offset, bool quotes)
    : bytes_(bytes),
      source_(source),
      delimiter_(delimiter),
      quotes_(quotes),
      at_(offset),
      line_(1 + count_lines(bytes.substr(0, offset))) {}

std::string RecordReader::place_of(std::size_t offset) const { return place(bytes_, offset, source_); }

bool RecordReader::at_end_of_line() const {
  return at_ == bytes_.size() || bytes_[at_] == '\n' || bytes_[at_] == '\r';
}

void RecordReader::skip_padding() {
  while (at_ < bytes_.size() && is_padding(bytes_[at_])) ++at_;
}

void RecordReader::skip_line_end() {
  if (at_ == bytes_.size()) return;
  if (bytes_[at_] == '\r' && at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++line_;
}

/// A line of nothing but spaces.
bool RecordReader::skip_blank_line() {
  const auto start = at_;
  skip_padding();
  if (at_ == bytes_.size()) return start != at_;
  if (!at_end_of_line()) {
    at_ = start;
    return false;
  }
  skip_line_end();
  ++blank_lines_;
  return true;
}

Field RecordReader::quoted_field(std::size_t open) {
  auto close = open + 1;
  while (true) {
    close = bytes_.find('"', close);
    if (close == std::string_view::npos)
      throw InputError(fmt::format("{}: a quote is opened here and never closed", place_of(open)));
    if (close + 1 == bytes_.size() || bytes_[close + 1] != '"') break;
    close += 2;
  }
  const auto text = bytes_.substr(open + 1, close - open - 1);
  line_ += count_lines(text);
  at_ = close + 1;
  const bool at_delimiter = !at_end_of_line() && is_delimiter(bytes_[at_]);
  skip_padding();
  if (!at_end_of_line() && !at_delimiter && bytes_[at_] != delimiter_)
    throw InputError(
        fmt::format("{}: text after a closing quote; a quote inside a quoted cell is written twice (\"\")",
                    place_of(at_)));
  return {.text = text, .offset = open, .quoted = true};
}

Field RecordReader::field() {
  const auto start = at_;
  skip_padding();
  if (quotes_ && at_ < bytes_.size() && bytes_[at_] == '"') return quoted_field(at_);
  const char* const base = bytes_.data();
  const char* const end = base + bytes_.size();
  const char* p = base + at_;
  while (p != end && !is_delimiter(*p) && *p != '\n' && *p != '\r') ++p;
  at_ = static_cast<std::size_t>(p - base);
  return {.text = bytes_.substr(start, at_ - start), .offset = start, .quoted = false};
}

bool RecordReader::next(std::vector<Field>& fields) {
  fields.clear();
  while (skip_blank_line()) {
  }
  if (at_ == bytes_.size()) return false;
  record_line_ = line_;
  fields.push_back(field());
  while (!at_end_of_line()) {
    if (delimiter_ != ' ')
      ++at_;
    else if (skip_padding(); at_end_of_line())
      break;
    fields.push_back(field());
  }
  skip_line_end();
  return true;
}

}  // namespace qupel
