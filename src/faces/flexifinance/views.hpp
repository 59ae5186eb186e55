#pragma once
#include "access/roles.hpp"
#include "db/page.hpp"
#include "describe/fields.hpp"

namespace pamoja::faces::flexifinance {

// Who decides on applications, identities and documents.
inline std::vector<std::string> officers() {
    return {std::string(access::loan_officer), std::string(access::admin)};
}

// Where a list stands, as every list of this face tells it.
struct Pagination {
    std::int64_t current_page = 1;
    std::int64_t per_page = 20;
    std::int64_t total_pages = 0;
    std::int64_t total_items = 0;

    void describe(Fields& f) {
        f("current_page", current_page);
        f("per_page", per_page);
        f("total_pages", total_pages);
        f("total_items", total_items);
    }
};

template <class T>
Pagination pagination_of(const Page<T>& page) {
    return {page.request.page, page.request.per_page, page.pages_total(), page.total};
}

// The page that a list's query asks for; queries of lists include it among their filters.
struct PageQuery {
    std::int64_t page = 1;
    std::int64_t per_page = 20;

    PageRequest request() const { return {page, per_page}; }

    void describe(Fields& f) {
        f.optional("page", page).between(1, 100'000);
        f.optional("per_page", per_page).between(1, 100);
    }
};

// The views of records, in their order.
template <class View, class T>
std::vector<View> views_of(const std::vector<T>& records) {
    std::vector<View> views;
    views.reserve(records.size());
    for (const T& record : records) views.push_back(View{record});
    return views;
}

}  // namespace pamoja::faces::flexifinance
