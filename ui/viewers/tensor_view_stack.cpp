#include "ui/viewers/tensor_view_stack.h"

#include <QLabel>

#include <algorithm>
#include <utility>

namespace shapewise::ui {

TensorViewStack::TensorViewStack(std::vector<TensorViewSpec> views, QWidget* parent)
    : QStackedWidget(parent), views_(std::move(views)), made_(views_.size()), message_(new QLabel(this)) {
    message_->setWordWrap(true);
    addWidget(message_);
}

const TensorViewSpec* TensorViewStack::view(const QString& id) const {
    const auto found =
        std::find_if(views_.begin(), views_.end(), [&](const TensorViewSpec& spec) { return spec.id == id; });
    return found == views_.end() ? nullptr : &*found;
}

TensorView* TensorViewStack::made(const TensorViewSpec& spec) {
    TensorView*& view = made_[static_cast<std::size_t>(&spec - views_.data())];
    if (view != nullptr) return view;
    view = spec.make(this);
    addWidget(view);
    connect(view, &TensorView::cellHovered, this,
            [this, made = view](const TensorIndex& index) { Q_EMIT readOutChanged(readOut(made->onScreen(), index)); });
    connect(view, &TensorView::cellChosen, this, &TensorViewStack::cellChosen);
    connect(view, &TensorView::pagesChanged, this, &TensorViewStack::pagesChanged);
    connect(view, &TensorView::failed, this, [this, made = view](const QString& why) {
        if (current() == made) showMessage(why);
    });
    return view;
}

void TensorViewStack::present(const TensorViewSpec& spec, const TensorShown& shown) {
    TensorView* view = made(spec);
    setCurrentWidget(view);  // first: a view that fails at once gives way to the message
    view->show(shown);
}

void TensorViewStack::showMessage(const QString& text) {
    message_->setText(text);
    setCurrentWidget(message_);
}

void TensorViewStack::clear() {
    for (TensorView* view : made_)
        if (view != nullptr) view->clear();
}

TensorView* TensorViewStack::current() const {
    const auto found = std::find(made_.begin(), made_.end(), currentWidget());
    return found == made_.end() ? nullptr : *found;
}

bool TensorViewStack::isCurrent(const TensorViewSpec& spec) const {
    const TensorView* view = current();
    return view != nullptr && view == made_[static_cast<std::size_t>(&spec - views_.data())];
}

QImage TensorViewStack::picture() const {
    TensorView* view = current();
    return view == nullptr ? QImage() : view->picture(size(), devicePixelRatioF());
}

bool TensorViewStack::isBusy() const {
    return std::any_of(made_.begin(), made_.end(),
                       [](const TensorView* view) { return view != nullptr && view->isBusy(); });
}

}  // namespace shapewise::ui
