#include "kyc/kyc.hpp"

#include <gtest/gtest.h>

#include "db/testing.hpp"
#include "files/cabinet.hpp"
#include "kyc/documents.hpp"

namespace pamoja::kyc {
namespace {

const TenantId tenant("a");
const UserId ann("ann");
const UserId bob("bob");
const UserId officer("officer");

// Files of which nobody asks for the content.
class NoStorage : public files::Storage {
  public:
    void put(const std::string&, std::string_view) override {}
    void keep(const std::string&) override {}
    void remove(const std::string&) override {}
    std::string read(const std::string&) override { return {}; }
    std::vector<std::string> provisional_before(Timestamp) override { return {}; }
};

class KycTest : public ::testing::TestWithParam<Engine> {
  protected:
    KycTest() : db_(GetParam()), cabinet_(storage_, db_.clock, db_.random) {}

    Document hand_in(const UserId& owner, const char* type, std::optional<std::string> loan = {}) {
        db_.clock.advance(std::chrono::seconds(1));
        return db_->write(tenant, [&](Tx& tx) {
            const files::PreparedFile prepared{.name = std::string(type) + ".pdf",
                                               .content_type = files::ContentType::pdf,
                                               .size = 10,
                                               .sha256 = "00",
                                               .storage_name = tx.new_id<files::FileId>().text(),
                                               .owner_bytes_max = 1'000};
            return kyc::hand_in(tx, cabinet_.keep(tx, prepared, owner, "kyc"),
                                {.type = type, .loan_id = loan});
        });
    }

    File submit(const UserId& user, const std::vector<Document>& documents) {
        std::vector<files::FileId> ids;
        for (const auto& document : documents) ids.push_back(document.file_id);
        return db_->write(tenant, [&](Tx& tx) { return kyc::submit(tx, user, ids); });
    }

    File review(const UserId& user, const Review& decision, const UserId& by = officer) {
        return db_->write(tenant, [&](Tx& tx) { return kyc::review(tx, user, decision, by); });
    }

    Document review_document(const DocumentId& id, const DocumentReview& decision,
                             const UserId& by = officer) {
        return db_->write(tenant, [&](Tx& tx) { return kyc::review_document(tx, id, decision, by); });
    }

    std::vector<std::string> types_of(const UserId& user, const DocumentFilter& filter) {
        return db_->read(tenant, [&](Tx& tx) {
            std::vector<std::string> types;
            for (const auto& document : documents_of(tx, user, filter, {}).items)
                types.push_back(document.type);
            return types;
        });
    }

    DocumentStatus status_of(const Document& document) {
        return db_->read(tenant, [&](Tx& tx) { return document_with(tx, document.id).status; });
    }

    template <class F>
    static std::string reason_of(F work) {
        try {
            work();
            return "accepted";
        } catch (const Failure& failure) {
            return failure.reason().code;
        }
    }

    testing::TestDatabase db_;
    NoStorage storage_;
    files::Cabinet cabinet_;
};

TEST_P(KycTest, DecidesOnTheDocumentsThatWereHandedIn) {
    const auto front = hand_in(ann, "NATIONAL_ID_FRONT");
    const auto statement = hand_in(ann, "BANK_STATEMENT");
    submit(ann, {front});
    const auto file = review(ann, {.is_approved = true, .level = Level::enhanced, .notes = "Seen"});
    EXPECT_EQ(file.status, Status::approved);
    EXPECT_EQ(file.level, Level::enhanced);
    EXPECT_EQ(file.reviewed_by, officer);
    EXPECT_EQ(status_of(front), DocumentStatus::verified);
    EXPECT_EQ(status_of(statement), DocumentStatus::pending);
}

TEST_P(KycTest, KeepsTheLatestOfEachTypeUntilTheReview) {
    const auto old_front = hand_in(ann, "NATIONAL_ID_FRONT");
    const auto back = hand_in(ann, "NATIONAL_ID_BACK");
    submit(ann, {old_front, back});
    const auto new_front = hand_in(ann, "NATIONAL_ID_FRONT");
    const auto file = submit(ann, {new_front});
    EXPECT_EQ(file.documents, (std::vector{back.file_id, new_front.file_id}));
}

TEST_P(KycTest, StartsAnewAfterARejection) {
    const auto front = hand_in(ann, "NATIONAL_ID_FRONT");
    submit(ann, {front});
    EXPECT_EQ(review(ann, {.is_approved = false, .notes = "Blurred"}).level, Level::none);
    EXPECT_EQ(status_of(front), DocumentStatus::rejected);
    const auto photo = hand_in(ann, "PASSPORT_PHOTO");
    const auto file = submit(ann, {photo});
    EXPECT_EQ(file.documents, std::vector{photo.file_id});
    EXPECT_EQ(file.review_notes, std::nullopt);
}

TEST_P(KycTest, RefusesReviewsOfNothingOfOneselfAndOfWhatIsDecided) {
    EXPECT_EQ(reason_of([&] { review(ann, {.is_approved = true}); }), "not_found");
    submit(ann, {hand_in(ann, "PASSPORT_PHOTO")});
    EXPECT_EQ(reason_of([&] { review(ann, {.is_approved = true}, ann); }), "forbidden");
    review(ann, {.is_approved = true});
    EXPECT_EQ(reason_of([&] { review(ann, {.is_approved = false}); }), "kyc_not_pending");
    EXPECT_EQ(reason_of([&] { submit(ann, {}); }), "conflict");
}

TEST_P(KycTest, ShowsDocumentsToTheirOwnerOnly) {
    const auto document = hand_in(ann, "BANK_STATEMENT");
    const auto of = [&](const UserId& user) {
        return reason_of(
            [&] { db_->read(tenant, [&](Tx& tx) { return document_of(tx, user, document.id).file_name; }); });
    };
    EXPECT_EQ(of(ann), "accepted");
    EXPECT_EQ(of(bob), "not_found");
    EXPECT_TRUE(types_of(bob, {}).empty());
}

TEST_P(KycTest, ListsDocumentsByTypeStatusAndLoan) {
    hand_in(ann, "BANK_STATEMENT");
    const auto payslip = hand_in(ann, "PAYSLIP", "loan-1");
    review_document(payslip.id, {.is_verified = true});
    EXPECT_EQ(types_of(ann, {}), (std::vector<std::string>{"PAYSLIP", "BANK_STATEMENT"}));
    EXPECT_EQ(types_of(ann, {.type = "BANK_STATEMENT"}), std::vector<std::string>{"BANK_STATEMENT"});
    EXPECT_EQ(types_of(ann, {.status = DocumentStatus::verified}), std::vector<std::string>{"PAYSLIP"});
    EXPECT_EQ(types_of(ann, {.loan_id = "loan-1"}), std::vector<std::string>{"PAYSLIP"});
    EXPECT_TRUE(types_of(ann, {.loan_id = "loan-2"}).empty());
}

TEST_P(KycTest, DecidesOnADocumentOnce) {
    const auto document = hand_in(ann, "PAYSLIP");
    EXPECT_EQ(reason_of([&] { review_document(document.id, {.is_verified = true}, ann); }), "forbidden");
    EXPECT_EQ(reason_of([&] { review_document(DocumentId("none"), {.is_verified = true}); }), "not_found");
    const auto rejected = review_document(document.id, {.is_verified = false, .notes = "Not readable"});
    EXPECT_EQ(rejected.status, DocumentStatus::rejected);
    EXPECT_EQ(rejected.verified_by, officer);
    EXPECT_EQ(reason_of([&] { review_document(document.id, {.is_verified = true}); }),
              "document_not_pending");
}

INSTANTIATE_TEST_SUITE_P(Engines, KycTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& engine) { return testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::kyc
