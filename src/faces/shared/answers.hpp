#pragma once
#include <string>
#include <vector>

#include "db/page.hpp"
#include "describe/fields.hpp"
#include "http/message.hpp"

namespace pamoja::faces {

// A view of nothing: the envelope's data is null.
struct Nothing {};

// A view with a message of its own, where the route's fixed one does not do.
template <class V>
struct Said {
    V view;
    std::string message;
};

// One page of a list, for faces that say beside the data where it stands among all.
template <class V>
struct Listed {
    std::vector<V> items;
    std::int64_t page = 1;
    std::int64_t limit = 20;
    std::int64_t total = 0;

    std::int64_t pages_total() const { return (total + limit - 1) / limit; }
};

// The views of a page's items.
template <class V, class T>
Listed<V> listed(const Page<T>& page) {
    Listed<V> list{{}, page.request.page, page.request.per_page, page.total};
    for (const T& item : page.items) list.items.push_back(V{item});
    return list;
}

// A file instead of an envelope.
struct Download {
    std::string content_type;
    std::string bytes;
    std::vector<http::Header> headers;
    int status = 0;  // the route's when 0: a redirect, or an error page
};

// What a handler's view comes to, before the face puts its envelope around it.
struct Answer {
    std::string data = "null";  // JSON
    std::string message;        // empty: the route's
    std::optional<Download> download;
    std::string meta;  // JSON of a list's place among all; empty for what is no list
};

// A part of a multipart form that is a file. The bytes are owned.
struct FilePart {
    std::string field;
    std::string file_name;
    std::string content_type;  // as declared; not to be trusted
    std::string bytes;
};

template <class V>
Answer render(const V& view, const WireStyle& style) {
    return {write_json(view, style), {}, {}, {}};
}
template <class V>
Answer render(const Said<V>& said, const WireStyle& style) {
    auto answer = render(said.view, style);
    answer.message = said.message;
    return answer;
}
template <class V>
Answer render(const Listed<V>& list, const WireStyle& style) {
    json::Writer meta;
    meta.begin_object();
    meta.member("page", list.page);
    meta.member("limit", list.limit);
    meta.member("total", list.total);
    meta.member("total_pages", list.pages_total());
    meta.end_object();
    return {write_json(list.items, style), {}, {}, meta.take()};
}
inline Answer render(const Nothing&, const WireStyle&) {
    return {};
}
inline Answer render(const Download& download, const WireStyle&) {
    return {"null", {}, download, {}};
}

// The JSON Schema of a view, for OpenAPI.
template <class V>
struct SchemaOf {
    static void write(json::Writer& writer, const WireStyle& style) {
        writer.begin_object();
        ops_of<V>()->schema(writer, style);
        writer.end_object();
    }
};
template <class V>
struct SchemaOf<Said<V>> : SchemaOf<V> {};
template <class V>
struct SchemaOf<Listed<V>> : SchemaOf<std::vector<V>> {};
template <>
struct SchemaOf<Nothing> {
    static void write(json::Writer& writer, const WireStyle&) { writer.raw(R"({"type":"null"})"); }
};
template <>
struct SchemaOf<Download> {
    static void write(json::Writer& writer, const WireStyle&) {
        writer.raw(R"({"type":"string","format":"binary"})");
    }
};

}  // namespace pamoja::faces
