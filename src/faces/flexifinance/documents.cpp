#include "faces/flexifinance/documents.hpp"

#include "faces/flexifinance/face.hpp"
#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/services.hpp"
#include "faces/flexifinance/templates.hpp"
#include "faces/flexifinance/views.hpp"
#include "faces/shared/trail.hpp"
#include "files/file_name.hpp"
#include "lending/loans.hpp"

namespace pamoja::faces::flexifinance {
namespace {

constexpr std::size_t upload_bytes_max = 11 * 1024 * 1024;  // one file and the form around it

bool is_word(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text,
                                [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

struct UploadRequest {
    static constexpr std::array file_fields{"file"};
    std::vector<FilePart> files;
    kyc::NewDocument document;

    void describe(Fields& f) {
        f("document_type", document.type).length(1, 50).doc("A word such as BANK_STATEMENT.");
        f("loan_id", document.loan_id).length(0, 64).doc("One of your own loans.");
        f.optional("description", document.description).length(0, 500);
    }
    void check(Reading& reading) const {
        if (!is_word(document.type)) {
            reading.path = "document_type";
            reading.fail("invalid", "Document type must consist of letters, digits and underscores.");
        }
        if (!is_one_line(document.description)) {
            reading.path = "description";
            reading.fail("invalid", "Description must be one line of text.");
        }
    }
    // A form has no null: an empty part names no loan.
    std::optional<std::string> loan_id() const {
        return document.loan_id && !document.loan_id->empty() ? document.loan_id : std::nullopt;
    }
};

struct UploadedView {
    kyc::Document document;
    std::string download_url = download_url_of(document.id);

    void describe(Fields& f) {
        f("document_id", document.id);
        f("document_type", document.type);
        f("file_name", document.file_name);
        f("file_size", document.file_size);
        f("upload_date", document.created_at);
        f("verification_status", document.status);
        f("download_url", download_url);
    }
};

files::PreparedFile prepare_upload(Outside& outside, const UploadRequest& request) {
    const auto part =
        std::ranges::find_if(request.files, [](const FilePart& each) { return each.field == "file"; });
    require_field(part != request.files.end(), "file", "required", "File is required.");
    require_field(request.files.size() == 1, "file", "repeated", "Send one file.");
    if (const auto loan = request.loan_id()) {
        outside.read(
            [&](Tx& tx) { return lending::loan_of(tx, outside.actor().user_id, lending::LoanId(*loan)).id; });
    }
    return prepare_part(outside, *part);
}

UploadedView upload_document(Call& call, const UploadRequest& request, const files::PreparedFile& prepared) {
    const auto file = call.services.files.keep(call.tx, prepared, call.actor().user_id, "document");
    auto document = request.document;
    document.loan_id = request.loan_id();
    return {kyc::hand_in(call.tx, file, document)};
}

struct DocumentQuery {
    kyc::DocumentFilter filter;
    PageQuery page;

    void describe(Fields& f) {
        f("document_type", filter.type).length(1, 50);
        f("verification_status", filter.status);
        f("loan_id", filter.loan_id).length(1, 64);
        f.include(page);
    }
};

struct DocumentList {
    std::vector<DocumentView> documents;
    Pagination pagination;

    void describe(Fields& f) {
        f("documents", documents);
        f("pagination", pagination);
    }
};

DocumentList list_documents(Call& call, const DocumentQuery& query) {
    const auto page = kyc::documents_of(call.tx, call.actor().user_id, query.filter, query.page.request());
    return {views_of<DocumentView>(page.items), pagination_of(page)};
}

bool is_officer(const identity::Principal& principal) {
    const auto roles = officers();
    return std::ranges::any_of(roles, [&](const auto& role) { return principal.has_role(role); });
}

struct Content {
    kyc::Document document;
    Download download;
};

// A document is its owner's, and that of those who have to review it.
Content read_content(Outside& outside) {
    const auto& actor = outside.actor();
    const auto id = outside.path<kyc::DocumentId>();
    const auto [document, file] = outside.read([&](Tx& tx) {
        auto found = is_officer(actor) ? kyc::document_with(tx, id) : kyc::document_of(tx, actor.user_id, id);
        auto stored = files::file_of(tx, found.user_id, found.file_id);
        return std::pair(std::move(found), std::move(stored));
    });
    return {document,
            {files::media_type(file.content_type),
             outside.services.files.content(file),
             {{"Content-Disposition", files::content_disposition(file.name)}}}};
}

Download download_document(Call& call, const Content& content) {
    if (content.document.user_id != call.actor().user_id) {
        note(call, call.actor().user_id, "document.view", "document:" + content.document.id.text());
    }
    return content.download;
}

enum class Verdict { verified, rejected };
constexpr std::array<const char*, 2> names(Verdict) {
    return {"verified", "rejected"};
}

struct VerifyRequest {
    Verdict status = Verdict::verified;
    std::string notes;

    void describe(Fields& f) {
        f("status", status);
        f.optional("notes", notes).length(0, 1000);
    }
};

struct VerifiedView {
    DocumentView view;

    void describe(Fields& f) {
        f.include(view);
        f("notes", view.document.notes);
    }
};

void tell_owner(Call& call, const kyc::Document& document) {
    const bool is_verified = document.status == kyc::DocumentStatus::verified;
    auto notice =
        notice_to(identity::person_of(call.tx, document.user_id),
                  is_verified ? "document_verified" : "document_rejected", {notifications::Channel::in_app});
    notice.variables.push_back({"file_name", document.file_name});
    notice.variables.push_back({"notes", document.notes});
    notice.data = json::Value(json::Object{{"document_id", json::Value(document.id.text())}});
    services_of(call).notifier.notify(call.tx, notice);
}

VerifiedView verify_document(Call& call, const VerifyRequest& request) {
    const UserId& reviewer = call.actor().user_id;
    const auto document =
        kyc::review_document(call.tx, call.path<kyc::DocumentId>(),
                             {request.status == Verdict::verified, request.notes}, reviewer);
    note(call, reviewer, "document.review", "document:" + document.id.text(),
         {{"status", json::Value(name_of(document.status))}});
    tell_owner(call, document);
    return {{document}};
}

}  // namespace

std::string download_url_of(const kyc::DocumentId& id) {
    return "/api/v1/documents/" + id.text() + "/download/";
}

files::PreparedFile prepare_part(const Outside& outside, const FilePart& part) {
    try {
        return outside.services.files.prepare(part.bytes, part.file_name, files::images_and_documents);
    } catch (const Failure& failure) {
        // Which of a form's files was meant is known here only.
        const bool has_error = !failure.errors().empty();
        const std::string message = has_error ? failure.errors().front().message : failure.message();
        const std::string code = has_error ? failure.errors().front().code : failure.reason().code;
        throw Failure(failure.reason(), failure.message(), {{part.field, message, code}});
    }
}

void mount_documents(Api& api) {
    api.section("Documents");
    api.post("/documents/upload/", prepare_upload, upload_document)
        .named("document_upload")
        .summary("Upload a document; JPEG, PNG, WebP up to 5 MB, PDF up to 10 MB")
        .limited_by(limit_uploads)
        .body_up_to(upload_bytes_max)
        .on(Pool::cpu)
        .idempotent()
        .created()
        .says("Document uploaded successfully");
    api.get("/documents/", list_documents)
        .named("document_list")
        .summary("List your documents, newest first");
    api.get("/documents/{document_id}/download/", read_content, download_document)
        .named("document_download")
        .summary("Download one of your documents; officers may download every one");
    api.section("Admin");
    api.put("/admin/documents/{document_id}/verify/", verify_document)
        .named("document_verify")
        .summary("Accept or reject somebody's document")
        .open_to(officers())
        .addition()
        .says("Document reviewed successfully");
}

}  // namespace pamoja::faces::flexifinance
