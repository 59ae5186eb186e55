#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace pamoja::files {

// Where contents lie, by generated names (hexadecimal digits only). What is put stays provisional until it is
// kept; both can be read. Thread-safe. Throws Failure(unavailable) when the disk or the other party fails.
class Storage {
  public:
    virtual ~Storage() = default;
    virtual void put(const std::string& name, std::string_view bytes) = 0;  // durable when it returns
    virtual void keep(const std::string& name) = 0;    // nothing happens when it is kept already
    virtual void remove(const std::string& name) = 0;  // nothing happens when it is not there
    virtual std::string read(const std::string& name) = 0;
    // Names that were put before an instant and not kept.
    virtual std::vector<std::string> provisional_before(Timestamp) = 0;
};

// A folder on this machine's disk, outside of everything that is served.
std::unique_ptr<Storage> open_folder(const std::filesystem::path&, const Clock&);

}  // namespace pamoja::files
