#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pamoja {

// A mobile number in E.164 form ("+254700123456"), or empty. Takes the forms that people write: "0700 123
// 456", "0111234567", "254700123456", "+254-700-123456", "00254700123456" and the bare "700123456". A number
// without a country code is read in the home country's plan ("KE" or "NG"); other countries' numbers need "+"
// or "00" and are held to E.164's lengths alone.
std::optional<std::string> normalize_phone(std::string_view text, std::string_view home_country = "KE");

// "+2547•••••456" keeps enough to recognise one's own number and no more.
std::string mask_phone(std::string_view e164);

}  // namespace pamoja
