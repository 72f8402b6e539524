// Checks of single parameters against their specs. Text is built only for what is refused.

#include "core/base/text.h"
#include "core/kernels/window_functions.h"
#include "core/layers/framework/layer.h"
#include "core/layers/parts/activation_choice.h"
#include "core/layers/parts/letter_case.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace shapewise::layers {

namespace {

using diag::Code;

std::string boundsText(const ParamSpec& spec) {
    const bool below = std::isfinite(spec.minimum);
    const bool above = std::isfinite(spec.maximum);
    if (below && above) return fmt::format("from {} to {}", spec.minimum, spec.maximum);
    if (below) return fmt::format("at least {}", spec.minimum);
    if (above) return fmt::format("at most {}", spec.maximum);
    return "a finite number";
}

std::string expectedText(const ParamSpec& spec) {
    const std::string orNone = spec.noneAllowed || spec.fallback.isNone() ? " or None" : "";
    switch (spec.kind) {
        case ParamKind::Integer: return "a whole number" + orNone;
        case ParamKind::Real: return "a number" + orNone;
        case ParamKind::Boolean: return "True or False" + orNone;
        case ParamKind::Choice:
            return "one of " + join(std::vector<std::string>(spec.choices.begin(), spec.choices.end()), ", ") + orNone;
        case ParamKind::Text:
        case ParamKind::FilePath: return "text" + orNone;
        case ParamKind::Spatial:
            return (spec.axes == 1 ? "a whole number" : fmt::format("a whole number, or {} of them", spec.axes)) +
                   orNone;
        case ParamKind::IntegerList: return "a list of whole numbers" + orNone;
        case ParamKind::Sizes: return "a list of sizes" + orNone;
        case ParamKind::Padding:
            return spec.axes == 1 ? "a whole number, or (before, after)"
                                  : fmt::format("a whole number, {0} of them, or {0} pairs (before, after)", spec.axes);
        case ParamKind::Activation: return "the name of an activation, or None";
        case ParamKind::Window: return "the name of a window, a list of numbers, or None";
        case ParamKind::Layer: return "a layer";
        case ParamKind::Any: break;
    }
    return "another value";
}

/// Checks one value against one spec.
class ValueCheck {
  public:
    ValueCheck(InferContext& context, const ParamSpec& spec, const Value& value)
        : context_(context), spec_(spec), value_(value) {}

    void run() {
        if (value_.isNone()) return checkNone();
        switch (spec_.kind) {
            case ParamKind::Integer: return checkInteger(value_);
            case ParamKind::Real: return checkReal();
            case ParamKind::Boolean: return require(value_.isBool());
            case ParamKind::Choice: return checkChoice();
            case ParamKind::Text:
            case ParamKind::FilePath: return require(value_.isText());
            case ParamKind::Spatial: return checkSpatial();
            case ParamKind::IntegerList: return checkList();
            case ParamKind::Sizes: return checkSizes();
            case ParamKind::Padding: return checkPadding();
            case ParamKind::Activation: return checkActivation();
            case ParamKind::Window: return checkWindow();
            case ParamKind::Layer: return require(value_.isDict());
            case ParamKind::Any: return;
        }
    }

  private:
    void refuse(Code code, diag::Arguments arguments) {
        arguments.insert(arguments.begin(), {"value", value_});
        context_.refuse({code, spec_.key, -1, std::move(arguments)});
    }
    void refuseKind() { refuse(Code::ParameterKind, {{"expected", expectedText(spec_)}}); }
    void refuseRange() {
        diag::Arguments arguments{{"expected", boundsText(spec_)}};
        if (std::isfinite(spec_.minimum)) arguments.push_back({"minimum", spec_.minimum});
        if (std::isfinite(spec_.maximum)) arguments.push_back({"maximum", spec_.maximum});
        refuse(Code::ParameterRange, std::move(arguments));
    }
    void refuseLength(std::size_t needed, std::size_t got) {
        refuse(Code::ParameterTupleLength,
               {{"needed", static_cast<std::int64_t>(needed)}, {"got", static_cast<std::int64_t>(got)}});
    }
    void refuseChoice(const std::vector<std::string_view>& choices, std::string_view name) {
        const std::vector<std::string> known(choices.begin(), choices.end());
        refuse(Code::ParameterChoice,
               {{"choices", join(known, ", ")}, {"nearest", join(nearestNames(name, known, 3), ", ", " or ")}});
    }
    void require(bool isOfKind) {
        if (!isOfKind) refuseKind();
    }

    [[nodiscard]] bool isInBounds(double number) const { return number >= spec_.minimum && number <= spec_.maximum; }
    [[nodiscard]] bool refusedBefore() const {
        return context_.isRefused() && context_.refusals().back().parameter == spec_.key;
    }

    void checkNone() {
        if (spec_.required) return context_.refuse({Code::ParameterMissing, spec_.key, -1, {}});
        const bool allowed = spec_.noneAllowed || spec_.fallback.isNone() || spec_.kind == ParamKind::Activation ||
                             spec_.kind == ParamKind::Window || spec_.kind == ParamKind::Any;
        require(allowed);
    }
    void checkInteger(const Value& number) {
        if (!number.isInteger()) return refuseKind();
        if (!isInBounds(static_cast<double>(number.asInteger()))) refuseRange();
    }
    void checkReal() {
        if (!value_.isNumber()) return refuseKind();
        if (!isInBounds(value_.asReal())) refuseRange();
    }
    void checkChoice() {
        if (!value_.isText()) return refuseKind();
        const std::string_view name = value_.asText();
        const bool isKnown = std::any_of(spec_.choices.begin(), spec_.choices.end(),
                                         [&](std::string_view choice) { return equalIgnoringCase(choice, name); });
        if (!isKnown) refuseChoice(spec_.choices, name);
    }
    void checkSpatial() {
        if (!value_.isList()) return checkInteger(value_);
        if (value_.asList().size() != static_cast<std::size_t>(spec_.axes))
            return refuseLength(static_cast<std::size_t>(spec_.axes), value_.asList().size());
        checkEntries(value_.asList());
    }
    void checkEntries(const ValueList& list) {
        for (const Value& entry : list)
            if (!refusedBefore()) checkInteger(entry);
    }
    void checkAxisCount(std::size_t count) {
        if (count <= static_cast<std::size_t>(tensor::kMaximumRank)) return;
        context_.refuse({Code::RankTooLarge,
                         spec_.key,
                         -1,
                         {{"rank", static_cast<std::int64_t>(count)}, {"most", std::int64_t{tensor::kMaximumRank}}}});
    }
    void checkList() {
        if (!value_.isList()) return checkInteger(value_);
        checkAxisCount(value_.asList().size());
        checkEntries(value_.asList());
    }
    void checkSizes() {
        if (!value_.isList()) return spec_.singleAllowed ? checkInteger(value_) : refuseKind();
        checkAxisCount(value_.asList().size());
        for (const Value& entry : value_.asList()) {
            if (refusedBefore()) return;
            if (entry.isText())
                require(isSizeName(entry.asText()));
            else if (!entry.isNone())
                checkInteger(entry);
        }
    }
    static bool isSizeName(std::string_view name) {
        const std::optional<tensor::Dim> size = tensor::parseDim(name);
        return size && size->isSymbolic();
    }
    void checkPadding() {
        if (!value_.isList()) return checkInteger(value_);
        const ValueList& list = value_.asList();
        const std::size_t needed = spec_.axes == 1 ? 2 : static_cast<std::size_t>(spec_.axes);
        if (list.size() != needed) return refuseLength(needed, list.size());
        for (const Value& entry : list) {
            if (refusedBefore()) return;
            if (spec_.axes == 1 || !entry.isList())
                checkInteger(entry);
            else if (entry.asList().size() != 2)
                refuseLength(2, entry.asList().size());
            else
                checkEntries(entry.asList());
        }
    }
    void checkActivation() {
        if (isKnownActivation(value_)) return;
        if (value_.isText() || value_.isDict()) return refuseChoice(activationChoices(), activationNameOf(value_));
        refuseKind();
    }
    void checkWindow() {
        if (value_.isText()) return checkWindowName(value_.asText(), 0);
        if (!value_.isList() || value_.asList().empty()) return refuseKind();
        const ValueList& list = value_.asList();
        const auto isNumber = [](const Value& entry) { return entry.isNumber(); };
        if (std::all_of(list.begin(), list.end(), isNumber)) return;
        if (!list.front().isText() || !std::all_of(list.begin() + 1, list.end(), isNumber)) return refuseKind();
        checkWindowName(list.front().asText(), static_cast<int>(list.size()) - 1);
    }
    void checkWindowName(const std::string& name, int parameters) {
        const int needed = kernels::requiredWindowParameters(name);
        if (needed < 0) {
            const auto names = kernels::windowNames();
            return refuseChoice({names.begin(), names.end()}, name);
        }
        if (parameters < needed)
            refuseLength(static_cast<std::size_t>(needed) + 1, static_cast<std::size_t>(parameters) + 1);
    }

    InferContext& context_;
    const ParamSpec& spec_;
    const Value& value_;
};

const ParamSpec* specOf(const LayerType& type, const graph::Setting& setting) {
    for (const ParamSpec& spec : type.params)
        if (spec.keyHash == setting.keyHash && spec.key == setting.key) return &spec;
    return nullptr;
}

}  // namespace

void validate(InferContext& context) {
    const Params& params = context.params();
    const LayerType& type = params.type();
    for (const graph::Setting& setting : params.settings())
        if (const ParamSpec* spec = specOf(type, setting)) ValueCheck(context, *spec, setting.value).run();
    for (const ParamSpec& spec : type.params)
        if (spec.required && !params.isSet(ParamKey::of(spec.key)))
            context.refuse({diag::Code::ParameterMissing, spec.key, -1, {}});
    if (!context.isRefused() && type.check != nullptr) type.check(context);
}

}  // namespace shapewise::layers
