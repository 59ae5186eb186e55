#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "files/stored_file.hpp"

namespace pamoja::kyc {

using DocumentId = Id<struct DocumentTag>;

inline constexpr Reason document_not_pending{FailureKind::conflict, "document_not_pending"};

enum class DocumentStatus { pending, verified, rejected };
constexpr std::array<const char*, 3> names(DocumentStatus) {
    return {"pending", "verified", "rejected"};
}

// Something that a person handed in as evidence: of who they are, what they earn, what a loan is for.
struct Document {
    DocumentId id;
    UserId user_id;
    std::string type;                    // "BANK_STATEMENT": the product's word for it
    std::optional<std::string> loan_id;  // of the loan that it belongs to, if any
    std::string description;
    files::FileId file_id;
    std::string file_name;
    std::int64_t file_size = 0;
    DocumentStatus status = DocumentStatus::pending;
    std::optional<Timestamp> verified_at;
    std::optional<UserId> verified_by;
    std::string notes;  // the reviewer's
    Timestamp created_at;

    void describe(Fields&);
};

struct NewDocument {
    std::string type;
    std::optional<std::string> loan_id = {};
    std::string description = {};
};

// The owner of the file hands it in. It waits for a review.
Document hand_in(Tx&, const files::StoredFile&, const NewDocument&);

Document document_of(Tx&, const UserId& owner, const DocumentId&);  // throws not_found for a stranger's
Document document_with(Tx&, const DocumentId&);                     // for reviewers; throws not_found

struct DocumentFilter {
    std::optional<std::string> type = {};
    std::optional<DocumentStatus> status = {};
    std::optional<std::string> loan_id = {};
};
Page<Document> documents_of(Tx&, const UserId& owner, const DocumentFilter&,
                            const PageRequest&);  // newest first
// Those that were handed in with these files, in the order of the files.
std::vector<Document> documents_in(Tx&, const UserId& owner, const std::vector<files::FileId>&);

struct DocumentReview {
    bool is_verified = false;
    std::string notes = {};
};
// A reviewer decides. Throws not_found, document_not_pending, forbidden for one's own document.
Document review_document(Tx&, const DocumentId&, const DocumentReview&, const UserId& reviewer);
// The same for those of these files that still wait: what is decided on a submission holds for all of it.
void review_documents_in(Tx&, const UserId& owner, const std::vector<files::FileId>&, const DocumentReview&,
                         const UserId& reviewer);

}  // namespace pamoja::kyc
