#pragma once
// Foreign names: how other writers of model files spell a layer. Ours are the names of Keras 3. A name is read in
// whatever file it stands, since many files do not say who wrote them; which dialects have it is told beside it.

#include "core/layers/framework/facts.h"

#include <optional>
#include <span>

namespace shapewise::layers {

/// Who wrote a file. Keras1: the package keras up to 1.2; Keras2: 2.0 to 2.2; Keras23: 2.3, the last that was no
/// tf.keras; TfKeras1: tf.keras of TensorFlow 1; TfKeras2: that of TensorFlow 2.
enum class Dialect : std::uint8_t { Keras1, Keras2, Keras23, TfKeras1, TfKeras2, TensorFlowJs, Keras3 };

/// A dialect in words.
struct DialectRow {
    Dialect dialect = Dialect::Keras3;
    std::string_view id{};     ///< on the command line and in files: "tf.keras2"
    std::string_view title{};  ///< "tf.keras of TensorFlow 2"
};
/// All, oldest first.
[[nodiscard]] std::span<const DialectRow> dialects();
[[nodiscard]] const DialectRow& dialectRow(Dialect dialect);
[[nodiscard]] std::optional<Dialect> dialectWithId(std::string_view id);

class Dialects {
  public:
    template <class... Each>
    explicit constexpr Dialects(Each... each) : bits_((0U | ... | (1U << static_cast<unsigned>(each)))) {}
    [[nodiscard]] constexpr bool contains(Dialect dialect) const {
        return (bits_ >> static_cast<unsigned>(dialect) & 1U) != 0;
    }

  private:
    unsigned bits_;
};
inline constexpr Dialects kKeras1{Dialect::Keras1};
inline constexpr Dialects kKeras2{Dialect::Keras2, Dialect::Keras23, Dialect::TfKeras1, Dialect::TfKeras2,
                                  Dialect::TensorFlowJs};
inline constexpr Dialects kBeforeKeras3{Dialect::Keras1,   Dialect::Keras2,   Dialect::Keras23,
                                        Dialect::TfKeras1, Dialect::TfKeras2, Dialect::TensorFlowJs};
/// Before the defaults of tf.keras 2.
inline constexpr Dialects kBeforeTfKeras2{Dialect::Keras1, Dialect::Keras2, Dialect::Keras23, Dialect::TfKeras1,
                                          Dialect::TensorFlowJs};
inline constexpr Dialects kTensorFlowJs{Dialect::TensorFlowJs};
inline constexpr Dialects kKeras3{Dialect::Keras3};
inline constexpr Dialects kAnyKeras{Dialect::Keras1,   Dialect::Keras2,       Dialect::Keras23, Dialect::TfKeras1,
                                    Dialect::TfKeras2, Dialect::TensorFlowJs, Dialect::Keras3};

struct ForeignClass {
    std::string_view name{};
    Dialects in = kAnyKeras;
    /// Only in files: a class of its own there, whose settings have to be translated. Else one more name of the layer,
    /// which findLayer() knows.
    bool isTranslated = false;
    std::string_view whenKey{};    ///< only while this member of its config ...
    std::string_view whenValue{};  ///< ... is this text; empty key: always
    SettingList settings{};        ///< what the class stands for, where its config does not say otherwise
};

struct ForeignKey {
    std::string_view foreign{};
    std::string_view key{};  ///< ours; may be one that only describes training (initializers, regularizers)
    Dialects in = kKeras1;
    Value (*convert)(const Value& value) = nullptr;  ///< null: as it is
};

/// What an absent key means in these dialects, where that is not ParamSpec::fallback.
struct ForeignDefault {
    std::string_view key{};
    Value value{};
    Dialects in = kBeforeKeras3;
};

/// A member of the config that is left out: it says nothing of shapes and values.
struct ForeignIgnored {
    std::string_view foreign{};
    Dialects in = kAnyKeras;
    Value only{};  ///< only with this value; None: with any
};

/// A setting that these writers take from their own configuration and do not write: the other layers of the file tell
/// it.
struct ForeignUnwritten {
    std::string_view key{};  ///< ours
    Dialects in = kKeras1;
};

/// A setting that other writers have and this program does not follow.
struct ForeignGap {
    std::string_view foreign{};  ///< of a key that is also ours, an absent one means our default
    Value value{};               ///< the value that is not followed; None: any
    Dialects in = kAnyKeras;
    std::string_view reason{};  ///< sentence case, no full stop
};

struct Foreign {
    std::vector<ForeignClass> classes{};
    std::vector<ForeignKey> keys{};
    std::vector<ForeignDefault> defaults{};
    std::vector<ForeignIgnored> ignored{};
    std::vector<ForeignUnwritten> unwritten{};
    std::vector<ForeignGap> gaps{};

    /// The row of a key that is not ours; null when there is none.
    [[nodiscard]] const ForeignKey* key(std::string_view foreignName) const;
    /// Whether an absent `ours` means something else to one of the dialects, so that files had better say it.
    [[nodiscard]] bool hasOtherDefault(std::string_view ours) const;
};

}  // namespace shapewise::layers
