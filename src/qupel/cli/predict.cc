#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/cli/command.h"
#include "qupel/contenders/contenders.h"
#include "qupel/study/saved_model.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

struct PredictOptions {
  std::string model, table, out;
  bool json = false;
};

/// A cell of a table with commas.
std::string quoted_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::string as_csv(const SavedModel& model, const Answer& answer) {
  std::string text;
  if (const auto* numbers = std::get_if<Numbers>(&answer)) {
    const bool with_interval = numbers->half_width >= 0;
    text = with_interval ? "row,value,half_width\n" : "row,value\n";
    for (std::size_t r = 0; r < numbers->values.size(); ++r)
      text += fmt::format("{},{}{}\n", r + 1, numbers->values[r],
                          with_interval ? fmt::format(",{}", numbers->half_width) : "");
    return text;
  }
  const auto& classes = std::get<Classes>(answer);
  text = "row,label";
  for (const auto& name : model.classes()) text += "," + quoted_cell(fmt::format("p({})", name));
  for (std::size_t r = 0; r < classes.labels.size(); ++r) {
    text += fmt::format("\n{},{}", r + 1,
                        quoted_cell(model.classes()[static_cast<std::size_t>(classes.labels[r])]));
    for (const double p : classes.probabilities.row(r)) text += fmt::format(",{}", p);
  }
  return text + "\n";
}

std::string as_json(const SavedModel& model, const Prediction& prediction) {
  auto rows = json::array();
  if (const auto* numbers = std::get_if<Numbers>(&prediction.answer)) {
    for (std::size_t r = 0; r < numbers->values.size(); ++r) {
      rows.push_back({{"row", r + 1}, {"value", numbers->values[r]}});
      if (numbers->half_width >= 0) rows.back()["half_width"] = numbers->half_width;
    }
  } else {
    const auto& classes = std::get<Classes>(prediction.answer);
    for (std::size_t r = 0; r < classes.labels.size(); ++r) {
      json probabilities = json::object();
      for (std::size_t c = 0; c < model.classes().size(); ++c)
        probabilities[model.classes()[c]] = classes.probabilities(r, c);
      rows.push_back({{"row", r + 1},
                      {"label", model.classes()[static_cast<std::size_t>(classes.labels[r])]},
                      {"probabilities", std::move(probabilities)}});
    }
  }
  return json{{"schema_version", 1},      {"contender", model.name()}, {"task", model.task()},
              {"target", model.target()}, {"notes", prediction.notes}, {"predictions", std::move(rows)}}
             .dump() +
         "\n";
}

void predict(const PredictOptions& options, const Console& console) {
  require_other_file(options.out, {options.model, options.table});
  const auto model = SavedModel::from_bytes(read_file(options.model), options.model, contenders());
  const auto prediction = model.predict(read_file(options.table, max_table_bytes), options.table);
  for (const auto& note : prediction.notes) console.say("note: " + note);
  const auto text = options.json ? as_json(model, prediction) : as_csv(model, prediction.answer);
  if (options.out.empty()) return console.print(text);
  write_file(options.out, text);
  console.say("predictions of " + model.name() + ": " + options.out);
}

}  // namespace

void add_predict(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<PredictOptions>();
  auto* command = app.add_subcommand("predict", "answers for new rows by a saved model");
  command->add_option("MODEL", options->model, "what qupel fit wrote")->type_name("")->required();
  command
      ->add_option("FILE", options->table, "the rows: a table with the columns that the model was fitted on")
      ->type_name("")
      ->required();
  command->add_option("--out", options->out, "a file for the predictions (default: standard output)")
      ->type_name("FILE");
  add_json(*command, options->json);
  command->footer("Example:\n  qupel predict svm.model new.csv --json");
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { predict(*options, console); }; });
}

}  // namespace qupel::cli
