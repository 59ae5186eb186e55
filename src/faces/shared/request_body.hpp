#pragma once
#include "faces/shared/answers.hpp"
#include "http/message.hpp"

namespace pamoja::faces {

// A request that arrives as multipart/form-data: text parts fill its fields, file parts its `files`. Its
// array `file_fields` names the parts that may be files.
template <class T>
concept HasFiles = requires(T& request) {
    { request.files } -> std::same_as<std::vector<FilePart>&>;
    T::file_fields;
};

// A form's schema: its fields and its files, which T::file_fields names.
void write_form_schema(const Fields&, std::span<const char* const> file_fields, json::Writer&,
                       const WireStyle&);

// A request that arrives as application/x-www-form-urlencoded, as OAuth has it. Parameters that it does not
// know are ignored.
template <class T>
concept UrlEncoded = T::is_url_encoded;

template <class T>
requires HasFiles<T>
struct SchemaOf<T> {
    static void write(json::Writer& writer, const WireStyle& style) {
        T record;
        writer.begin_object();
        write_form_schema(fields_of(record), T::file_fields, writer, style);
        writer.end_object();
    }
};

// The request's JSON object. An empty body counts as an empty object. Throws Failure(malformed_request,
// unsupported_media_type).
json::Value json_body(const http::Request&);
// The query as an object of strings. A parameter that is given twice is refused.
json::Value query_object(const http::Request&);
// The text parts as an object of strings, the files into `files`.
json::Value form_object(const http::Request&, std::vector<FilePart>& files);

// The query of a GET, otherwise the body's pairs, as an object of strings.
json::Value url_encoded_object(const http::Request&);

template <class T>
T parse_request(const http::Request& request, const WireStyle& style) {
    if constexpr (HasFiles<T>) {
        std::vector<FilePart> files;
        auto parsed = read_json<T>(form_object(request, files), style, true);
        parsed.files = std::move(files);
        return parsed;
    } else if constexpr (UrlEncoded<T>) {
        return read_json<T>(url_encoded_object(request), style, true);
    } else {
        if (request.method == "GET") return read_json<T>(query_object(request), style, true);
        return read_json<T>(json_body(request), style);
    }
}

}  // namespace pamoja::faces
