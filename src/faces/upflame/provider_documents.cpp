#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/provider_views.hpp"
#include "faces/upflame/views.hpp"
#include "files/stored_file.hpp"
#include "providers/documents.hpp"

namespace pamoja::faces::upflame {
namespace {

using providers::Document;

struct DocumentRequest {
    providers::NewDocument document;

    void describe(Fields& f) {
        f("document_type", document.document_type).length(1, 64);
        f("file_id", document.file_id).length(1, 64);
    }
};

struct NewDocumentView {
    Document document;

    void describe(Fields& f) {
        f("id", document.id);
        f("document_type", document.document_type);
        f("status", document.status);
    }
};

struct DocumentView {
    Document document;

    void describe(Fields& f) {
        f("id", document.id);
        f("document_type", document.document_type);
        f("file_id", document.file_id);
        f("status", document.status);
        f("reason", document.reason);
        f("reviewed_at", document.reviewed_at);
        f("created_at", document.created_at);
    }
};

// A file is handed in by whoever uploaded it; those who look after providers may hand in anybody's.
void require_usable_file(Call& call, const std::string& id) {
    const char* sentence = "There is no such file of yours.";
    try {
        const auto file = files::file_by_id(call.tx, files::FileId(id));
        require_field(file.owner_id == call.actor().user_id || may(call, "provider", "update"), "file_id",
                      "unknown_file", sentence);
    } catch (const Failure& failure) {
        if (failure.reason() != not_found) throw;
        require_field(false, "file_id", "unknown_file", sentence);
    }
}

NewDocumentView hand_in(Call& call, const DocumentRequest& request) {
    const auto provider = changeable_provider(call, "update");
    require_usable_file(call, request.document.file_id);
    const auto made = providers::hand_in(call.tx, provider.id, request.document, call.actor().user_id);
    note(call, call.actor().user_id, "provider.hand_in_document", "provider:" + provider.id.text(),
         {{"document_id", json::Value(made.id.text())}});
    return {made};
}

Listed<DocumentView> list_documents(Call& call, const PageQuery& query) {
    const auto provider = changeable_provider(call, "review");
    return listed<DocumentView>(providers::documents_of(call.tx, provider.id, query.request()));
}

enum class Verdict { approved, rejected };
constexpr std::array<const char*, 2> names(Verdict) {
    return {"approved", "rejected"};
}

struct ReviewRequest {
    Verdict status = Verdict::approved;
    std::string reason;

    void describe(Fields& f) {
        f("status", status);
        f.optional("reason", reason).length(0, 500).doc("Demanded of a rejection");
    }
};

DocumentView review(Call& call, const ReviewRequest& request) {
    const auto reviewed = providers::review_document(
        call.tx, call.path<providers::ProviderId>(), call.path<providers::DocumentId>(1),
        {request.status == Verdict::approved, request.reason}, call.actor().user_id);
    note(call, call.actor().user_id, "provider.review_document", "provider:" + reviewed.provider_id.text(),
         {{"document_id", json::Value(reviewed.id.text())},
          {"status", json::Value(name_of(reviewed.status))}});
    return {reviewed};
}

}  // namespace

void mount_provider_documents(Api& api) {
    api.section("Providers");
    api.post("/providers/{id}/documents", hand_in)
        .named("provider_document_create")
        .summary("Hand in a document of a provider")
        .idempotent()
        .created();
    api.get("/providers/{id}/documents", list_documents)
        .named("provider_document_list")
        .summary("What was handed in for a provider")
        .addition();
    api.put("/providers/{id}/documents/{document_id}/review", review)
        .named("provider_document_review")
        .summary("Approve or reject a document")
        .needs("provider.review")
        .addition();
}

}  // namespace pamoja::faces::upflame
