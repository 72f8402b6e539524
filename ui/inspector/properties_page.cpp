#include "ui/inspector/properties_page.h"

#include "core/edit/builders.h"
#include "core/infer/cost.h"
#include "core/layers/framework/layer.h"
#include "ui/base/wording.h"
#include "ui/inspector/field.h"
#include "ui/inspector/node_text.h"
#include "ui/inspector/output_picture.h"
#include "ui/inspector/section.h"
#include "ui/inspector/value_text.h"
#include "ui/session/document_model.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace shapewise::ui {
namespace {

constexpr int kDotColumn = 18;

QLabel* textLabel(QWidget* parent, const char* role) {
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (role != nullptr) label->setProperty("role", QString::fromLatin1(role));
    return label;
}

const layers::ParamSpec* specOf(const layers::LayerType& type, std::string_view key) {
    const layers::ParamSpec* spec = type.param(key);
    return spec;
}

}  // namespace

PropertiesPage::PropertiesPage(QWidget* parent)
    : QScrollArea(parent), fileChoice_([this](const QString& why) { Q_EMIT hintChanged(why); }) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    empty_ = textLabel(page, "secondary");
    empty_->setText(tr("Select a node to see and change its properties"));
    empty_->setContentsMargins(12, 12, 12, 12);
    column->addWidget(empty_);
    content_ = new QWidget(page);
    column->addWidget(content_);
    column->addStretch(1);

    auto* inner = new QVBoxLayout(content_);
    inner->setContentsMargins(0, 8, 0, 0);
    inner->setSpacing(0);
    auto* nameGrid = new QGridLayout;
    nameGrid->setContentsMargins(12, 2, 12, 1);
    nameGrid->setHorizontalSpacing(4);
    nameLabel_ = new QLabel(tr("Name"), content_);
    nameLabel_->setProperty("role", QStringLiteral("secondary"));
    nameLabel_->setFixedWidth(kLabelWidth + kDotColumn);
    name_ = new QLineEdit(content_);
    name_->setObjectName(QStringLiteral("nodeName"));
    name_->setAccessibleName(tr("Name"));
    nameProblem_ = textLabel(content_, "error");
    nameProblem_->hide();
    nameGrid->addWidget(nameLabel_, 0, 0);
    nameGrid->addWidget(name_, 0, 1);
    nameGrid->addWidget(nameProblem_, 1, 0, 1, 2);
    inner->addLayout(nameGrid);
    form_ = new PropertyForm(content_);
    inner->addWidget(form_);

    shapeSection_ = new Section(tr("How the shape comes about"), content_);
    shapeProblem_ = textLabel(shapeSection_, "error");
    arithmetic_ = textLabel(shapeSection_, nullptr);
    arithmetic_->setFont(fixedFont());
    shapeSection_->addWidget(shapeProblem_);
    shapeSection_->addWidget(arithmetic_);
    costSection_ = new Section(tr("Receptive field · cost"), content_);
    cost_ = textLabel(costSection_, "secondary");
    costSection_->addWidget(cost_);
    outputSection_ = new Section(tr("Output"), content_);
    output_ = new OutputPicture(outputSection_);
    outputSection_->addWidget(output_);
    connect(output_, &OutputPicture::shownChanged, this, &PropertiesPage::nameOutput);
    for (Section* section : {shapeSection_, costSection_, outputSection_}) inner->addWidget(section);
    setWidget(page);

    // A name counts when it is finished: half of it would be another name.
    connect(name_, &QLineEdit::textEdited, this, &PropertiesPage::showNameProblem);
    connect(name_, &QLineEdit::editingFinished, this, &PropertiesPage::rename);
    connect(form_, &PropertyForm::edited, this,
            [this](const QString& key, const Value& value) { setParameter(key, value); });
    connect(form_, &PropertyForm::resetRequested, this,
            [this](const QString& key) { setParameter(key, std::nullopt); });
    connect(form_, &PropertyForm::hintChanged, this, &PropertiesPage::hintChanged);
}

void PropertiesPage::setDocument(DocumentModel* document) {
    if (document_ != nullptr) document_->disconnect(this);
    nodes_.clear();  // what is still being typed is of none of the new document's
    report_.reset();
    formTypes_.clear();
    form_->setSpecs({});
    document_ = document;
    connect(document_, &DocumentModel::changed, this, &PropertiesPage::follow);
    connect(document_, &DocumentModel::diagnosticsChanged, this, &PropertiesPage::refresh);
    setSelection({});
}

const graph::Node* PropertiesPage::first() const {
    return nodes_.empty() ? nullptr : document_->graph().find(nodes_.front());
}

void PropertiesPage::setSelection(const std::vector<NodeId>& nodes) {
    nodes_ = nodes;
    name_->setModified(false);
    rebuildForm();
    refresh();
}

void PropertiesPage::setRun(std::shared_ptr<const exec::RunReport> report) {
    report_ = std::move(report);
    refreshOutput();
}

void PropertiesPage::follow(const session::Change& change) {
    if (change.replaced) nodes_.clear();
    std::erase_if(nodes_, [this](NodeId id) { return document_->graph().find(id) == nullptr; });
    rebuildForm();
    // Fields follow at once; what needs diagnostics comes with diagnosticsChanged().
    refreshName();
    refreshForm();
    refreshSections();
}

void PropertiesPage::rebuildForm() {
    std::vector<const layers::LayerType*> types;
    for (const NodeId id : nodes_)
        if (const graph::Node* node = document_->graph().find(id)) types.push_back(node->type);
    std::sort(types.begin(), types.end());
    types.erase(std::unique(types.begin(), types.end()), types.end());
    if (types == formTypes_) return;
    formTypes_ = types;
    std::vector<const layers::ParamSpec*> specs;
    if (!types.empty())
        for (const layers::ParamSpec& spec : types.front()->params) {
            const bool isShared = std::all_of(types.begin(), types.end(), [&](const layers::LayerType* type) {
                const layers::ParamSpec* other = specOf(*type, spec.key);
                return other != nullptr && other->kind == spec.kind && other->axes == spec.axes;
            });
            if (isShared) specs.push_back(&spec);
        }
    form_->setSpecs(specs);
    form_->setFolder(document_->folder());
}

void PropertiesPage::refresh() {
    collectProblems();
    refreshName();
    refreshForm();
    refreshSections();
    refreshCost();
    refreshOutput();
}

void PropertiesPage::refreshName() {
    const graph::Node* node = first();
    empty_->setVisible(node == nullptr);
    content_->setVisible(node != nullptr);
    if (node == nullptr) return;
    const bool isOne = nodes_.size() == 1;
    const QString shown = isOne ? toQString(node->name) : tr("%1 nodes").arg(nodes_.size());
    name_->setReadOnly(!isOne);
    if (!name_->isModified()) name_->setText(shown);
    showNameProblem();
    nameLabel_->setToolTip(isOne ? toQString(node->type->summary) : QString());
}

PropertyForm::Shown PropertiesPage::shownFor(const layers::ParamSpec& spec) const {
    PropertyForm::Shown shown;
    bool isFirst = true;
    for (const NodeId id : nodes_) {
        const graph::Node* node = document_->graph().find(id);
        if (node == nullptr) continue;
        const Value* set = node->setting(ParamKey::of(spec.key));
        const Value& value = set != nullptr ? *set : spec.fallback;
        if (isFirst)
            shown.value = value;
        else if (!shown.value || !(*shown.value == value))
            shown.value.reset();
        shown.isChanged = shown.isChanged || (set != nullptr && !spec.required && !(*set == spec.fallback));
        if (isFirst) shown.isVisible = spec.isVisible(layers::Params(*node));
        isFirst = false;
    }
    if (const auto found = problems_.find(spec.key); found != problems_.end()) shown.problem = found->second;
    return shown;
}

void PropertiesPage::collectProblems() {
    problems_.clear();
    wantedAndGot_.clear();
    for (const diag::Diagnostic& diagnostic : document_->diagnostics()) {
        const bool isMine = std::find(nodes_.begin(), nodes_.end(), diagnostic.node) != nodes_.end();
        if (!isMine || diagnostic.severity != diag::Severity::Error) continue;
        if (problems_.try_emplace(std::string(), shown(diagnostic.title)).second) {
            QStringList lines;
            if (!diagnostic.wanted.empty()) lines += tr("wanted %1").arg(shown(diagnostic.wanted));
            if (!diagnostic.got.empty()) lines += tr("got    %1").arg(shown(diagnostic.got));
            wantedAndGot_ = lines.join(QChar(u'\n'));
        }
        if (!diagnostic.parameter.empty()) problems_.try_emplace(diagnostic.parameter, shown(diagnostic.title));
    }
}

void PropertiesPage::refreshForm() {
    form_->present([this](const layers::ParamSpec& spec) { return shownFor(spec); });
}

void PropertiesPage::refreshSections() {
    const graph::Node* node = first();
    const bool isOne = node != nullptr && nodes_.size() == 1;
    for (Section* section : {shapeSection_, costSection_, outputSection_}) section->setVisible(isOne);
    if (!isOne) return;
    const auto found = problems_.find(std::string_view());
    const QString problem = found == problems_.end() ? QString() : found->second;
    shapeProblem_->setText(problem);
    shapeProblem_->setVisible(!problem.isEmpty());
    QString arithmetic = problem.isEmpty() ? explanationText(*document_, *node) : wantedAndGot_;
    if (arithmetic.isEmpty() && problem.isEmpty()) {
        const infer::NodeAnalysis& analysis = document_->analysis()[node->id];
        if (analysis.isKnown())
            arithmetic = shown(analysis.output.shape);
        else if (analysis.state == infer::State::Blocked)
            arithmetic = tr("waits for %1").arg(document_->nodeName(analysis.blockedBy));
        else
            arithmetic = tr("unknown yet");
    }
    arithmetic_->setText(arithmetic);
    arithmetic_->setVisible(!arithmetic.isEmpty());
}

void PropertiesPage::refreshCost() {
    const graph::Node* node = first();
    if (node == nullptr || nodes_.size() != 1) return;
    const bool isKnown = document_->analysis()[node->id].isKnown();
    cost_->setText(costText(isKnown ? document_->costs()[node->id] : infer::NodeCost{}, isKnown));
}

void PropertiesPage::refreshOutput() {
    const graph::Node* node = first();
    if (node == nullptr || nodes_.size() != 1) return;
    const exec::NodeRun* run = nullptr;
    if (report_ != nullptr)
        if (const auto found = report_->nodes.find(node->id); found != report_->nodes.end()) run = &found->second;
    const bool isKnown = document_->analysis()[node->id].isKnown();
    output_->show(isKnown ? run : nullptr, isKnown ? tr("Shown after a run") : tr("Known once the shape is"));
    nameOutput();
}

void PropertiesPage::nameOutput() {
    const graph::Node* node = first();
    if (node != nullptr)
        outputSection_->setTitle(tr("Output of %1 (%2)").arg(toQString(node->name).left(40), output_->placeText()));
}

QString PropertiesPage::nameProblem() const {
    const graph::Node* node = first();
    const std::string wanted = name_->text().trimmed().toStdString();
    if (node == nullptr || wanted == node->name) return {};
    if (wanted.empty()) return tr("A node needs a name");
    return document_->graph().findByName(wanted) == nullptr ? QString() : tr("Another node has this name");
}

void PropertiesPage::showNameProblem() {
    const QString problem = nodes_.size() == 1 ? nameProblem() : QString();
    nameProblem_->setText(problem);
    nameProblem_->setVisible(!problem.isEmpty());
    if (name_->property("wrong").toBool() == !problem.isEmpty()) return;
    name_->setProperty("wrong", !problem.isEmpty());
    name_->style()->unpolish(name_);
    name_->style()->polish(name_);
}

void PropertiesPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && name_->hasFocus() && name_->isModified()) {
        name_->setModified(false);
        refreshName();
    }
    if (event->key() == Qt::Key_Escape)
        event->ignore();  // the window leads back to the canvas
    else
        QScrollArea::keyPressEvent(event);
}

void PropertiesPage::rename() {
    const graph::Node* node = first();
    if (node == nullptr || nodes_.size() != 1 || !name_->isModified() || !nameProblem().isEmpty()) return;
    name_->setModified(false);
    const std::string wanted = name_->text().trimmed().toStdString();
    if (wanted == node->name) return;
    edit::Edit edit;
    edit.label = tr("Rename").toStdString();
    edit.steps.emplace_back(edit::RenameNode{node->id, wanted});
    document_->perform(edit);
}

void PropertiesPage::setParameter(const QString& key, const std::optional<Value>& value) {
    if (nodes_.empty()) return;
    bool isFile = false;
    const std::string name = key.toStdString();
    edit::Edit edit = edit::setParameter(nodes_.front(), name, value);
    edit.steps.clear();  // what is set may differ from node to node
    if (!value) edit.mergeKey.clear();
    for (const NodeId id : nodes_) {
        const graph::Node* node = document_->graph().find(id);
        const layers::ParamSpec* spec = node == nullptr ? nullptr : specOf(*node->type, name);
        if (spec == nullptr) continue;
        isFile = isFile || spec->kind == layers::ParamKind::FilePath;
        std::optional<Value> set = value;
        if (set && !spec->required && *set == spec->fallback) set.reset();
        if (!set && spec->required && !spec->initial.isNone()) set = spec->initial;
        edit.steps.emplace_back(edit::SetParameter{id, name, std::move(set)});
        if (value) edit.mergeKey += "/" + std::to_string(id.value);
    }
    if (edit.steps.empty()) return;
    if (isFile)
        fileChoice_.perform(document_, std::move(edit), nodes_);
    else
        document_->perform(edit);
}

void PropertiesPage::focusParameter(const QString& key) { form_->focusKey(key); }

}  // namespace shapewise::ui
