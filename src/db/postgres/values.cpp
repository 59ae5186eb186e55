#include "db/postgres/values.hpp"

#include <endian.h>

#include <array>
#include <bit>
#include <charconv>
#include <stdexcept>

#include "base/hex.hpp"

namespace pamoja::postgres {
namespace {

// Object ids of the built-in types; they are part of the protocol and never change.
namespace oid {
constexpr Oid unknown = 0;
constexpr Oid boolean = 16;
constexpr Oid bytes = 17;
constexpr Oid int8 = 20;
constexpr Oid int2 = 21;
constexpr Oid int4 = 23;
constexpr Oid text = 25;
constexpr Oid float4 = 700;
constexpr Oid float8 = 701;
constexpr Oid numeric = 1700;
}  // namespace oid

template <class N>
N number_of(std::string_view text) {
    N number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw std::runtime_error("a number from PostgreSQL does not fit: " + std::string(text));
    }
    return number;
}

// SUM over bigint is a numeric without a fraction, AVG one with a fraction.
Cell numeric_of(std::string_view text) {
    if (text.find('.') != std::string_view::npos) return number_of<double>(text);
    return number_of<std::int64_t>(text);
}

Blob blob_of(std::string_view text) {
    auto bytes = text.starts_with("\\x") ? from_hex(text.substr(2)) : std::nullopt;
    if (!bytes) throw std::runtime_error("PostgreSQL sent bytes in another form than hex");
    return {std::move(*bytes)};
}

}  // namespace

Parameters::Parameters(std::span<const Cell> cells, const Cell* tenant) {
    const std::size_t count = cells.size() + (tenant != nullptr ? 1 : 0);
    values_.reserve(count);
    lengths_.reserve(count);
    numbers_.reserve(count);
    formats_.assign(count, 1);
    for (const Cell& cell : cells) add(cell);
    if (tenant != nullptr) add(*tenant);
}

void Parameters::add(const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
        add_number(static_cast<std::uint64_t>(*number));
    } else if (const auto* content = std::get_if<std::string>(&cell)) {
        add(content->data(), content->size());
    } else if (const auto* flag = std::get_if<bool>(&cell)) {
        add(*flag ? "\1" : "\0", 1);
    } else if (const auto* real = std::get_if<double>(&cell)) {
        add_number(std::bit_cast<std::uint64_t>(*real));
    } else if (const auto* blob = std::get_if<Blob>(&cell)) {
        add(blob->bytes.data(), blob->bytes.size());
    } else {
        add(nullptr, 0);
    }
}

void Parameters::add(const char* bytes, std::size_t length) {
    values_.push_back(bytes);
    lengths_.push_back(static_cast<int>(length));
}

void Parameters::add_number(std::uint64_t bits) {
    numbers_.push_back(htobe64(bits));
    add(reinterpret_cast<const char*>(&numbers_.back()), sizeof bits);
}

Oid type_of(const Cell& cell) {
    // In the order of the variant.
    constexpr std::array<Oid, std::variant_size_v<Cell>> types{oid::unknown, oid::int8, oid::float8,
                                                               oid::boolean, oid::text, oid::bytes};
    return types.at(cell.index());
}

Cell cell_of(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column) != 0) return {};
    const std::string_view text(PQgetvalue(result, row, column),
                                static_cast<std::size_t>(PQgetlength(result, row, column)));
    switch (PQftype(result, column)) {
        case oid::int2:
        case oid::int4:
        case oid::int8:
            return number_of<std::int64_t>(text);
        case oid::boolean:
            return text == "t";
        case oid::float4:
        case oid::float8:
            return number_of<double>(text);
        case oid::numeric:
            return numeric_of(text);
        case oid::bytes:
            return blob_of(text);
        default:
            return std::string(text);
    }
}

std::int64_t changed_count(const PGresult* result) {
    // libpq only reads the result, though it does not say so. For a SELECT the server counts what it
    // returned.
    auto* const readable = const_cast<PGresult*>(result);
    const std::string_view count = PQcmdTuples(readable);
    const bool has_changed = !count.empty() && !std::string_view(PQcmdStatus(readable)).starts_with("SELECT");
    return has_changed ? number_of<std::int64_t>(count) : 0;
}

}  // namespace pamoja::postgres
