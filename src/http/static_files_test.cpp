#include "http/static_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace pamoja::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public testing::Test {
  protected:
    StaticFilesTest()
        : folder_(fs::temp_directory_path() / ("static_files_test_" + std::to_string(getpid()))) {
        fs::create_directories(folder_ / "site" / "docs");
        write("secret.txt", "secret");
        write("site/index.html", "<p>home</p>");
        write("site/docs/index.html", "<p>docs</p>");
        write("site/app.js", "let a = 1;");
        write("site/.env", "PASSWORD=1");
        fs::create_symlink(folder_ / "secret.txt", folder_ / "site" / "link.txt");
    }
    ~StaticFilesTest() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& bytes) { std::ofstream(folder_ / name) << bytes; }

    fs::path folder_;
};

TEST_F(StaticFilesTest, ServesWhatTheFolderHolds) {
    StaticFiles files({.folder = folder_ / "site"});
    EXPECT_EQ(files.count(), 3U);
    EXPECT_EQ(files.find("", {})->body, "<p>home</p>");
    EXPECT_EQ(files.find("docs/", {})->body, "<p>docs</p>");
    auto script = files.find("app.js", {});
    ASSERT_TRUE(script);
    EXPECT_EQ(script->status, 200);
    EXPECT_EQ(script->content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(script->headers[1].value, "no-cache");
}

TEST_F(StaticFilesTest, ServesNothingElse) {
    StaticFiles files({.folder = folder_ / "site"});
    for (std::string_view path : {"../secret.txt", "docs/../../secret.txt", "/etc/passwd", "link.txt", ".env",
                                  "docs", "none", "app.js/", "APP.JS"})
        EXPECT_FALSE(files.find(path, {})) << path;
}

TEST_F(StaticFilesTest, AnswersThatTheClientHasTheSameBytes) {
    StaticFiles files({.folder = folder_ / "site"});
    std::string tag = files.find("app.js", {})->headers[0].value;
    for (const std::string& condition : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
        Request request;
        request.headers = {{"if-none-match", condition}};
        auto response = files.find("app.js", request);
        EXPECT_EQ(response->status, 304) << condition;
        EXPECT_EQ(response->body, "");
        EXPECT_EQ(response->headers[0].value, tag);
    }
    Request request;
    request.headers = {{"If-None-Match", "\"other\""}};
    EXPECT_EQ(files.find("app.js", request)->status, 200);
    EXPECT_NE(files.find("", {})->headers[0].value, tag);
}

TEST_F(StaticFilesTest, RefusesAFolderThatIsMissingOrTooLarge) {
    EXPECT_THROW(StaticFiles({.folder = folder_ / "none"}), std::runtime_error);
    EXPECT_THROW(StaticFiles({.folder = folder_ / "site", .bytes_max = 20}), std::runtime_error);
}

}  // namespace
}  // namespace pamoja::http
