#pragma once
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/study/result.h"

// How results become JSON and come back, bit for bit: a Writer or a Reader goes through fields(archive, x),
// which names the fields of each structure once. Numbers that JSON lacks are written as "nan", "inf" and
// "-inf". Templates over the JSON library's type, which stays out of headers. Private to study/.
namespace qupel {

template <typename E>
struct Named {
  E value;
  std::string_view name;
};
inline constexpr Named<Inputs> inputs_names[] = {{Inputs::all, "all"}, {Inputs::reduced, "reduced"}};
inline constexpr Named<Finding::Level> level_names[] = {{Finding::Level::info, "info"},
                                                        {Finding::Level::warning, "warning"}};

/// All values of an enumeration with their texts.
template <typename E>
std::vector<Named<E>> names_of(std::initializer_list<E> values) {
  std::vector<Named<E>> names;
  for (const E value : values) names.push_back({value, to_string(value)});
  return names;
}
inline const auto& names(Inputs) { return inputs_names; }
inline const auto& names(Finding::Level) { return level_names; }
inline const auto& names(Family) {
  static const auto all = names_of({Family::quantum, Family::classical, Family::quantum_inspired});
  return all;
}
inline const auto& names(ColumnType) {
  using enum ColumnType;
  static const auto all = names_of({numeric, boolean, categorical, date, identifier, text, constant});
  return all;
}
inline const auto& names(Verdict) {
  using enum Verdict;
  static const auto all =
      names_of({quantum_better, classical_better, equivalent, no_advantage, inconclusive});
  return all;
}
inline const auto& names(Check::Severity) {
  using enum Check::Severity;
  static const auto all = names_of({passed, warning, refused});
  return all;
}
inline const auto& names(Stage) {
  using enum Stage;
  static const auto all = names_of({encode, compile, queue, execute, mitigate, optimise, classical, tune});
  return all;
}

template <typename E>
std::string name_of(E value) {
  for (const auto& named : names(value))
    if (named.value == value) return std::string(named.name);
  return "";
}
template <typename E>
E value_of(std::string_view name) {
  for (const auto& named : names(E{}))
    if (named.name == name) return named.value;
  throw InputError(fmt::format("\"{}\" is not a known value", name));
}

template <typename T>
concept Enumeration = std::is_enum_v<T>;
template <typename T>
concept Integer = std::is_integral_v<T>;

// ---- fields of what stands in several results

template <typename A>
void fields(A& archive, Metric& x) {
  archive("name", x.name)("unit", x.unit)("higher_is_better", x.higher_is_better)("low", x.low)(
      "high", x.high)("share", x.share)("decides", x.decides)("over_rows", x.over_rows)("spread", x.spread);
  if (!x.read_as_number) x.read_as_number = x.name == "roc-auc";  // in results of older versions
  archive.unless(false, "read_as_number", x.read_as_number);
}

template <typename A>
void fields(A& archive, Check& x) {
  archive("code", x.code)("severity", x.severity)("message", x.message);
}

template <typename A>
void fields(A& archive, Comparison& x) {
  archive("contender", x.contender)("against", x.against)("metric", x.metric)("difference", x.difference)(
      "low", x.low)("high", x.high)("p_better", x.p_better)("p_equivalent", x.p_equivalent)(
      "p_worse", x.p_worse)("p_value", x.p_value)("p_holm", x.p_holm)("repeats_needed", x.repeats_needed)(
      "decides", x.decides)("differences", x.differences)("repeats", x.repeats)("verdict", x.verdict);
  if (!x.against_floor) x.against_floor = x.against == "majority";  // in results of older versions
  archive.newer("quantum", x.quantum);
  archive.newer("rows_needed", x.rows_needed).newer("against_floor", x.against_floor);
}

// ---- values to JSON

template <typename Json>
Json encode(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
template <typename Json>
Json encode(const std::string& value) {
  return value;
}
template <typename Json>
Json encode(const Setting& value) {
  return std::visit([](const auto& held) { return encode<Json>(held); }, value);
}
template <typename Json, Integer T>
Json encode(T value) {
  return value;
}
template <typename Json, Enumeration T>
Json encode(T value) {
  return name_of(value);
}

template <typename Json>
class Writer {
 public:
  explicit Writer(bool with_seconds) : with_seconds_(with_seconds) {}

  template <typename T>
  Writer& operator()(const char* key, T& value) {
    object_[key] = write(value);
    return *this;
  }
  /// A field that stored results of older versions lack.
  template <typename T>
  Writer& newer(const char* key, T& value) {
    return (*this)(key, value);
  }
  /// A field that is left out where it has its usual value: results without it stay as they are, bit for bit.
  template <typename T>
  Writer& unless(const T& usual, const char* key, T& value) {
    return value == usual ? *this : (*this)(key, value);
  }
  template <typename T>
  void seconds(const char* key, T& value) {
    if (with_seconds_) object_[key] = write(value);
  }
  Json take() { return std::move(object_); }

 private:
  template <typename T>
  Json write(T& value) const {
    if constexpr (requires { encode<Json>(value); }) {
      return encode<Json>(value);
    } else {
      Writer inner(with_seconds_);
      fields(inner, value);
      return inner.take();
    }
  }
  template <typename T>
  Json write(std::vector<T>& values) const {
    Json array = Json::array();
    for (auto& value : values) array.push_back(write(value));
    return array;
  }
  template <typename K, typename T>
  Json write(std::map<K, T>& values) const {
    Json object = Json::object();
    for (auto& [key, value] : values) {
      if constexpr (Enumeration<K>)
        object[name_of(key)] = write(value);
      else
        object[key] = write(value);
    }
    return object;
  }
  template <typename A, typename B>
  Json write(std::pair<A, B>& value) const {
    return Json::array({write(value.first), write(value.second)});
  }
  template <typename T>
  Json write(std::optional<T>& value) const {
    return value ? write(*value) : Json(nullptr);
  }
  Json write(Matrix<double>& value) const {
    Json numbers = Json::array();
    for (const double number : value.values()) numbers.push_back(encode<Json>(number));
    return {{"rows", value.rows()}, {"columns", value.columns()}, {"values", std::move(numbers)}};
  }

  bool with_seconds_;
  Json object_ = Json::object();
};

// ---- JSON to values

template <typename Json>
void decode(const Json& in, double& value) {
  if (!in.is_string()) {
    value = in.template get<double>();
    return;
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto& text = in.template get_ref<const std::string&>();
  value = text == "inf" ? infinity : text == "-inf" ? -infinity : std::numeric_limits<double>::quiet_NaN();
}
template <typename Json>
void decode(const Json& in, std::string& value) {
  value = in.template get<std::string>();
}
template <typename Json>
void decode(const Json& in, Setting& value) {
  if (in.is_string())
    value = in.template get<std::string>();
  else
    value = in.template get<double>();
}
template <typename Json, Integer T>
void decode(const Json& in, T& value) {
  value = in.template get<T>();
}
template <typename Json, Enumeration T>
void decode(const Json& in, T& value) {
  value = value_of<T>(in.template get_ref<const std::string&>());
}

template <typename Json>
class Reader {
 public:
  explicit Reader(const Json& object) : object_(object) {}

  template <typename T>
  Reader& operator()(const char* key, T& value) {
    read(object_.at(key), value);
    return *this;
  }
  /// Keeps the value as it is where the key is missing.
  template <typename T>
  Reader& newer(const char* key, T& value) {
    if (object_.contains(key)) read(object_.at(key), value);
    return *this;
  }
  template <typename T>
  Reader& unless(const T& /*usual*/, const char* key, T& value) {
    return newer(key, value);
  }
  template <typename T>
  void seconds(const char* key, T& value) {
    newer(key, value);
  }

 private:
  template <typename T>
  static void read(const Json& in, T& value) {
    if constexpr (requires { decode(in, value); }) {
      decode(in, value);
    } else {
      Reader inner(in);
      fields(inner, value);
    }
  }
  template <typename T>
  static void read(const Json& in, std::vector<T>& values) {
    values.clear();
    for (const auto& item : in) read(item, values.emplace_back());
  }
  template <typename K, typename T>
  static void read(const Json& in, std::map<K, T>& values) {
    values.clear();
    for (const auto& [key, item] : in.items()) {
      if constexpr (Enumeration<K>)
        read(item, values[value_of<K>(key)]);
      else
        read(item, values[key]);
    }
  }
  template <typename A, typename B>
  static void read(const Json& in, std::pair<A, B>& value) {
    read(in.at(0), value.first);
    read(in.at(1), value.second);
  }
  template <typename T>
  static void read(const Json& in, std::optional<T>& value) {
    value.reset();
    if (!in.is_null()) read(in, value.emplace());
  }
  static void read(const Json& in, Matrix<double>& value) {
    const auto& numbers = in.at("values");
    const auto rows = in.at("rows").template get<std::size_t>(),
               columns = in.at("columns").template get<std::size_t>();
    if (numbers.size() != rows * columns)
      throw InputError("a matrix has another number of values than cells");
    value = Matrix<double>(rows, columns);
    for (std::size_t i = 0; i < numbers.size(); ++i) decode(numbers[i], value.values()[i]);
  }

  const Json& object_;
};

/// A comparison as programs read it on standard output.
template <typename Json>
Json comparison_summary(const Comparison& x) {
  return {{"contender", x.contender},
          {"against", x.against},
          {"metric", x.metric},
          {"difference", x.difference},
          {"low", x.low},
          {"high", x.high},
          {"p_better", x.p_better},
          {"p_equivalent", x.p_equivalent},
          {"p_worse", x.p_worse},
          {"p_value", x.p_value},
          {"p_holm", x.p_holm},
          {"repeats_needed", x.repeats_needed},
          {"rows_needed", x.rows_needed},
          {"decides", x.decides},
          {"verdict", verdict_text(x)}};
}

/// Of what is stored: 1 had no number. It rises when older programs would misread what newer ones write, not
/// with every new field (Writer::newer).
inline constexpr int stored_format = 2;

/// What is stored carries its format; what replays (`with_seconds` false) has the same bits in every format.
template <typename Json, typename T>
std::string written(const T& value, bool with_seconds) {
  T copy = value;
  Writer<Json> writer(with_seconds);
  fields(writer, copy);
  auto format = stored_format;
  writer.seconds("format", format);
  return writer.take().dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename Json>
void require_known_format(const Json& stored, std::string_view what) {
  const int format = stored.is_object() ? stored.value("format", 1) : 1;
  if (format > stored_format)
    throw NewerFormat(fmt::format("this {} was written by a newer qupel (format {}, this one reads up to {})",
                                  what, format, stored_format));
}

/// @param parse gives the JSON
template <typename Json, typename T, typename Parse>
T read_value(std::string_view what, Parse parse) {
  try {
    T value;
    const Json parsed = parse();
    require_known_format(parsed, what);
    Reader<Json> reader(parsed);
    fields(reader, value);
    return value;
  } catch (const typename Json::exception& error) {
    throw InputError(fmt::format("this is not a stored {}: {}", what, error.what()));
  }
}

template <typename Json, typename T>
T read(std::string_view text, std::string_view what) {
  return read_value<Json, T>(what, [&] { return Json::parse(text); });
}

}  // namespace qupel
