#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"

namespace pamoja::files {

// Where contents lie, by generated names. What is put stays provisional until it is kept; both can be read.
// Thread-safe, never used inside a transaction. Throws Failure(unavailable) when the disk or the other party
// fails, and std::logic_error for a name that make_storage_name did not make.
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
std::unique_ptr<Storage> open_folder(const std::filesystem::path&);

// 32 hexadecimal digits, of which the first twelve tell the time.
std::string make_storage_name(Timestamp, Random&);
bool is_storage_name(std::string_view);
Timestamp time_of_storage_name(std::string_view);

}  // namespace pamoja::files
