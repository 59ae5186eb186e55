#pragma once
#include "base/money.hpp"

namespace pamoja {

// How an amount of money looks on a wire.
enum class MoneyForm {
    major_number,  // 1250.5        FlexiFinance, Cashstage
    major_string,  // "1250.50"     ChamaHub
    minor_number,  // 125050        GidiNest
    tagged,        // "KES 1250.50" our own stored JSON
};

// How names of enumerations look on a wire; in the code they are lower snake case.
enum class EnumCase { lower, upper };

// What differs between wires in the form of values. Each face has one; `storage` is for JSON kept in the
// database.
struct WireStyle {
    MoneyForm money = MoneyForm::tagged;
    EnumCase enums = EnumCase::lower;
    Currency currency;  // of amounts whose currency the wire does not tell

    static const WireStyle& storage();
};

}  // namespace pamoja
