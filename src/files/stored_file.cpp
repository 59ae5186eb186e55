#include "files/stored_file.hpp"

namespace pamoja::files {

const char* media_type(ContentType type) {
    switch (type) {
        case ContentType::jpeg:
            return "image/jpeg";
        case ContentType::png:
            return "image/png";
        case ContentType::webp:
            return "image/webp";
        case ContentType::pdf:
            return "application/pdf";
    }
    return "application/octet-stream";
}

void StoredFile::describe(Fields& f) {
    f("id", id);
    f("owner_id", owner_id);
    f("purpose", purpose);
    f("name", name);
    f("content_type", content_type);
    f("size", size);
    f("sha256", sha256);
    f("storage_name", storage_name);
    f("created_at", created_at);
}

StoredFile file_of(Tx& tx, const UserId& owner, const FileId& id) {
    StoredFile file = file_by_id(tx, id);
    require(file.owner_id == owner, not_found, "There is no such file.");
    return file;
}

StoredFile file_by_id(Tx& tx, const FileId& id) {
    auto found = tx.maybe<StoredFile>("FROM files WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such file.");
    return std::move(*found);
}

Page<StoredFile> files_of(Tx& tx, const UserId& owner, std::string_view purpose, const PageRequest& page) {
    return tx.page<StoredFile>(page,
                               "FROM files WHERE tenant_id = :tenant AND owner_id = $1 AND purpose = $2",
                               "created_at DESC, id DESC", owner, purpose);
}

}  // namespace pamoja::files
