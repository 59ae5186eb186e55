#include "providers/documents.hpp"

namespace pamoja::providers {

void Document::describe(Fields& f) {
    f("id", id);
    f("provider_id", provider_id);
    f("document_type", document_type);
    f("file_id", file_id);
    f("status", status);
    f("reason", reason);
    f("handed_in_by", handed_in_by);
    f("reviewed_by", reviewed_by);
    f("reviewed_at", reviewed_at);
    f("created_at", created_at);
}

Document hand_in(Tx& tx, const ProviderId& provider, const NewDocument& wanted, const UserId& by) {
    const Document document{.id = tx.new_id<DocumentId>(),
                            .provider_id = provider_with(tx, provider).id,
                            .document_type = wanted.document_type,
                            .file_id = wanted.file_id,
                            .status = DocumentStatus::pending,
                            .reason = {},
                            .handed_in_by = by,
                            .reviewed_by = std::nullopt,
                            .reviewed_at = std::nullopt,
                            .created_at = tx.now()};
    require(documents_of(tx, provider, {.page = 1, .per_page = 1}).total < documents_max, conflict,
            "This provider has handed in as many documents as one can.");
    tx.insert("provider_documents", document);
    return document;
}

Document document_of(Tx& tx, const ProviderId& provider, const DocumentId& id) {
    auto found = tx.maybe<Document>(
        "FROM provider_documents WHERE tenant_id = :tenant AND id = $1 AND provider_id = $2", id, provider);
    require(found.has_value(), not_found, "There is no such document.");
    return std::move(*found);
}

Page<Document> documents_of(Tx& tx, const ProviderId& provider, const PageRequest& page) {
    return tx.page<Document>(page, "FROM provider_documents WHERE tenant_id = :tenant AND provider_id = $1",
                             "created_at DESC, id DESC", provider);
}

Document review_document(Tx& tx, const ProviderId& provider, const DocumentId& id,
                         const DocumentReview& review, const UserId& reviewer) {
    Document document = document_of(tx, provider, id);
    require(provider_with(tx, provider).user_id != reviewer, forbidden,
            "You cannot review your own documents.");
    require_field(review.is_approved || !review.reason.empty(), "reason", "required",
                  "A rejection needs a reason.");
    require(document.status == DocumentStatus::pending, document_not_pending,
            "This document has been reviewed already.");
    document.status = review.is_approved ? DocumentStatus::approved : DocumentStatus::rejected;
    document.reason = review.reason;
    document.reviewed_by = reviewer;
    document.reviewed_at = tx.now();
    tx.run(
        "UPDATE provider_documents SET status = $1, reason = $2, reviewed_by = $3, reviewed_at = $4 "
        "WHERE tenant_id = :tenant AND id = $5",
        document.status, document.reason, document.reviewed_by, document.reviewed_at, document.id);
    return document;
}

}  // namespace pamoja::providers
