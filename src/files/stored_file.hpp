#pragma once
#include <array>

#include "db/tx.hpp"
#include "describe/fields.hpp"

namespace pamoja::files {

using FileId = Id<struct FileTag>;

enum class ContentType { jpeg, png, webp, pdf };
constexpr std::array<const char*, 4> names(ContentType) {
    return {"jpeg", "png", "webp", "pdf"};
}
const char* media_type(ContentType);  // "image/jpeg"

// A file that somebody uploaded and that a row vouches for. The content lies in a Storage.
struct StoredFile {
    FileId id;
    UserId owner_id;
    std::string purpose;  // "kyc", "loan_document"; of the module that keeps it
    std::string name;     // the uploader's, made harmless, for display and download
    ContentType content_type = ContentType::pdf;
    std::int64_t size = 0;     // bytes of what is stored
    std::string sha256;        // of what is stored, hexadecimal
    std::string storage_name;  // generated; never shown
    Timestamp created_at;

    void describe(Fields&);
};

StoredFile file_of(Tx&, const UserId& owner, const FileId&);  // throws not_found
// For callers who decide by other means (a reviewer) that the file may be seen. Throws not_found.
StoredFile file_by_id(Tx&, const FileId&);
Page<StoredFile> files_of(Tx&, const UserId& owner, std::string_view purpose, const PageRequest&);

}  // namespace pamoja::files
