#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/contend/partner.h"
#include "qupel/contend/row_model.h"

namespace qupel {
namespace {

using json = nlohmann::json;

void append_rows(std::string& text, const Matrix<double>& x) {
  text += '[';
  for (std::size_t r = 0; r < x.rows(); ++r) {
    text += r == 0 ? "[" : ",[";
    for (std::size_t c = 0; c < x.columns(); ++c)
      fmt::format_to(std::back_inserter(text), "{}{}", c == 0 ? "" : ",", x(r, c));
    text += ']';
  }
  text += ']';
}

template <typename T>
void append_list(std::string& text, std::span<const T> values) {
  text += '[';
  for (std::size_t i = 0; i < values.size(); ++i)
    fmt::format_to(std::back_inserter(text), "{}{}", i == 0 ? "" : ",", values[i]);
  text += ']';
}

std::string fit_message(const std::string& name, const Samples& samples, const Settings& settings,
                        const FitContext& context) {
  const bool classes = samples.is_classification();
  auto head = request("fit", classes ? "classification" : "regression", name, settings, context);
  head["balanced"] = context.balanced;
  auto text = as_line(head);
  text.pop_back();
  if (classes) {
    fmt::format_to(std::back_inserter(text), ",\"classes\":{},\"labels\":", samples.classes);
    append_list(text, samples.y);
  } else {
    text += ",\"targets\":";
    append_list(text, samples.targets);
  }
  text += ",\"rows\":";
  append_rows(text, samples.x);
  return text + "}";
}

std::string predict_message(const Matrix<double>& x) {
  std::string text = R"({"task":"predict","rows":)";
  append_rows(text, x);
  return text + "}";
}

/// Reads an answer; every fault names the place in it.
class AnswerReader {
 public:
  AnswerReader(const json& answer, std::size_t rows, std::size_t classes)
      : answer_(answer), rows_(rows), classes_(classes) {}

  Classes classes() const {
    if (!answer_.contains("labels") && !answer_.contains("probabilities"))
      throw InputError("answered \"predict\" without \"labels\" and without \"probabilities\"");
    Classes found;
    if (answer_.contains("probabilities")) {
      found.probabilities = probabilities();
      for (std::size_t r = 0; r < rows_; ++r) {
        const auto row = found.probabilities.row(r);
        found.labels.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
      }
    }
    if (answer_.contains("labels")) found.labels = labels();
    if (!answer_.contains("probabilities")) {
      found.probabilities = Matrix<double>(rows_, classes_);
      for (std::size_t r = 0; r < rows_; ++r)
        found.probabilities(r, static_cast<std::size_t>(found.labels[r])) = 1;
    }
    return found;
  }

  Numbers numbers() const {
    Numbers found;
    const auto& values = list("values");
    for (std::size_t r = 0; r < rows_; ++r)
      found.values.push_back(finite(values[r], fmt::format("values[{}]", r)));
    return found;
  }

 private:
  const json& list(const char* key) const {
    const auto found = answer_.find(key);
    if (found == answer_.end() || !found->is_array())
      throw InputError(fmt::format("answered \"predict\" without a list \"{}\"", key));
    if (found->size() != rows_)
      throw InputError(fmt::format("answered {} {} for {} rows", found->size(), key, rows_));
    return *found;
  }

  static double finite(const json& value, const std::string& place) {
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!std::isfinite(number))
      throw InputError(fmt::format("answered {} = {}, which is no finite number", place,
                                   Program::quoted(value.dump(), 40)));
    return number;
  }

  std::vector<int> labels() const {
    const auto& values = list("labels");
    std::vector<int> found;
    for (std::size_t r = 0; r < rows_; ++r) {
      const auto place = fmt::format("labels[{}]", r);
      const double label = finite(values[r], place);
      if (label != std::floor(label) || label < 0 || label >= static_cast<double>(classes_))
        throw InputError(fmt::format("answered {} = {:g}; labels are whole numbers from 0 to {}", place,
                                     label, classes_ - 1));
      found.push_back(static_cast<int>(label));
    }
    return found;
  }

  /// Single precision is enough; what is handed on sums to 1.
  Matrix<double> probabilities() const {
    constexpr double slack = 1e-3;
    const auto& rows = list("probabilities");
    Matrix<double> found(rows_, classes_);
    for (std::size_t r = 0; r < rows_; ++r) {
      if (!rows[r].is_array() || rows[r].size() != classes_)
        throw InputError(fmt::format(
            "answered probabilities[{}] without one number for each of the {} classes", r, classes_));
      double total = 0;
      for (std::size_t c = 0; c < classes_; ++c) {
        const auto place = fmt::format("probabilities[{}][{}]", r, c);
        const double p = finite(rows[r][c], place);
        if (p < -slack || p > 1 + slack)
          throw InputError(fmt::format("answered {} = {:g}; a probability lies from 0 to 1", place, p));
        total += found(r, c) = std::clamp(p, 0.0, 1.0);
      }
      if (std::abs(total - 1) > slack)
        throw InputError(fmt::format("answered probabilities[{}] that sum to {:g}, not to 1", r, total));
      for (double& p : found.row(r)) p /= total;
    }
    return found;
  }

  const json& answer_;
  std::size_t rows_, classes_;
};

class ExternalModel : public RowModel {
 public:
  ExternalModel(const std::string& name, const External& external, const Samples& samples,
                const Settings& settings, const FitContext& context)
      : partner_(external), classes_(static_cast<std::size_t>(samples.classes)) {
    const auto answer = partner_.ask(fit_message(name, samples, settings, context), 0);
    if (answer.value("ok", json()) != json(true))
      throw partner_.fault(fmt::format("answered \"fit\" with {} instead of {{\"ok\": true}}",
                                       Program::quoted(as_line(answer), Partner::quoted)));
    info_ = fit_info(answer);
  }

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    const bool classification = classes_ > 0;
    if (x.rows() == 0)
      return classification ? Answer(Classes{{}, Matrix<double>(0, classes_)}) : Answer(Numbers{});
    const std::scoped_lock lock(mutex_);
    const auto answer = partner_.ask(predict_message(x), x.rows() * (classes_ + 1));
    try {
      const AnswerReader reader(answer, x.rows(), classes_);
      return classification ? Answer(reader.classes()) : Answer(reader.numbers());
    } catch (const InputError& error) {
      throw partner_.fault(error.what());
    }
  }
  FitInfo info() const override { return info_; }
  void save(Archive&) const override {
    throw partner_.fault("keeps its model to itself, so Qupel cannot save it; let the program save it");
  }

 private:
  mutable std::mutex mutex_;
  mutable Partner partner_;
  std::size_t classes_;  // no classes: numbers
  FitInfo info_;
};

}  // namespace

std::unique_ptr<Fitted> external_model(const std::string& name, const External& external,
                                       const Samples& samples, const Settings& settings,
                                       const FitContext& context) {
  return std::make_unique<ExternalModel>(name, external, samples, settings, context);
}

}  // namespace qupel
