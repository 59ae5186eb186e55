#include "http/static_files.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "http/internal/text.hpp"

namespace pamoja::http {

namespace {

namespace fs = std::filesystem;

// FNV-1a: tells versions of our own files apart, nobody attacks it.
std::string entity_tag_of(std::string_view bytes) {
    std::uint64_t hash = 14695981039346656037U;
    for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return fmt::format("\"{:016x}-{:x}\"", hash, bytes.size());
}

std::string read_file(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream) throw std::runtime_error("cannot read " + path.string());
    return bytes;
}

bool is_hidden(const fs::path& relative) {
    for (const fs::path& name : relative)
        if (name.string().starts_with('.')) return true;
    return false;
}

// If-None-Match compares weakly and lists several tags (RFC 9110, 13.1.2).
bool matches(std::string_view condition, std::string_view entity_tag) {
    while (!condition.empty()) {
        std::string_view tag = internal::trim(internal::take_until(condition, ','));
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == entity_tag || tag == "*") return true;
    }
    return false;
}

}  // namespace

StaticFiles::StaticFiles(const StaticFilesConfig& config) : cache_control_(config.cache_control) {
    if (!fs::is_directory(config.folder))
        throw std::runtime_error("no such folder: " + config.folder.string());
    std::uintmax_t bytes_total = 0;
    for (const auto& entry : fs::recursive_directory_iterator(config.folder)) {
        fs::path relative = entry.path().lexically_relative(config.folder);
        if (entry.is_symlink() || !entry.is_regular_file() || is_hidden(relative)) continue;
        bytes_total += entry.file_size();
        if (bytes_total > config.bytes_max)
            throw std::runtime_error("too many bytes to hold in memory: " + config.folder.string());
        File file{content_type_of(relative.string()), {}, read_file(entry.path())};
        file.entity_tag = entity_tag_of(file.bytes);
        files_.emplace(relative.generic_string(), std::move(file));
    }
}

std::optional<Response> StaticFiles::find(std::string_view path, const Request& request) const {
    std::string name(path);
    if (name.empty() || name.ends_with('/')) name += "index.html";
    auto found = files_.find(name);
    if (found == files_.end()) return std::nullopt;
    const File& file = found->second;

    Response response;
    response.content_type = file.content_type;
    response.headers = {
        {"ETag", file.entity_tag}, {"Cache-Control", cache_control_}, {"X-Content-Type-Options", "nosniff"}};
    if (matches(request.header("If-None-Match"), file.entity_tag)) {
        response.status = 304;
    } else {
        response.body = file.bytes;
    }
    return response;
}

std::string content_type_of(std::string_view filename) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 17> types = {{
        {"html", "text/html; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"json", "application/json"},
        {"map", "application/json"},
        {"yaml", "application/yaml"},
        {"txt", "text/plain; charset=utf-8"},
        {"md", "text/markdown; charset=utf-8"},
        {"svg", "image/svg+xml; charset=utf-8"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"webp", "image/webp"},
        {"ico", "image/x-icon"},
        {"woff2", "font/woff2"},
        {"wasm", "application/wasm"},
        {"pdf", "application/pdf"},
    }};
    auto dot = filename.rfind('.');
    std::string ending = dot == std::string_view::npos ? "" : internal::lower(filename.substr(dot + 1));
    for (const auto& [known, type] : types)
        if (known == ending) return std::string(type);
    return "application/octet-stream";
}

}  // namespace pamoja::http
