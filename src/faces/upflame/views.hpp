#pragma once
#include "db/page.hpp"
#include "describe/fields.hpp"

namespace pamoja::faces::upflame {

// "?page=1&limit=20". Queries of lists include it among their filters.
struct PageQuery {
    std::int64_t page = 1;
    std::int64_t limit = 20;

    PageRequest request() const { return {page, limit}; }

    void describe(Fields& f) {
        f.optional("page", page).between(1, 100'000);
        f.optional("limit", limit).between(1, 100);
    }
};

// What many writes answer: a sentence.
struct MessageView {
    std::string message;

    void describe(Fields& f) { f("message", message); }
};

// What a sign-in and a refresh answer.
struct TokensView {
    std::string access_token;
    std::int64_t expires_in = 0;
    std::string token_type = "Bearer";
    std::string refresh_token;

    void describe(Fields& f) {
        f("access_token", access_token);
        f("expires_in", expires_in);
        f("token_type", token_type);
        f("refresh_token", refresh_token);
    }
};

}  // namespace pamoja::faces::upflame
