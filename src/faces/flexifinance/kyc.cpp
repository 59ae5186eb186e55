#include "kyc/kyc.hpp"

#include "faces/flexifinance/documents.hpp"
#include "faces/flexifinance/face.hpp"
#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/services.hpp"
#include "faces/flexifinance/templates.hpp"
#include "faces/flexifinance/views.hpp"
#include "faces/shared/trail.hpp"

namespace pamoja::faces::flexifinance {
namespace {

constexpr std::size_t upload_bytes_max = 20 * 1024 * 1024;

struct Part {
    std::string_view field;
    const char* document_type;
};
constexpr std::array parts{Part{"national_id_front", "NATIONAL_ID_FRONT"},
                           Part{"national_id_back", "NATIONAL_ID_BACK"},
                           Part{"passport_photo", "PASSPORT_PHOTO"}};

struct StatusView {
    kyc::File file;
    bool are_documents_uploaded = !file.documents.empty();

    void describe(Fields& f) {
        f("kyc_status", file.status);
        f("verification_level", file.level);
        f("submitted_at", file.submitted_at);
        f("reviewed_at", file.reviewed_at);
        f("reviewed_by", file.reviewed_by);
        f("review_notes", file.review_notes);
        f("documents_uploaded", are_documents_uploaded);
        f("next_review_date", file.next_review_on);
    }
};

StatusView show_status(Call& call) {
    return {kyc::file_of(call.tx, call.actor().user_id)};
}

struct UploadRequest {
    static constexpr std::array file_fields{"national_id_front", "national_id_back", "passport_photo"};
    std::vector<FilePart> files;

    void describe(Fields&) {}
};

struct PreparedPart {
    const char* document_type;
    files::PreparedFile file;
};
using PreparedParts = std::vector<PreparedPart>;

void require_known_parts(const std::vector<FilePart>& files) {
    require_field(!files.empty(), "national_id_front", "required",
                  "Send at least one of national_id_front, national_id_back and passport_photo.");
    for (const FilePart& file : files) {
        require_field(std::ranges::count(parts, file.field, &Part::field) == 1, file.field, "unknown",
                      "There is no file of this name to send here.");
        require_field(std::ranges::count(files, file.field, &FilePart::field) == 1, file.field, "repeated",
                      "Send this file once.");
    }
}

PreparedParts prepare_upload(Outside& outside, const UploadRequest& request) {
    require_known_parts(request.files);
    const auto status =
        outside.read([&](Tx& tx) { return kyc::file_of(tx, outside.actor().user_id).status; });
    require(status != kyc::Status::approved, conflict, "Your identity has been verified already.");
    PreparedParts prepared;
    for (const FilePart& file : request.files) {
        const auto part = std::ranges::find(parts, file.field, &Part::field);
        prepared.push_back({part->document_type, prepare_part(outside, file)});
    }
    return prepared;
}

struct UploadedView {
    kyc::DocumentId document_id;
    std::string document_type = "KYC_DOCUMENTS";
    Timestamp upload_date;
    kyc::DocumentStatus verification_status = kyc::DocumentStatus::pending;
    std::int64_t file_count = 0;

    void describe(Fields& f) {
        f("document_id", document_id);
        f("document_type", document_type);
        f("upload_date", upload_date);
        f("verification_status", verification_status);
        f("file_count", file_count);
    }
};

// The answer names the first of the documents; each is listed among the user's documents.
UploadedView upload_documents(Call& call, const UploadRequest&, const PreparedParts& prepared) {
    const UserId& user = call.actor().user_id;
    std::vector<files::FileId> handed_in;
    std::vector<kyc::Document> documents;
    for (const auto& part : prepared) {
        const auto file = call.services.files.keep(call.tx, part.file, user, "kyc");
        documents.push_back(kyc::hand_in(call.tx, file, {.type = part.document_type}));
        handed_in.push_back(file.id);
    }
    kyc::submit(call.tx, user, handed_in);
    services_of(call).notifier.notify(call.tx, notice_to(identity::person_of(call.tx, user), "kyc_submitted",
                                                         {notifications::Channel::in_app}));
    note(call, user, "kyc.submit", "user:" + user.text());
    return {.document_id = documents.front().id,
            .upload_date = documents.front().created_at,
            .file_count = static_cast<std::int64_t>(documents.size())};
}

struct ApplicantView {
    identity::Person person;

    void describe(Fields& f) {
        f("user_id", person.id);
        f("first_name", person.first_name);
        f("last_name", person.last_name);
        f("email", person.email);
        f("phone_number", person.phone);
        f("date_of_birth", person.date_of_birth);
    }
};

struct SubmissionView {
    ApplicantView user;
    kyc::File file;
    std::vector<DocumentView> documents;

    void describe(Fields& f) {
        f("user", user);
        f("kyc_status", file.status);
        f("submitted_at", file.submitted_at);
        f("documents", documents);
    }
};

struct SubmissionList {
    std::vector<SubmissionView> submissions;
    Pagination pagination;

    void describe(Fields& f) {
        f("submissions", submissions);
        f("pagination", pagination);
    }
};

SubmissionList list_pending(Call& call, const PageQuery& query) {
    const auto page = kyc::waiting_for_review(call.tx, query.request());
    SubmissionList list{{}, pagination_of(page)};
    for (const auto& file : page.items) {
        const auto documents = kyc::documents_in(call.tx, file.user_id, file.documents);
        list.submissions.push_back(
            {{identity::person_of(call.tx, file.user_id)}, file, views_of<DocumentView>(documents)});
    }
    return list;
}

enum class Decision { approved, rejected };
constexpr std::array<const char*, 2> names(Decision) {
    return {"approved", "rejected"};
}

struct ReviewRequest {
    Decision decision = Decision::approved;
    kyc::Level level = kyc::Level::standard;
    std::string notes;

    void describe(Fields& f) {
        f("decision", decision);
        f.optional("verification_level", level);
        f.optional("notes", notes).length(0, 1000);
    }
    void check(Reading& reading) const {
        if (decision == Decision::rejected || level != kyc::Level::none) return;
        reading.path = "verification_level";
        reading.fail("invalid_choice",
                     "Verification level of an approval must be one of BASIC, STANDARD, ENHANCED.");
    }
};

struct ReviewedView {
    StatusView status;

    void describe(Fields& f) {
        f("user_id", status.file.user_id);
        f.include(status);
    }
};

void tell_person(Call& call, const kyc::File& file) {
    const bool is_approved = file.status == kyc::Status::approved;
    auto notice = notice_to(identity::person_of(call.tx, file.user_id),
                            is_approved ? "kyc_approved" : "kyc_rejected", {notifications::Channel::email});
    notice.variables.push_back({"notes", file.review_notes.value_or("")});
    services_of(call).notifier.notify(call.tx, notice);
}

ReviewedView review_person(Call& call, const ReviewRequest& request) {
    const UserId& reviewer = call.actor().user_id;
    const auto file = kyc::review(call.tx, call.path<UserId>(),
                                  {.is_approved = request.decision == Decision::approved,
                                   .level = request.level,
                                   .notes = request.notes},
                                  reviewer);
    note(call, reviewer, "kyc.review", "user:" + file.user_id.text(),
         {{"decision", json::Value(name_of(request.decision))}});
    tell_person(call, file);
    return {{file}};
}

}  // namespace

void mount_kyc(Api& api) {
    api.section("Users");
    api.get("/users/kyc/status/", show_status)
        .named("kyc_show")
        .summary("Show how far your identity has been verified");
    api.post("/users/kyc/documents/", prepare_upload, upload_documents)
        .named("kyc_submit")
        .summary("Hand in pictures of your identity document and of yourself")
        .limited_by(limit_uploads)
        .body_up_to(upload_bytes_max)
        .on(Pool::cpu)
        .idempotent()
        .created()
        .says("Documents uploaded successfully and pending review");
    api.section("Admin");
    api.get("/admin/kyc/pending/", list_pending)
        .named("kyc_list_pending")
        .summary("List the people whose identity waits for a review, longest wait first")
        .open_to(officers())
        .addition();
    api.put("/admin/kyc/{user_id}/review/", review_person)
        .named("kyc_review")
        .summary("Accept or reject somebody's identity documents")
        .open_to(officers())
        .addition()
        .says("KYC review recorded successfully");
}

}  // namespace pamoja::faces::flexifinance
