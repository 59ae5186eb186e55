#pragma once
#include <string>
#include <vector>

#include "describe/fields.hpp"

namespace pamoja::sandbox {

// The form of values in what the control calls take and give: amounts in shillings.
inline const WireStyle control_style{
    .money = MoneyForm::major_number, .enums = EnumCase::lower, .currency = {}};

// Records as a JSON array.
template <class Record>
std::string listing(const std::vector<Record>& records) {
    std::string text = "[";
    for (const Record& record : records) {
        if (text.size() > 1) text += ',';
        text += write_json(record, control_style);
    }
    return text + "]";
}

}  // namespace pamoja::sandbox
