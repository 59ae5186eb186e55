#include "kyc/documents.hpp"

namespace pamoja::kyc {
namespace {

void save_review(Tx& tx, Document& document, const DocumentReview& review, const UserId& reviewer) {
    document.status = review.is_verified ? DocumentStatus::verified : DocumentStatus::rejected;
    document.verified_at = tx.now();
    document.verified_by = reviewer;
    document.notes = review.notes;
    tx.run(
        "UPDATE documents SET status = $1, verified_at = $2, verified_by = $3, notes = $4 "
        "WHERE tenant_id = :tenant AND id = $5 AND user_id = $6",
        document.status, document.verified_at, document.verified_by, document.notes, document.id,
        document.user_id);
}

}  // namespace

void Document::describe(Fields& f) {
    f("id", id);
    f("user_id", user_id);
    f("type", type);
    f("loan_id", loan_id);
    f("description", description);
    f("file_id", file_id);
    f("file_name", file_name);
    f("file_size", file_size);
    f("status", status);
    f("verified_at", verified_at);
    f("verified_by", verified_by);
    f("notes", notes);
    f("created_at", created_at);
}

Document hand_in(Tx& tx, const files::StoredFile& file, const NewDocument& wanted) {
    Document document{.id = tx.new_id<DocumentId>(),
                      .user_id = file.owner_id,
                      .type = wanted.type,
                      .loan_id = wanted.loan_id,
                      .description = wanted.description,
                      .file_id = file.id,
                      .file_name = file.name,
                      .file_size = file.size,
                      .status = DocumentStatus::pending,
                      .verified_at = std::nullopt,
                      .verified_by = std::nullopt,
                      .notes = {},
                      .created_at = tx.now()};
    tx.insert("documents", document);
    return document;
}

Document document_of(Tx& tx, const UserId& owner, const DocumentId& id) {
    auto found = tx.maybe<Document>("FROM documents WHERE tenant_id = :tenant AND id = $1 AND user_id = $2",
                                    id, owner);
    require(found.has_value(), not_found, "There is no such document.");
    return std::move(*found);
}

Document document_with(Tx& tx, const DocumentId& id) {
    auto found = tx.maybe<Document>("FROM documents WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such document.");
    return std::move(*found);
}

Page<Document> documents_of(Tx& tx, const UserId& owner, const DocumentFilter& filter,
                            const PageRequest& page) {
    return tx.page<Document>(page,
                             "FROM documents WHERE tenant_id = :tenant AND user_id = $1 "
                             "AND type = COALESCE($2, type) AND status = COALESCE($3, status) "
                             "AND (CAST($4 AS TEXT) IS NULL OR loan_id = $4)",
                             "created_at DESC, id DESC", owner, filter.type, filter.status, filter.loan_id);
}

std::vector<Document> documents_in(Tx& tx, const UserId& owner, const std::vector<files::FileId>& files) {
    std::vector<Document> documents;
    for (const auto& file : files) {
        auto found = tx.maybe<Document>(
            "FROM documents WHERE tenant_id = :tenant AND file_id = $1 AND user_id = $2", file, owner);
        if (found) documents.push_back(std::move(*found));
    }
    return documents;
}

Document review_document(Tx& tx, const DocumentId& id, const DocumentReview& review, const UserId& reviewer) {
    Document document = document_with(tx, id);
    require(document.user_id != reviewer, forbidden, "You cannot review your own documents.");
    require(document.status == DocumentStatus::pending, document_not_pending,
            "This document has been reviewed already.");
    save_review(tx, document, review, reviewer);
    return document;
}

void review_documents_in(Tx& tx, const UserId& owner, const std::vector<files::FileId>& files,
                         const DocumentReview& review, const UserId& reviewer) {
    for (Document& document : documents_in(tx, owner, files)) {
        if (document.status == DocumentStatus::pending) save_review(tx, document, review, reviewer);
    }
}

}  // namespace pamoja::kyc
