#pragma once
#include <span>

#include "files/storage.hpp"
#include "files/stored_file.hpp"
#include "jobs/handlers.hpp"

namespace pamoja::files {

// What a route takes.
struct Rules {
    std::span<const ContentType> allowed = {};
    std::size_t image_bytes_max = 5 * 1024 * 1024;
    std::size_t document_bytes_max = 10 * 1024 * 1024;
    std::int64_t pixels_max = 40'000'000;              // fewer where a decoder would hold them all at once
    std::int64_t owner_bytes_max = 500 * 1024 * 1024;  // of all files of one owner
};
inline constexpr std::array image_types{ContentType::jpeg, ContentType::png, ContentType::webp};
inline constexpr std::array all_types{ContentType::jpeg, ContentType::png, ContentType::webp,
                                      ContentType::pdf};
inline constexpr Rules images{image_types};
inline constexpr Rules images_and_documents{all_types};

// A content that has passed the checks and lies in the storage, but that nothing vouches for yet. When no
// transaction keeps it, the next sweep removes it.
struct PreparedFile {
    std::string name;
    ContentType content_type = ContentType::pdf;
    std::int64_t size = 0;
    std::string sha256;
    std::string storage_name;
    std::int64_t owner_bytes_max = 0;
};

// Takes uploads in and gives them out.
class Cabinet {
  public:
    Cabinet(Storage&, const Clock&, Random&);  // must outlive it

    // Checks and stores an upload, outside of any transaction: the type as its bytes say, size, pixels.
    // Images are decoded, turned upright and written anew without their metadata. Throws Failure:
    // payload_too_large, unsupported_media_type, validation_failed (field "file").
    PreparedFile prepare(std::string_view bytes, std::string_view declared_name, const Rules&);

    // Vouches for a prepared file. Throws conflict when the owner's files would pass their limit.
    StoredFile keep(Tx&, const PreparedFile&, const UserId& owner, std::string_view purpose);

    // Outside of any transaction. Throws Failure(unavailable) when the content cannot be read or is not what
    // was stored.
    std::string content(const StoredFile&);

    // Takes the row away; a job removes the content after the commit. Throws not_found.
    void remove(Tx&, const UserId& owner, const FileId&);

    // Registers the jobs that move and remove contents, and the sweep each hour of those that nothing has
    // vouched for within a day.
    void handle_jobs(jobs::Handlers&);  // the handlers must not outlive it

  private:
    void sweep(jobs::JobCall&);

    Storage& storage_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace pamoja::files
