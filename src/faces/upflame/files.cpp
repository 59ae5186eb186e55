#include <algorithm>

#include "faces/shared/trail.hpp"
#include "faces/upflame/guard.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/services.hpp"
#include "files/cabinet.hpp"
#include "files/file_name.hpp"

namespace pamoja::faces::upflame {
namespace {

constexpr std::size_t upload_bytes_max = 11 * 1024 * 1024;  // one file and the form around it

struct UploadRequest {
    static constexpr std::array file_fields{"file"};
    std::vector<FilePart> files;
    std::string purpose = "general";

    void describe(Fields& f) {
        f.optional("purpose", purpose).length(1, 50).doc("What it is for, in a word.");
    }
    void check(Reading& reading) const {
        const bool is_word = std::ranges::all_of(purpose, [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
        if (is_word) return;
        reading.path = "purpose";
        reading.fail("invalid", "Purpose must consist of letters, digits and underscores.");
    }
};

struct FileView {
    files::StoredFile file;
    std::string media_type = files::media_type(file.content_type);

    void describe(Fields& f) {
        f("id", file.id);
        f("file_name", file.name);
        f("content_type", media_type);
        f("size", file.size);
        f("purpose", file.purpose);
        f("created_at", file.created_at);
    }
};

files::PreparedFile prepare_file(Outside& outside, const UploadRequest& request) {
    require_field(request.files.size() == 1, "file", request.files.empty() ? "required" : "repeated",
                  "Send one file.");
    const FilePart& part = request.files.front();
    return outside.services.files.prepare(part.bytes, part.file_name, files::images_and_documents);
}

FileView upload_file(Call& call, const UploadRequest& request, const files::PreparedFile& prepared) {
    const UserId& owner = call.actor().user_id;
    const FileView view{call.services.files.keep(call.tx, prepared, owner, request.purpose)};
    note(call, owner, "file.create", "file:" + view.file.id.text());
    return view;
}

struct Content {
    files::StoredFile file;
    Download download;
};

// A file is its owner's, and that of those who may read every file of the tenant.
Content read_content(Outside& outside) {
    const auto& actor = outside.actor();
    const auto file = outside.read([&](Tx& tx) {
        auto found = files::file_by_id(tx, outside.path<files::FileId>());
        require(found.owner_id == actor.user_id ||
                    access::has_permission(tx, subject_of(tx.tenant(), actor), "file", "read"),
                not_found, "There is no such file.");
        return found;
    });
    return {file,
            {files::media_type(file.content_type),
             outside.services.files.content(file),
             {{"Content-Disposition", files::content_disposition(file.name)}}}};
}

Download download_file(Call& call, const Content& content) {
    if (content.file.owner_id != call.actor().user_id)
        note(call, call.actor().user_id, "file.view", "file:" + content.file.id.text());
    return content.download;
}

}  // namespace

void mount_files(Api& api) {
    api.section("Files");
    api.post("/files", prepare_file, upload_file)
        .named("file_upload")
        .summary("Upload a file; JPEG, PNG, WebP up to 5 MB, PDF up to 10 MB")
        .body_up_to(upload_bytes_max)
        .on(Pool::cpu)
        .idempotent()
        .created()
        .addition();
    api.get("/files/{id}", read_content, download_file)
        .named("file_download")
        .summary("Download one of your files; with the permission file.read, any of the tenant's")
        .addition();
}

}  // namespace pamoja::faces::upflame
