#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace pamoja::log {

enum class Level { debug, info, warning, error };

// One named value of a log line. Never a secret: no bodies, tokens, codes, passwords or numbers of persons.
struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t> value;
    Field(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
    Field(std::string_view field_name, const std::string& text)
        : name(field_name), value(std::string_view(text)) {}
    Field(std::string_view field_name, const char* text) : name(field_name), value(std::string_view(text)) {}
    Field(std::string_view field_name, std::int64_t number) : name(field_name), value(number) {}
    Field(std::string_view field_name, int number) : name(field_name), value(std::int64_t{number}) {}
};

// Writes one JSON object as one line to standard error, from a background thread; when more wait than it can
// write, the oldest are dropped rather than the server held up.
void write(Level, std::string_view event, std::initializer_list<Field> fields = {});

inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::error, event, fields);
}

// Lines below this level are not written. The default is info.
void set_level(Level);
// Writes out what waits. Call before the process ends.
void flush();

}  // namespace pamoja::log
