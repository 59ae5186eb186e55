#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace pamoja::http {

struct StaticFilesConfig {
    std::filesystem::path folder;
    std::string cache_control = "no-cache";  // may be kept, must be asked about each time
    std::uintmax_t bytes_max = 32 << 20;     // of all files together
};

// The files of a folder, read once and held in memory, so that no request ever reaches the file system. Links
// and names that begin with a dot are left out.
class StaticFiles {
  public:
    // Throws std::runtime_error when the folder cannot be read or holds more than bytes_max.
    explicit StaticFiles(const StaticFilesConfig&);

    // The answer to a GET of `path`, which is relative to the folder; "" and a path that ends with '/' mean
    // the index.html there. 304 when the client holds the same bytes. Absent when there is no such file.
    std::optional<Response> find(std::string_view path, const Request&) const;
    std::size_t count() const { return files_.size(); }

  private:
    struct File {
        std::string content_type;
        std::string entity_tag;
        std::string bytes;
    };

    std::map<std::string, File, std::less<>> files_;  // by path relative to the folder, with '/'
    std::string cache_control_;
};

// The media type that the ending of a file's name stands for.
std::string content_type_of(std::string_view filename);

}  // namespace pamoja::http
