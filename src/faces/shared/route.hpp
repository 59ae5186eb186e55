#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "faces/shared/answers.hpp"
#include "faces/shared/call.hpp"
#include "faces/shared/face.hpp"
#include "faces/shared/outside.hpp"
#include "http/message.hpp"

namespace pamoja::faces {

enum class Form { read, write, ask_then_write };

// Which pool of threads the slow half of an ask-then-write handler runs on.
enum class Pool {
    network,  // waits for outside parties
    cpu,      // hashes passwords, works on images
};

// Who may call a route.
enum class Access { anyone, signed_in, roles, permission };

using SchemaWriter = void (*)(json::Writer&, const WireStyle&);

// A handler with its types erased: what the dispatcher runs, and what OpenAPI is written from.
struct Handler {
    Form form = Form::read;
    // From the query (read) or the body; null when the handler takes no request. Throws Failure.
    std::function<std::shared_ptr<void>(const http::Request&, const WireStyle&)> parse;
    std::function<std::shared_ptr<void>(Outside&, const void* request)> ask;
    std::function<Answer(Call&, const void* request, const void* facts, const WireStyle&)> run;
    SchemaWriter request_schema = nullptr;
    SchemaWriter answer_schema = nullptr;
    bool is_form = false;  // multipart/form-data instead of JSON
};

// One endpoint of a face. Built by Api; the setters are the vocabulary of mount functions.
class Route {
  public:
    Route(std::string route_method, std::string route_path, Handler route_handler)
        : method(std::move(route_method)), path(std::move(route_path)), handler(std::move(route_handler)) {}

    Route& open_to_anyone() { return access = Access::anyone, *this; }
    Route& open_to(std::vector<std::string> allowed_roles) {
        access = Access::roles;
        roles = std::move(allowed_roles);
        return *this;
    }
    // "booking.create": what the face's own rules of access say of it decides.
    Route& needs(const char* wanted) {
        access = Access::permission;
        permission = wanted;
        return *this;
    }
    // The first parameter of the path says whose tenant it is, not the token.
    Route& of_tenant_in_path() { return is_tenant_in_path = true, *this; }
    Route& limited_by(const LimitClass& limit_class) { return limit = &limit_class, *this; }
    Route& unlimited() { return limit = nullptr, *this; }
    Route& idempotent() { return is_idempotent = true, *this; }
    Route& created() { return status = 201, *this; }
    Route& says(const char* text) { return message = text, *this; }
    Route& summary(const char* text) { return summary_text = text, *this; }
    Route& named(const char* text) { return name = text, *this; }
    Route& tagged(const char* text) { return tag = text, *this; }
    Route& addition() { return is_addition = true, *this; }
    Route& body_up_to(std::size_t bytes) { return body_bytes_max = bytes, *this; }
    Route& on(Pool chosen) { return pool = chosen, *this; }
    // The view is the whole body: no envelope, and refusals keep the face's form.
    Route& bare() { return is_bare = true, *this; }

    std::string method;
    std::string path;  // below the face's base path: "/loans/{loan_id}/"
    Handler handler;
    Access access = Access::signed_in;
    std::vector<std::string> roles;
    const char* permission = "";
    bool is_tenant_in_path = false;
    const LimitClass* limit = nullptr;
    bool is_idempotent = false;
    int status = 200;
    const char* message = "";
    const char* summary_text = "";
    const char* name = "";  // noun_verb, for the golden list and as operationId
    const char* tag = "";
    bool is_addition = false;
    bool is_bare = false;
    std::size_t body_bytes_max = 1 << 20;
    Pool pool = Pool::network;
};

}  // namespace pamoja::faces
