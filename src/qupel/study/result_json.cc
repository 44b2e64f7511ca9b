#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/study/result.h"

// Trials and results as JSON and back, bit for bit. Each structure names its fields once, in fields(); a
// Writer or a Reader goes through them. Numbers that JSON lacks are written as "nan", "inf" and "-inf".
namespace qupel {
namespace {

using nlohmann::json;

template <typename E>
struct Named {
  E value;
  std::string_view name;
};
constexpr Named<Inputs> inputs_names[] = {{Inputs::all, "all"}, {Inputs::reduced, "reduced"}};
constexpr Named<Finding::Level> level_names[] = {{Finding::Level::info, "info"},
                                                 {Finding::Level::warning, "warning"}};

/// All values of an enumeration with their texts.
template <typename E>
std::vector<Named<E>> names_of(std::initializer_list<E> values) {
  std::vector<Named<E>> names;
  for (const E value : values) names.push_back({value, to_string(value)});
  return names;
}
const auto& names(Inputs) { return inputs_names; }
const auto& names(Finding::Level) { return level_names; }
const auto& names(Family) {
  static const auto all = names_of({Family::quantum, Family::classical, Family::quantum_inspired});
  return all;
}
const auto& names(ColumnType) {
  using enum ColumnType;
  static const auto all = names_of({numeric, boolean, categorical, date, identifier, text, constant});
  return all;
}
const auto& names(Verdict) {
  using enum Verdict;
  static const auto all = names_of({quantum_better, classical_better, equivalent, inconclusive});
  return all;
}
const auto& names(Gate::Severity) {
  using enum Gate::Severity;
  static const auto all = names_of({passed, warning, refused});
  return all;
}
const auto& names(Stage) {
  using enum Stage;
  static const auto all = names_of({encode, execute, optimise, classical, tune});
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

// ---- fields, once a structure. `archive.seconds` marks what is measured and never replays.

template <typename A>
void fields(A& archive, Interval& x) {
  archive("mean", x.mean)("low", x.low)("high", x.high);
}
template <typename A>
void fields(A& archive, Prediction& x) {
  archive("labels", x.labels)("probabilities", x.probabilities);
}
template <typename A>
void fields(A& archive, FitInfo& x) {
  archive("converged", x.converged)("reason", x.reason)("steps", x.steps)("losses", x.losses)("parameters",
                                                                                              x.parameters);
}
template <typename A>
void fields(A& archive, Ledger& x) {
  archive("circuits", x.circuits)("gradients", x.gradients)("shots", x.shots)(
      "one_qubit_gates", x.one_qubit_gates)("two_qubit_gates", x.two_qubit_gates)("depth", x.depth)("qubits",
                                                                                                    x.qubits);
  archive.seconds("seconds", x.seconds);
}
template <typename A>
void fields(A& archive, TrialKey& x) {
  archive("entry", x.entry)("repeat", x.repeat)("fold", x.fold);
}
template <typename A>
void fields(A& archive, Trial& x) {
  archive("key", x.key)("settings", x.settings)("validation", x.validation)("validations", x.validations)(
      "test_rows", x.test_rows)("prediction", x.prediction)("with_shots", x.with_shots)("metrics", x.metrics)(
      "shot_metrics", x.shot_metrics)("train_score", x.train_score)("fit", x.fit)("failure", x.failure)(
      "unconverged", x.unconverged)("fits", x.fits)("ledger", x.ledger);
  archive.seconds("predict_seconds", x.predict_seconds);
  archive.seconds("seconds", x.seconds);
}
template <typename A>
void fields(A& archive, Comparison& x) {
  archive("contender", x.contender)("against", x.against)("metric", x.metric)("difference", x.difference)(
      "low", x.low)("high", x.high)("p_better", x.p_better)("p_equivalent", x.p_equivalent)(
      "p_worse", x.p_worse)("p_value", x.p_value)("p_holm", x.p_holm)("repeats_needed", x.repeats_needed)(
      "decides", x.decides)("differences", x.differences)("repeats", x.repeats)("verdict", x.verdict);
}
template <typename A>
void fields(A& archive, Gate& x) {
  archive("code", x.code)("severity", x.severity)("message", x.message);
}
template <typename A>
void fields(A& archive, Finding& x) {
  archive("level", x.level)("column", x.column)("message", x.message);
}
template <typename A>
void fields(A& archive, Column& x) {  // without its cells
  archive("name", x.name)("type", x.type)("levels", x.levels)("missing", x.missing)("used", x.used);
}
template <typename A>
void fields(A& archive, EncodingGrowth& x) {
  archive("encoding", x.encoding)("features", x.features)("qubits", x.qubits)("two_qubit", x.two_qubit)(
      "depth", x.depth)("gates", x.gates);
}
template <typename A>
void fields(A& archive, CircuitCost& x) {
  archive("qubits", x.qubits)("gates", x.gates)("one_qubit", x.one_qubit)("two_qubit", x.two_qubit)(
      "larger", x.larger)("depth", x.depth)("two_qubit_depth", x.two_qubit_depth);
}
template <typename A>
void fields(A& archive, ContenderResult& x) {
  archive("name", x.name)("contender", x.contender)("summary", x.summary)("family", x.family)(
      "inputs", x.inputs)("status", x.status)("metrics", x.metrics)("shot_metrics", x.shot_metrics)(
      "scores", x.scores)("validation", x.validation)("train_score", x.train_score)("chosen", x.chosen)(
      "confusion", x.confusion)("calibration", x.calibration)("learning_curve", x.learning_curve)(
      "trials", x.trials)("unconverged", x.unconverged)("failed", x.failed)("fits", x.fits)(
      "parameters", x.parameters)("ledger", x.ledger)("qubits", x.qubits)("circuit_cost", x.circuit_cost)(
      "drawing", x.drawing)("qasm", x.qasm)("growth", x.growth);
  archive.seconds("seconds", x.seconds);
  archive.seconds("predict_seconds_per_1000", x.predict_seconds_per_1000);
}
template <typename A>
void fields(A& archive, StudyResult& x) {
  archive("run", x.run)("name", x.name)("study_toml", x.study_toml)("study_hash", x.study_hash)(
      "data_hash", x.data_hash)("version", x.version)("seed", x.seed)("protocol", x.protocol)(
      "metric", x.metric)("rope", x.rope)("outer_folds", x.outer_folds)("repeats", x.repeats)(
      "inner_folds", x.inner_folds)("configurations", x.configurations);
  archive("source", x.source)("target", x.target)("rows", x.rows)("rows_read", x.rows_read)(
      "columns", x.columns)("prepared_columns", x.prepared_columns)("features", x.features)(
      "classes", x.classes)("class_counts", x.class_counts)("columns_seen", x.columns_seen)(
      "findings", x.findings)("shots", x.shots);
  archive("contenders", x.contenders)("comparisons", x.comparisons)("gates", x.gates)("verdict", x.verdict)(
      "reason", x.reason)("best_classical", x.best_classical)("best_quantum", x.best_quantum)(
      "results_hash", x.results_hash)("threads", x.threads)("environment", x.environment);
  archive.seconds("seconds", x.seconds);
}

// ---- values to JSON

json encode(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
json encode(const std::string& value) { return value; }
json encode(const Setting& value) {
  return std::visit([](const auto& held) { return encode(held); }, value);
}
template <Integer T>
json encode(T value) {
  return value;
}
template <Enumeration T>
json encode(T value) {
  return name_of(value);
}

class Writer {
 public:
  explicit Writer(bool with_seconds) : with_seconds_(with_seconds) {}

  template <typename T>
  Writer& operator()(const char* key, T& value) {
    object_[key] = write(value);
    return *this;
  }
  template <typename T>
  void seconds(const char* key, T& value) {
    if (with_seconds_) object_[key] = write(value);
  }
  json take() { return std::move(object_); }

 private:
  template <typename T>
  json write(T& value) const {
    if constexpr (requires { encode(value); }) {
      return encode(value);
    } else {
      Writer inner(with_seconds_);
      fields(inner, value);
      return inner.take();
    }
  }
  template <typename T>
  json write(std::vector<T>& values) const {
    json array = json::array();
    for (auto& value : values) array.push_back(write(value));
    return array;
  }
  template <typename K, typename T>
  json write(std::map<K, T>& values) const {
    json object = json::object();
    for (auto& [key, value] : values) {
      if constexpr (Enumeration<K>)
        object[name_of(key)] = write(value);
      else
        object[key] = write(value);
    }
    return object;
  }
  template <typename A, typename B>
  json write(std::pair<A, B>& value) const {
    return json::array({write(value.first), write(value.second)});
  }
  template <typename T>
  json write(std::optional<T>& value) const {
    return value ? write(*value) : json(nullptr);
  }
  json write(Matrix<double>& value) const {
    json numbers = json::array();
    for (const double number : value.values()) numbers.push_back(encode(number));
    return {{"rows", value.rows()}, {"columns", value.columns()}, {"values", std::move(numbers)}};
  }

  bool with_seconds_;
  json object_ = json::object();
};

// ---- JSON to values

void decode(const json& in, double& value) {
  if (!in.is_string()) {
    value = in.get<double>();
    return;
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto& text = in.get_ref<const std::string&>();
  value = text == "inf" ? infinity : text == "-inf" ? -infinity : std::numeric_limits<double>::quiet_NaN();
}
void decode(const json& in, std::string& value) { value = in.get<std::string>(); }
void decode(const json& in, Setting& value) {
  if (in.is_string())
    value = in.get<std::string>();
  else
    value = in.get<double>();
}
template <Integer T>
void decode(const json& in, T& value) {
  value = in.get<T>();
}
template <Enumeration T>
void decode(const json& in, T& value) {
  value = value_of<T>(in.get_ref<const std::string&>());
}

class Reader {
 public:
  explicit Reader(const json& object) : object_(object) {}

  template <typename T>
  Reader& operator()(const char* key, T& value) {
    read(object_.at(key), value);
    return *this;
  }
  template <typename T>
  void seconds(const char* key, T& value) {
    if (object_.contains(key)) read(object_.at(key), value);
  }

 private:
  template <typename T>
  static void read(const json& in, T& value) {
    if constexpr (requires { decode(in, value); }) {
      decode(in, value);
    } else {
      Reader inner(in);
      fields(inner, value);
    }
  }
  template <typename T>
  static void read(const json& in, std::vector<T>& values) {
    values.clear();
    for (const auto& item : in) read(item, values.emplace_back());
  }
  template <typename K, typename T>
  static void read(const json& in, std::map<K, T>& values) {
    values.clear();
    for (const auto& [key, item] : in.items()) {
      if constexpr (Enumeration<K>)
        read(item, values[value_of<K>(key)]);
      else
        read(item, values[key]);
    }
  }
  template <typename A, typename B>
  static void read(const json& in, std::pair<A, B>& value) {
    read(in.at(0), value.first);
    read(in.at(1), value.second);
  }
  template <typename T>
  static void read(const json& in, std::optional<T>& value) {
    value.reset();
    if (!in.is_null()) read(in, value.emplace());
  }
  static void read(const json& in, Matrix<double>& value) {
    const auto& numbers = in.at("values");
    const auto rows = in.at("rows").get<std::size_t>(), columns = in.at("columns").get<std::size_t>();
    if (numbers.size() != rows * columns)
      throw InputError("a matrix has another number of values than cells");
    value = Matrix<double>(rows, columns);
    for (std::size_t i = 0; i < numbers.size(); ++i) decode(numbers[i], value.values()[i]);
  }

  const json& object_;
};

template <typename T>
std::string written(const T& value, bool with_seconds) {
  T copy = value;
  Writer writer(with_seconds);
  fields(writer, copy);
  return writer.take().dump(-1, ' ', false, json::error_handler_t::replace);
}

template <typename T>
T read(std::string_view text, std::string_view what) {
  try {
    T value;
    const auto parsed = json::parse(text);
    Reader reader(parsed);
    fields(reader, value);
    return value;
  } catch (const json::exception& error) {
    throw InputError(fmt::format("this is not a stored {}: {}", what, error.what()));
  }
}

}  // namespace

std::string to_json(const Trial& trial, bool with_seconds) { return written(trial, with_seconds); }
Trial trial_from_json(std::string_view json) { return read<Trial>(json, "trial"); }
std::string to_json(const StudyResult& result) { return written(result, true); }
StudyResult study_result_from_json(std::string_view json) { return read<StudyResult>(json, "result"); }

}  // namespace qupel
