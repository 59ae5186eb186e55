#include "crypto/keyring.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <stdexcept>
#include <thread>

#include "base/hex.hpp"

namespace pamoja::crypto {
namespace {

namespace fs = std::filesystem;

// A folder of its own for one test.
class Folder {
  public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "pamoja_keyring_XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path_); }
    fs::path operator/(std::string_view name) const { return path_ / name; }

  private:
    fs::path path_;
};

std::string line(std::string_view words, char digit) {
    return std::string(words) + std::string(64, digit) + "\n";
}

TEST(Keyring, IsMadeOnceAndReadFromThenOn) {
    const Folder folder;
    SeededRandom random(1);
    const auto made = Keyring::load_or_create(folder / "new/keys", random);
    const auto read = Keyring::load_or_create(folder / "new/keys", random);
    EXPECT_EQ(made.text(), read.text());
    EXPECT_EQ(made.derive("a"), read.derive("a"));
    struct stat status {};
    ASSERT_EQ(::stat((folder / "new/keys").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    const fs::directory_iterator files(folder / "new");
    EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "a draft was left behind";
}

TEST(Keyring, IsOneForAllThatStartTogether) {
    const Folder folder;
    SystemRandom random;
    std::mutex mutex;
    std::set<std::string> texts;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            const std::string text = Keyring::load_or_create(folder / "keys", random).text();
            const std::lock_guard lock(mutex);
            texts.insert(text);
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(texts.size(), 1u);
}

TEST(Keyring, RefusesAFileThatOthersMayRead) {
    const Folder folder;
    SeededRandom random(1);
    Keyring::load_or_create(folder / "keys", random);
    for (mode_t mode : {0644u, 0604u, 0660u}) {
        ::chmod((folder / "keys").c_str(), mode);
        EXPECT_THROW(Keyring::load_or_create(folder / "keys", random), std::runtime_error)
            << std::oct << mode;
    }
    ::chmod((folder / "keys").c_str(), 0440);
    EXPECT_NO_THROW(Keyring::load_or_create(folder / "keys", random));
    EXPECT_THROW(Keyring::load_or_create(folder / ".", random), std::runtime_error);
}

TEST(Keyring, TakesTheLastKeyAsTheCurrentOneAndKeepsAll) {
    const auto keyring =
        Keyring::parse("# keys\n" + line("root ", '0') + line("key old ", '1') + line("key new ", '2'));
    EXPECT_EQ(keyring.current_id(), "new");
    ASSERT_NE(keyring.find("old"), nullptr);
    EXPECT_EQ(to_hex(*keyring.find("old")), std::string(64, '1'));
    EXPECT_EQ(keyring.find("none"), nullptr);
    EXPECT_EQ(Keyring::parse(keyring.text()).text(), keyring.text());
}

TEST(Keyring, RefusesAMalformedText) {
    const std::string root = line("root ", '0');
    const std::string key = line("key a ", '1');
    for (const std::string& text :
         {std::string(), root, key, root + root + key, root + key + key, root + "key a 11\n",
          root + line("key A ", '1'), root + line("key a.b ", '1'), root + line("key ", '1'),
          root + key + "other\n", root + "key a " + std::string(64, '1') + " more\n",
          root + line("key a ", 'g')}) {
        EXPECT_THROW(Keyring::parse(text), std::runtime_error) << text;
    }
}

TEST(Keyring, DerivesFromTheRootAlone) {
    const std::string root = "root " + to_hex(std::string(32, '\x01')) + "\n";
    const auto before = Keyring::parse(root + line("key a ", '1'));
    const auto after = Keyring::parse(root + line("key a ", '1') + line("key b ", '2'));
    EXPECT_EQ(to_hex(before.derive("refresh tokens")),
              "a1df2e0fb6726e62e560cc623bd74a7fe5e395f8e6dbdb8c1abfc28802c2c503");
    EXPECT_EQ(before.derive("refresh tokens"), after.derive("refresh tokens"));
    EXPECT_NE(before.derive("refresh tokens"), before.derive("blind index"));
}

}  // namespace
}  // namespace pamoja::crypto
