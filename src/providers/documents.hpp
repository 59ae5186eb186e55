#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "providers/provider.hpp"

namespace pamoja::providers {

using DocumentId = Id<struct ProviderDocumentTag>;

inline constexpr Reason document_not_pending{FailureKind::conflict, "document_not_pending"};

enum class DocumentStatus { pending, approved, rejected };
constexpr std::array<const char*, 3> names(DocumentStatus) {
    return {"pending", "approved", "rejected"};
}

// Something that was handed in for a provider as evidence. The file is named by whoever keeps it.
struct Document {
    DocumentId id;
    ProviderId provider_id;
    std::string document_type;  // "id_proof"
    std::string file_id;
    DocumentStatus status = DocumentStatus::pending;
    std::string reason;  // why a reviewer rejected it
    UserId handed_in_by;
    std::optional<UserId> reviewed_by = {};
    std::optional<Timestamp> reviewed_at = {};
    Timestamp created_at;

    void describe(Fields&);
};

struct NewDocument {
    std::string document_type;
    std::string file_id;
};

inline constexpr std::int64_t documents_max = 200;  // of a provider

// It waits for a review. Throws not_found, conflict beyond documents_max.
Document hand_in(Tx&, const ProviderId&, const NewDocument&, const UserId& by);
Document document_of(Tx&, const ProviderId&, const DocumentId&);          // throws not_found
Page<Document> documents_of(Tx&, const ProviderId&, const PageRequest&);  // newest first

struct DocumentReview {
    bool is_approved = false;
    std::string reason = {};  // demanded of a rejection
};
// Throws not_found, validation_failed for a rejection without reason, document_not_pending, and forbidden for
// a document of the provider that one is.
Document review_document(Tx&, const ProviderId&, const DocumentId&, const DocumentReview&,
                         const UserId& reviewer);

}  // namespace pamoja::providers
