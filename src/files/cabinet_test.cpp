#include "files/cabinet.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "db/testing.hpp"
#include "jobs/runner.hpp"

namespace pamoja::files {
namespace {

using std::chrono::hours;
namespace fs = std::filesystem;

const TenantId tenant("a");
const UserId ann("ann");
const UserId bob("bob");
constexpr std::string_view pdf = "%PDF-1.7\n1 0 obj << /Type /Catalog /Names (JavaScript) >> endobj\n%%EOF\n";

std::string temporary_folder() {
    std::string name = (fs::temp_directory_path() / "pamoja-files-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    return name;
}

std::size_t count_files(const fs::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        count += entry.is_regular_file() ? 1 : 0;
    return count;
}

class CabinetTest : public ::testing::TestWithParam<Engine> {
  protected:
    CabinetTest()
        : db_(GetParam()),
          folder_(temporary_folder()),
          storage_(open_folder(folder_)),
          cabinet_(*storage_, db_.clock, db_.random),
          runner_(*db_, db_.clock, db_.random, handlers_) {
        cabinet_.handle_jobs(handlers_);
        runner_.drain();
    }
    ~CabinetTest() override { fs::remove_all(folder_); }

    PreparedFile prepare(std::string_view bytes = pdf, const Rules& rules = images_and_documents) {
        return cabinet_.prepare(bytes, "../statement.pdf", rules);
    }

    StoredFile keep(const PreparedFile& prepared, const UserId& owner = ann) {
        return db_->write(tenant, [&](Tx& tx) { return cabinet_.keep(tx, prepared, owner, "kyc"); });
    }

    std::string reason_of(std::string_view bytes, const Rules& rules = images_and_documents) {
        try {
            (void)prepare(bytes, rules);
            return "accepted";
        } catch (const Failure& failure) {
            return failure.errors().empty() ? failure.reason().code : failure.errors()[0].code;
        }
    }

    testing::TestDatabase db_;
    std::string folder_;
    std::unique_ptr<Storage> storage_;
    Cabinet cabinet_;
    jobs::Handlers handlers_;
    jobs::Runner runner_;
};

TEST_P(CabinetTest, KeepsWhatWasUploaded) {
    const StoredFile file = keep(prepare());
    EXPECT_EQ(file.name, "statement.pdf");
    EXPECT_EQ(file.content_type, ContentType::pdf);
    EXPECT_EQ(file.size, static_cast<std::int64_t>(pdf.size()));
    EXPECT_EQ(file.created_at, db_.clock.now());
    EXPECT_EQ(cabinet_.content(file), pdf) << "at once, before any job ran";
    runner_.drain();
    EXPECT_EQ(count_files(fs::path(folder_) / "incoming"), 0u);
    EXPECT_EQ(count_files(fs::path(folder_) / "kept"), 1u);
    EXPECT_EQ(cabinet_.content(file), pdf);
    db_.clock.advance(hours(100));
    runner_.drain();
    const auto found = db_->read(tenant, [&](Tx& tx) { return file_of(tx, ann, file.id); });
    EXPECT_EQ(cabinet_.content(found), pdf) << "the sweep leaves it alone";
}

TEST_P(CabinetTest, AnAbortedUploadLeavesNothingAfterTheSweep) {
    const auto prepared = prepare();
    EXPECT_THROW(db_->write(tenant,
                            [&](Tx& tx) {
                                cabinet_.keep(tx, prepared, ann, "kyc");
                                throw Failure(conflict, "No.");
                            }),
                 Failure);
    db_.clock.advance(hours(23));
    runner_.drain();
    EXPECT_EQ(count_files(folder_), 1u) << "its request may still be on its way";
    db_.clock.advance(hours(3));
    runner_.drain();
    EXPECT_EQ(count_files(folder_), 0u);
}

TEST_P(CabinetTest, TheSweepFinishesWhatACrashLeftBehind) {
    const StoredFile file = keep(prepare());
    db_->write(tenant, [](Tx& tx) { tx.run("DELETE FROM jobs WHERE tenant_id = :tenant"); });
    std::ofstream(fs::path(folder_) / "incoming" / (make_storage_name(db_.clock.now(), db_.random) + ".part"))
        << "x";
    db_.clock.advance(hours(26));
    runner_.drain();
    EXPECT_EQ(count_files(folder_), 1u);
    EXPECT_EQ(count_files(fs::path(folder_) / "kept"), 1u);
    EXPECT_EQ(cabinet_.content(file), pdf);
}

TEST_P(CabinetTest, ShowsAFileToItsOwnerOnly) {
    const StoredFile file = keep(prepare());
    EXPECT_THROW(db_->read(tenant, [&](Tx& tx) { return file_of(tx, bob, file.id); }), Failure);
    EXPECT_THROW(db_->read(TenantId("b"), [&](Tx& tx) { return file_of(tx, ann, file.id); }), Failure);
    EXPECT_THROW(db_->write(tenant, [&](Tx& tx) { cabinet_.remove(tx, bob, file.id); }), Failure);
    EXPECT_EQ(db_->read(tenant, [](Tx& tx) { return files_of(tx, ann, "kyc", {}).total; }), 1);
    EXPECT_EQ(db_->read(tenant, [](Tx& tx) { return files_of(tx, bob, "kyc", {}).total; }), 0);
}

TEST_P(CabinetTest, RemovesRowAndContent) {
    const StoredFile file = keep(prepare());
    db_->write(tenant, [&](Tx& tx) { cabinet_.remove(tx, ann, file.id); });
    runner_.drain();
    EXPECT_EQ(count_files(folder_), 0u);
    EXPECT_THROW(cabinet_.content(file), Failure);
}

TEST_P(CabinetTest, NoticesAnAlteredContent) {
    const StoredFile file = keep(prepare());
    std::ofstream(fs::path(folder_) / "incoming" / file.storage_name) << "something else";
    EXPECT_THROW(cabinet_.content(file), Failure);
}

TEST_P(CabinetTest, HoldsAnOwnerToALimit) {
    Rules narrow = images_and_documents;
    narrow.owner_bytes_max = static_cast<std::int64_t>(pdf.size()) * 2;
    keep(prepare(pdf, narrow));
    keep(prepare(pdf, narrow));
    EXPECT_THROW(keep(prepare(pdf, narrow)), Failure);
    keep(prepare(pdf, narrow), bob);
}

TEST_P(CabinetTest, RefusesWhatIsNotAllowed) {
    EXPECT_EQ(reason_of(""), "required");
    EXPECT_EQ(reason_of("MZ executable"), "unsupported_media_type");
    EXPECT_EQ(reason_of("<html></html>"), "unsupported_media_type");
    EXPECT_EQ(reason_of(pdf, images), "unsupported_media_type");
    EXPECT_EQ(reason_of("%PDF-1.7 but nothing more"), "invalid");
    const std::string end = "\n%%EOF\n";
    EXPECT_EQ(reason_of("%PDF-1.7\n" + std::string(10 * 1024 * 1024, ' ') + end), "payload_too_large");
    EXPECT_EQ(reason_of("\xff\xd8\xff\xe0" + std::string(5 * 1024 * 1024, ' ')), "payload_too_large");
    for (const std::string name : {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles",
                                   "/RichMedia", "/J#61vaScript", "/#4a#53", "/L#61unch"}) {
        EXPECT_EQ(reason_of("%PDF-1.7\n<< /S " + name + " (x) >>" + end), "active_content") << name;
    }
    for (const std::string name : {"/JSON", "/Launcher", "/Type", "/J#zzS"}) {
        EXPECT_EQ(reason_of("%PDF-1.7\n<< /S " + name + " (x) >>" + end), "accepted") << name;
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, CabinetTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

TEST(Storage, TakesNoNameButItsOwn) {
    const auto folder = temporary_folder();
    const auto storage = open_folder(folder);
    for (const std::string name :
         {"", "../x", "a/b", "0123456789abcdef0123456789abcdeg", "0123456789ABCDEF0123456789ABCDEF"})
        EXPECT_THROW(storage->put(name, "x"), std::logic_error) << name;
    fs::remove_all(folder);
}

TEST(Storage, IsUnavailableWhenTheDiskIs) {
    const auto folder = temporary_folder();
    const auto storage = open_folder(folder);
    fs::remove_all(folder);
    SeededRandom random(1);
    EXPECT_THROW(storage->put(make_storage_name(Timestamp::from_seconds(1), random), "x"), Failure);
    EXPECT_THROW((void)storage->read(make_storage_name(Timestamp::from_seconds(1), random)), Failure);
}

TEST(Storage, ANameTellsItsTime) {
    SeededRandom random(1);
    const auto time = Timestamp::from_seconds(1'764'946'093);
    EXPECT_EQ(time_of_storage_name(make_storage_name(time, random)), time);
}

}  // namespace
}  // namespace pamoja::files
