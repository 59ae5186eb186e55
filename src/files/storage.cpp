#include "files/storage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "base/failure.hpp"
#include "base/id.hpp"

namespace pamoja::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t name_size = 32;
constexpr std::size_t time_digits = 12;
constexpr std::string_view unfinished = ".part";

[[noreturn]] void fail() {
    throw Failure(unavailable, "Files cannot be stored or read at the moment.");
}

void require_done(bool is_done) {
    if (!is_done) fail();
}

struct Descriptor {
    explicit Descriptor(int opened) : number(opened) { require_done(number >= 0); }
    ~Descriptor() { ::close(number); }
    Descriptor(const Descriptor&) = delete;
    int number;
};

void write_durably(const fs::path& path, std::string_view bytes) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    while (!bytes.empty()) {
        const auto written = ::write(file.number, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        require_done(written > 0);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    require_done(::fsync(file.number) == 0);
}

void flush_folder(const fs::path& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    require_done(::fsync(folder.number) == 0);
}

std::optional<std::string> read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream content;
    content << file.rdbuf();
    require_done(!file.bad());
    return std::move(content).str();
}

// Provisional contents lie in incoming/, kept ones in kept/ab/ where ab are the name's last digits, so that
// no folder grows too large.
class FolderStorage : public Storage {
  public:
    explicit FolderStorage(fs::path root) : incoming_(root / "incoming"), kept_(root / "kept") {
        fs::create_directories(incoming_);
        fs::create_directories(kept_);
        fs::permissions(root, fs::perms::owner_all);
    }

    void put(const std::string& name, std::string_view bytes) override {
        const fs::path path = provisional(name);
        const fs::path part = path.string() + std::string(unfinished);
        try {
            write_durably(part, bytes);
            fs::rename(part, path);
            flush_folder(incoming_);
        } catch (const std::exception&) {
            remove(name);
            fail();
        }
    }

    void keep(const std::string& name) override {
        std::error_code error;
        fs::create_directories(kept(name).parent_path(), error);
        fs::rename(provisional(name), kept(name), error);
        require_done(!error || fs::exists(kept(name)));
    }

    void remove(const std::string& name) override {
        std::error_code ignored;
        fs::remove(provisional(name), ignored);
        fs::remove(provisional(name).string() + std::string(unfinished), ignored);
        fs::remove(kept(name), ignored);
    }

    std::string read(const std::string& name) override {
        // It may be kept between two looks.
        for (const fs::path& path : {kept(name), provisional(name), kept(name)}) {
            if (auto content = read_whole(path)) return std::move(*content);
        }
        fail();
    }

    std::vector<std::string> provisional_before(Timestamp instant) override {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(incoming_)) {
            const std::string name = entry.path().stem().string();
            if (is_storage_name(name) && time_of_storage_name(name) < instant) names.push_back(name);
        }
        std::ranges::sort(names);
        return names;
    }

  private:
    static const std::string& checked(const std::string& name) {
        if (!is_storage_name(name)) throw std::logic_error("this is no name of the storage: " + name);
        return name;
    }
    fs::path provisional(const std::string& name) const { return incoming_ / checked(name); }
    fs::path kept(const std::string& name) const {
        return kept_ / checked(name).substr(name_size - 2) / name;
    }

    fs::path incoming_;
    fs::path kept_;
};

}  // namespace

std::unique_ptr<Storage> open_folder(const fs::path& root) {
    return std::make_unique<FolderStorage>(root);
}

std::string make_storage_name(Timestamp now, Random& random) {
    std::string name = make_uuid(now, random);
    std::erase(name, '-');
    return name;
}

bool is_storage_name(std::string_view name) {
    return name.size() == name_size && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Timestamp time_of_storage_name(std::string_view name) {
    std::int64_t milliseconds = 0;
    std::from_chars(name.data(), name.data() + time_digits, milliseconds, 16);
    return Timestamp::from_micros(milliseconds * 1'000);
}

}  // namespace pamoja::files
