#include "kyc/kyc.hpp"

#include <algorithm>

#include "kyc/documents.hpp"

namespace pamoja::kyc {
namespace {

std::optional<File> stored_file(Tx& tx, const UserId& user) {
    return tx.maybe<File>("FROM kyc_files WHERE tenant_id = :tenant AND user_id = $1", user);
}

void save(Tx& tx, const File& file) {
    tx.run(
        "INSERT INTO kyc_files (tenant_id, user_id, status, level, submitted_at, reviewed_at, reviewed_by, "
        "review_notes, next_review_on, documents) VALUES (:tenant, $1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (tenant_id, user_id) DO UPDATE SET status = excluded.status, level = excluded.level, "
        "submitted_at = excluded.submitted_at, reviewed_at = excluded.reviewed_at, "
        "reviewed_by = excluded.reviewed_by, review_notes = excluded.review_notes, "
        "next_review_on = excluded.next_review_on, documents = excluded.documents",
        file.user_id, file.status, file.level, file.submitted_at, file.reviewed_at, file.reviewed_by,
        file.review_notes, file.next_review_on, file.documents);
}

// What was handed in so far, as far as the new documents do not take its place.
std::vector<files::FileId> not_replaced(Tx& tx, const File& file, const std::vector<Document>& handed_in) {
    std::vector<files::FileId> kept;
    for (const Document& earlier : documents_in(tx, file.user_id, file.documents)) {
        const bool is_replaced = std::ranges::any_of(
            handed_in, [&](const Document& document) { return document.type == earlier.type; });
        if (!is_replaced) kept.push_back(earlier.file_id);
    }
    return kept;
}

}  // namespace

void File::describe(Fields& f) {
    f("user_id", user_id);
    f("status", status);
    f("level", level);
    f("submitted_at", submitted_at);
    f("reviewed_at", reviewed_at);
    f("reviewed_by", reviewed_by);
    f("review_notes", review_notes);
    f("next_review_on", next_review_on);
    f("documents", documents);
}

File file_of(Tx& tx, const UserId& user) {
    auto found = stored_file(tx, user);
    return found ? std::move(*found) : File{.user_id = user};
}

File submit(Tx& tx, const UserId& user, const std::vector<files::FileId>& documents) {
    File file = file_of(tx, user);
    require(file.status != Status::approved, conflict, "Your identity has been verified already.");
    std::vector<files::FileId> all = documents;
    if (file.status == Status::submitted) {
        const auto kept = not_replaced(tx, file, documents_in(tx, user, documents));
        all.insert(all.begin(), kept.begin(), kept.end());
    }
    file.status = Status::submitted;
    file.submitted_at = tx.now();
    file.reviewed_at.reset();
    file.reviewed_by.reset();
    file.review_notes.reset();
    file.documents = std::move(all);
    save(tx, file);
    return file;
}

File review(Tx& tx, const UserId& user, const Review& review, const UserId& reviewer) {
    require(user != reviewer, forbidden, "You cannot review your own documents.");
    auto found = stored_file(tx, user);
    require(found.has_value(), not_found, "This user has submitted no documents.");
    require(found->status == Status::submitted, kyc_not_pending, "Nothing of this user waits for a review.");
    found->status = review.is_approved ? Status::approved : Status::rejected;
    found->level = review.is_approved ? review.level : Level::none;
    found->reviewed_at = tx.now();
    found->reviewed_by = reviewer;
    found->review_notes = review.notes;
    found->next_review_on = review.is_approved ? review.next_review_on : std::nullopt;
    save(tx, *found);
    review_documents_in(tx, user, found->documents, {review.is_approved, review.notes}, reviewer);
    return std::move(*found);
}

Page<File> waiting_for_review(Tx& tx, const PageRequest& request) {
    return tx.page<File>(request, "FROM kyc_files WHERE tenant_id = :tenant AND status = $1",
                         "submitted_at, user_id", Status::submitted);
}

}  // namespace pamoja::kyc
