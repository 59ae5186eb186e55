#pragma once
#include <filesystem>
#include <functional>
#include <string>

namespace pamoja::crypto {

// The text of a file of secrets. When there is none, writes what make() gives with mode 0600: the file
// appears whole and durable or not at all, and of several processes that start together one wins and all read
// the same. Throws std::runtime_error when it cannot be read or written, or when others than its owner and
// group may read it.
std::string load_or_create_key_file(const std::filesystem::path&, const std::function<std::string()>& make);

}  // namespace pamoja::crypto
