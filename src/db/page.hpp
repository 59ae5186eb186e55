#pragma once
#include <cstdint>
#include <vector>

namespace pamoja {

// Which part of a list is asked for. Pages count from 1.
struct PageRequest {
    std::int64_t page = 1;
    std::int64_t per_page = 20;
};

template <class T>
struct Page {
    std::vector<T> items;
    std::int64_t total = 0;  // of all pages
    PageRequest request;

    std::int64_t pages_total() const { return (total + request.per_page - 1) / request.per_page; }
};

}  // namespace pamoja
