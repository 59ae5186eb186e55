#pragma once
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/money.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace pamoja::sandbox::daraja {

// Safaricom says no to a request, in its own form.
class Refusal : public std::exception {
  public:
    Refusal(int status, std::string code, std::string message)
        : status_(status), code_(std::move(code)), message_(std::move(message)) {}

    const char* what() const noexcept override { return message_.c_str(); }
    http::Response response(Random&) const;

  private:
    int status_;
    std::string code_;
    std::string message_;
};

// The body of a request to Safaricom. Every reader throws a Refusal with 400.002.02 that names the field.
class Command {
  public:
    explicit Command(std::string_view body);  // 400.002.05 for what is no JSON object

    // Texts and numbers as text; empty when absent.
    std::string text(std::string_view name) const;
    std::string text_within(std::string_view name, std::size_t length_min, std::size_t length_max) const;
    std::string one_of(std::string_view name, std::initializer_list<std::string_view> choices) const;
    std::string url(std::string_view name) const;
    std::string phone(std::string_view name) const;       // "254700123456"
    std::string short_code(std::string_view name) const;  // 5 to 7 digits
    std::string initiator(std::string_view name) const;
    Money whole_amount() const;  // "Amount", 1 to 250,000 shillings

    const json::Value& body() const { return body_; }

  private:
    json::Value body_;
};

[[noreturn]] void refuse_field(std::string_view name);

// "254700123456" as "+254700123456", the form of the control calls.
std::string control_phone(const std::string& handset);

// The name that the simulated register has for a phone.
struct PersonName {
    std::string_view first;
    std::string_view last;
};
PersonName name_of_phone(const std::string& handset);
std::string public_name(const std::string& handset);  // "254708374149 - John Kamau"

// Instants as Safaricom writes them, in Nairobi's time.
std::string compact_time(Timestamp);  // "20191122063845"
std::string dotted_time(Timestamp);   // "19.12.2019 11:45:50"

std::string amount_text(const Money&);  // "1451.00"

// Codes that are numbers are written as numbers: 0, 1032, but "R000002".
void write_code(json::Writer&, std::string_view name, const std::string& code);

}  // namespace pamoja::sandbox::daraja
