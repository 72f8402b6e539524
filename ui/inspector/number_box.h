#pragma once
// NumberBox: a number with arrows, for whole numbers of 64 bits and for reals. Holds any text while it is typed;
// reading and judging it is the owner's affair.

#include <QAbstractSpinBox>

#include <cstdint>
#include <limits>

namespace shapewise::ui {

class NumberBox : public QAbstractSpinBox {
    Q_OBJECT

  public:
    enum class Kind { Whole, Real };
    explicit NumberBox(Kind kind, QWidget* parent = nullptr);

    /// Where the arrows stop; typing is not held back.
    void setStepLimits(double minimum, double maximum);
    void setText(const QString& text);

    void stepBy(int steps) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

  Q_SIGNALS:
    /// By keys or arrows, not by setText().
    void textEdited(const QString& text);

  protected:
    [[nodiscard]] StepEnabled stepEnabled() const override;
    void wheelEvent(QWheelEvent* event) override;

  private:
    [[nodiscard]] QString steppedWhole(int steps) const;
    [[nodiscard]] QString steppedReal(int steps) const;

    Kind kind_;
    double minimum_ = -std::numeric_limits<double>::infinity();
    double maximum_ = std::numeric_limits<double>::infinity();
};

}  // namespace shapewise::ui
