#include "crypto/internal/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace pamoja::crypto {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

[[noreturn]] void fail(const std::string& path, const char* what) {
    throw std::runtime_error("key file " + path + ": " + what + ": " + std::system_category().message(errno));
}

// A file descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

  private:
    int number_;
};

void require_private(const Descriptor& file, const std::string& path) {
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) fail(path, "cannot look at it");
    if (!S_ISREG(status.st_mode)) throw std::runtime_error("key file " + path + " is no regular file");
    constexpr mode_t open_to_others = S_IWGRP | S_IRWXO;
    if ((status.st_mode & open_to_others) != 0) {
        throw std::runtime_error("key file " + path + " is open to other users; run chmod 600 on it");
    }
}

std::optional<std::string> load(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        if (errno == ENOENT) return std::nullopt;
        fail(path, "cannot open it");
    }
    require_private(file, path);
    std::string text;
    char buffer[4096];
    while (const ssize_t count = ::read(file.number(), buffer, sizeof buffer)) {
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path, "cannot read it");
        text.append(buffer, static_cast<std::size_t>(count));
        if (text.size() > file_bytes_max) throw std::runtime_error("key file " + path + " is too large");
    }
    return text;
}

void write_durably(const Descriptor& file, const std::string& text, const std::string& path) {
    for (std::size_t written = 0; written < text.size();) {
        const ssize_t count = ::write(file.number(), text.data() + written, text.size() - written);
        if (count < 0 && errno != EINTR) fail(path, "cannot write it");
        if (count > 0) written += static_cast<std::size_t>(count);
    }
    if (::fsync(file.number()) != 0) fail(path, "cannot make it durable");
}

void create(const std::filesystem::path& path, const std::string& text) {
    std::string draft = path.string() + ".XXXXXX";
    const Descriptor file(::mkstemp(draft.data()));  // mode 0600
    if (!file.is_open()) fail(path.string(), "cannot create it");
    try {
        write_durably(file, text, path.string());
        // A link, unlike a rename, leaves a file alone that another process put there in the meantime.
        if (::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST)
            fail(path.string(), "cannot create it");
    } catch (...) {
        ::unlink(draft.c_str());
        throw;
    }
    ::unlink(draft.c_str());
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open() || ::fsync(directory.number()) != 0)
        fail(path.string(), "cannot make it durable");
}

}  // namespace

std::string load_or_create_key_file(const std::filesystem::path& path,
                                    const std::function<std::string()>& make) {
    if (auto text = load(path.string())) return *text;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
    create(path, make());
    auto text = load(path.string());
    if (!text) throw std::runtime_error("key file " + path.string() + " vanished while it was made");
    return *text;
}

}  // namespace pamoja::crypto
