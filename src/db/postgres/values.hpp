#pragma once
#include <libpq-fe.h>

#include <span>
#include <string>
#include <vector>

#include "describe/cell.hpp"

namespace pamoja::postgres {

// The parameters of one statement in PostgreSQL's binary form. Refers to the cells, which must outlive it.
class Parameters {
  public:
    // `tenant` is the last parameter where it is not null.
    Parameters(std::span<const Cell> cells, const Cell* tenant);
    Parameters(const Parameters&) = delete;

    int count() const { return static_cast<int>(values_.size()); }
    const char* const* values() const { return values_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }

  private:
    void add(const Cell&);
    void add(const char* bytes, std::size_t length);
    void add_number(std::uint64_t bits);

    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::uint64_t> numbers_;  // in network order; never reallocated, values_ points into it
};

// The type that the server is told for a cell; 0, which leaves it to the server, for a null.
Oid type_of(const Cell&);

// Throws std::runtime_error for a number that no cell holds (a sum beyond 64 bits).
Cell cell_of(const PGresult*, int row, int column);

// How many rows the statement inserted, updated or deleted.
std::int64_t changed_count(const PGresult*);

}  // namespace pamoja::postgres
