#include "qupel/study/saved_model.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/contend/row_model.h"
#include "qupel/contend/saving.h"
#include "qupel/problem/tabular/adjustments.h"
#include "qupel/problem/tabular/prior_shift.h"
#include "qupel/study/inputs.h"

namespace qupel {
namespace {

std::vector<std::size_t> first_rows(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

/// All rows are training rows. No fold of a study has this number, so that no fit of a study is this one.
Split all_training(const Problem& problem) {
  return {.repeat = 0, .fold = -1, .train = first_rows(problem.rows()), .test = {}};
}

void require_savable(const Entry& entry) {
  if (!entry.contender().load)
    throw InputError(fmt::format(
        "models of {} cannot be saved: they live in a program of your own, which has to save them itself",
        entry.name));
}

Archive settings_archive(const Entry& entry, const Settings& settings) {
  Archive archive;
  archive.set("own", to_archive(own_settings(entry, settings)));
  for (const auto name : {input_columns, input_scaling})
    if (const auto found = settings.find(std::string(name)); found != settings.end())
      std::visit([&](const auto& value) { archive.set(found->first, value); }, found->second);
  return archive;
}

Settings settings_from(const Archive& saved, const Entry& entry, bool has_angles) {
  auto settings = settings_from(saved.part("own"), entry.contender());
  const std::string columns(input_columns), scaling(input_scaling);
  if (saved.has(columns)) {
    require_saved(whole(max_qubits).holds(saved.number(columns)) || saved.number(columns) == 0,
                  "a number of columns");
    settings[columns] = saved.number(columns);
  }
  if (saved.has(scaling)) {
    require_saved(scale(saved.text(scaling)) != Scale::angle || has_angles, "columns prepared as angles");
    settings[scaling] = saved.text(scaling);
  }
  return settings;
}

Archive to_archive(const Adjustment& adjustment) {
  Archive archive;
  for (const auto& [name, value] : adjustment) archive.set(name, value);
  return archive;
}

Adjustment adjustment_from(const Archive& saved) {
  Adjustment adjustment;
  for (const auto& name : saved.names()) adjustment[name] = saved.number(name);
  return adjustment;
}

}  // namespace

FitContext SavedModel::context() const { return {.seed = seed_, .executor = executor_.get()}; }

SavedModel SavedModel::fit(const StudySpec& spec, const TableProblem& problem, const Entry& entry,
                           const std::optional<ChosenSettings>& chosen, std::string version) {
  require_savable(entry);
  const auto split = all_training(problem);
  const auto work = problem.prepare(splitting_of(spec), split);
  auto fitted = fit_for_good(spec, problem, entry, split, work, chosen);
  const auto& data = problem.data();

  SavedModel saved(spec.precision);
  saved.entry_ = {entry.name, entry.record, entry.inputs, {}};
  saved.choice_ = std::move(fitted.choice);
  saved.task_ = problem.kind();
  saved.target_ = data.target;
  saved.source_ = data.name;
  saved.study_ = spec.name;
  saved.study_hash_ = study_hash(spec, data.data_hash);
  saved.version_ = std::move(version);
  saved.seed_ = spec.seed;
  saved.rows_ = problem.rows();
  saved.classes_ = problem.facts().classes;
  if (!saved.classes_.empty())
    saved.shares_ = class_shares(data.labels, static_cast<int>(saved.classes_.size()));
  saved.columns_ = ColumnReader(data);
  saved.preparation_ = RowPreparation::fit(problem.inputs(), data, split.train);
  saved.model_ = std::move(fitted.model);
  return saved;
}

Prediction SavedModel::predict(std::string_view table, std::string_view source) const {
  auto rows = columns_.read(table, source);
  const auto count = rows.data.table.rows;
  const auto prepared = preparation_.apply(rows.data, first_rows(count));
  auto answer = model_->answer(Samples(prepared.chosen(input_choice(entry_, choice_.settings))), context());
  require_fitting(answer, count);
  adjust_answer(choice_.adjustment, shares_, answer);
  return {std::move(answer), std::move(rows.notes)};
}

/// A model that was saved can be another than the file says around it.
void SavedModel::require_fitting(const Answer& answer, std::size_t rows) const {
  if (classes_.empty()) {
    const auto* numbers = std::get_if<Numbers>(&answer);
    require_saved(numbers && numbers->values.size() == rows, "a number for each row");
    return;
  }
  const auto* classes = std::get_if<Classes>(&answer);
  require_saved(classes && classes->labels.size() == rows && classes->probabilities.rows() == rows &&
                    classes->probabilities.columns() == classes_.size(),
                "a probability for each class");
}

std::string SavedModel::bytes() const {
  Archive archive, columns, preparation, model;
  archive.set("entry", entry_.name);
  archive.set("contender", entry_.contender().name);
  archive.set("reduced", entry_.inputs == Inputs::reduced);
  archive.set("settings", settings_archive(entry_, choice_.settings));
  archive.set("validation", choice_.validation);
  archive.set("adjustment", to_archive(choice_.adjustment));
  archive.set("double precision", precision_ == Precision::double_);
  archive.set("task", task_);
  archive.set("target", target_);
  archive.set("source", source_);
  archive.set("study", study_);
  archive.set("study hash", study_hash_);
  archive.set("version", version_);
  archive.set("seed", static_cast<std::int64_t>(seed_));
  archive.set("rows", rows_);
  archive.set("classes", classes_);
  archive.set("shares", shares_);
  columns_.save(columns);
  preparation_.save(preparation);
  model_->save(model);
  archive.set("columns", std::move(columns));
  archive.set("preparation", std::move(preparation));
  archive.set("model", std::move(model));
  return archive.bytes();
}

SavedModel SavedModel::from_bytes(std::string_view bytes, std::string_view source,
                                  const Catalogue& catalogue) {
  const auto archive = Archive::from_bytes(bytes, source);
  try {
    SavedModel saved(archive.flag("double precision") ? Precision::double_ : Precision::single);
    saved.entry_ = {archive.text("entry"),
                    catalogue.at(archive.text("contender")),
                    archive.flag("reduced") ? Inputs::reduced : Inputs::all,
                    {}};
    saved.task_ = archive.text("task");
    require_saved(solves(saved.entry_.contender(), saved.task_), "a task that its contender solves");
    saved.target_ = archive.text("target");
    saved.source_ = archive.text("source");
    saved.study_ = archive.text("study");
    saved.study_hash_ = archive.text("study hash");
    saved.version_ = archive.text("version");
    saved.seed_ = static_cast<std::uint64_t>(archive.whole("seed"));
    saved.rows_ = archive.size("rows");
    saved.classes_ = archive.texts("classes");
    saved.shares_ = archive.numbers("shares");
    require_saved(saved.shares_.size() == saved.classes_.size() &&
                      saved.classes_.empty() == (saved.task_ != "classification"),
                  "classes, and a share for each");
    saved.columns_ = ColumnReader::load(archive.part("columns"));
    saved.preparation_ = RowPreparation::load(archive.part("preparation"), saved.columns_.columns());
    saved.choice_ = {settings_from(archive.part("settings"), saved.entry_, saved.preparation_.has_angles()),
                     archive.number("validation"), adjustment_from(archive.part("adjustment"))};
    const auto& model = archive.part("model");
    DataSet empty;
    empty.table.columns = saved.columns_.columns();
    const auto width = saved.preparation_.apply(empty, {})
                           .chosen(input_choice(saved.entry_, saved.choice_.settings))
                           .columns();
    require_saved(!model.has("columns") || model.size("columns") == width,
                  "as many columns as the model takes");
    require_savable(saved.entry_);
    saved.model_ = saved.entry_.contender().load(model, own_settings(saved.entry_, saved.choice_.settings),
                                                 saved.context());
    return saved;
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", source, error.what()));
  }
}

}  // namespace qupel
