#pragma once
#include <string>
#include <vector>

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

// A file instead of an envelope.
struct Download {
    std::string content_type;
    std::string bytes;
    std::vector<http::Header> headers;
};

// What a handler's view comes to, before the face puts its envelope around it.
struct Answer {
    std::string data = "null";  // JSON
    std::string message;        // empty: the route's
    std::optional<Download> download;
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
    return {write_json(view, style), {}, {}};
}
template <class V>
Answer render(const Said<V>& said, const WireStyle& style) {
    auto answer = render(said.view, style);
    answer.message = said.message;
    return answer;
}
inline Answer render(const Nothing&, const WireStyle&) {
    return {};
}
inline Answer render(const Download& download, const WireStyle&) {
    return {"null", {}, download};
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
