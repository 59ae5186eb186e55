#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "json/value.hpp"

namespace pamoja::json {

// Writes JSON text front to back. The caller keeps begin/end balanced; commas are put by the writer.
class Writer {
  public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void name(std::string_view);
    void null() { raw("null"); }
    void boolean(bool value) { raw(value ? "true" : "false"); }
    void integer(std::int64_t value);
    void string(std::string_view);  // invalid UTF-8 is written as U+FFFD
    void value(const Value&);
    // Text that is JSON already: numbers as they are to appear, or what another Writer made.
    void raw(std::string_view json);

    template <class T>
    void member(std::string_view member_name, const T& member_value) {
        name(member_name);
        if constexpr (std::same_as<T, bool>) {
            boolean(member_value);
        } else if constexpr (std::integral<T>) {
            integer(static_cast<std::int64_t>(member_value));
        } else if constexpr (std::same_as<T, Value>) {
            value(member_value);
        } else {
            string(member_value);
        }
    }

    const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }

  private:
    void open(char);
    void close(char);
    void separate();
    std::string text_;
    bool needs_comma_ = false;
};

std::string to_text(const Value&);
// The text as a JSON string, with its quotes.
std::string quoted(std::string_view text);

}  // namespace pamoja::json
