#include "connectors/web/web_client.hpp"

#include <curl/curl.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <new>

#include "connectors/web/address.hpp"
#include "connectors/web/url.hpp"

namespace pamoja::web {
namespace {

constexpr std::size_t header_bytes_max = 64 * 1024;
constexpr std::size_t idle_max = 32;  // kept handles of each reach, each with its open connections

struct CurlFree {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, CurlFree>;
using HeaderList = std::unique_ptr<curl_slist, CurlFree>;

// One call under way, as the callbacks see it.
struct Exchange {
    const WebRequest& request;
    WebResponse response{};
    std::size_t header_bytes = 0;
    bool has_begun_to_send = false;
    bool has_met_forbidden_address = false;
    bool is_too_large = false;
};

const char* name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::remove:
            return "DELETE";
        case Method::head:
            return "HEAD";
    }
    std::abort();
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_sendable(const Header& header) {
    constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";
    const auto is_token = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               token_marks.find(c) != std::string_view::npos;
    };
    return !header.name.empty() && std::all_of(header.name.begin(), header.name.end(), is_token) &&
           std::none_of(header.value.begin(), header.value.end(),
                        [](char c) { return is_control(c) && c != '\t'; });
}

// Why the request is none that we send, or empty.
std::string_view problem_of(const WebRequest& request) {
    if (!std::all_of(request.headers.begin(), request.headers.end(), is_sendable))
        return "a header is malformed";
    const auto url = parse_url(request.url);
    if (!url) return "the URL is malformed";
    if (url->scheme != "http" && url->scheme != "https") return "the URL is neither http nor https";
    if (url->has_credentials) return "the URL carries a user name";
    if (request.reach == Reach::public_only && !is_web_port(url->port))
        return "the URL names a port that is not for the web";
    return {};
}

HeaderList header_list(const WebRequest& request) {
    HeaderList list;
    const auto append = [&](const std::string& line) {
        curl_slist* longer = curl_slist_append(list.get(), line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        static_cast<void>(list.release());
        list.reset(longer);
    };
    bool has_content_type = false;
    for (const Header& header : request.headers) {
        has_content_type = has_content_type || strcasecmp(header.name.c_str(), "Content-Type") == 0;
        // libcurl takes "Name:" for a header to leave out, and "Name;" for one without value.
        append(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    if (!has_content_type) append("Content-Type:");
    append("Expect:");
    return list;
}

// Called by libcurl with the numeric address that it is about to connect to.
curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* address) noexcept {
    auto& exchange = *static_cast<Exchange*>(data);
    if (exchange.request.reach == Reach::public_only &&
        (!is_public_address(address->addr) || is_own_address(address->addr))) {
        exchange.has_met_forbidden_address = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Called by libcurl when the connection stands and the request is about to leave.
int before_sending(void* data, char*, char*, int, int) noexcept {
    static_cast<Exchange*>(data)->has_begun_to_send = true;
    return CURL_PREREQFUNC_OK;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* data) noexcept {
    auto& exchange = *static_cast<Exchange*>(data);
    if (count > exchange.request.answer_bytes_max - exchange.response.body.size()) {
        exchange.is_too_large = true;
        return 0;
    }
    exchange.response.body.append(bytes, count);
    return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* data) noexcept {
    auto& exchange = *static_cast<Exchange*>(data);
    exchange.header_bytes += count;
    if (exchange.header_bytes > header_bytes_max) {
        exchange.is_too_large = true;
        return 0;
    }
    std::string_view line(bytes, count);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    // A second status line follows an interim answer, whose headers mean nothing to us.
    if (line.starts_with("HTTP/")) exchange.response.headers.clear();
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return count;
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    exchange.response.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    return count;
}

void set_rules(CURL* handle) {
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
}

void set_request(CURL* handle, const WebRequest& request) {
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));
    const bool is_edit = request.method == Method::post || request.method == Method::patch;
    if (is_edit && !request.is_repeatable) curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
    if (request.method == Method::head) {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
        return;
    }
    if (is_edit || request.method == Method::put || !request.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, name_of(request.method));
}

void set_callbacks(CURL* handle, Exchange& exchange) {
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, before_sending);
    curl_easy_setopt(handle, CURLOPT_PREREQDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
}

Transport transport_of(CURLcode code, const Exchange& exchange) {
    if (exchange.is_too_large) return Transport::too_large;
    switch (code) {
        case CURLE_OK:
            return Transport::answered;
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            // Also what libcurl calls an answer that is no HTTP.
            return exchange.has_begun_to_send ? Transport::broken : Transport::malformed;
        case CURLE_COULDNT_RESOLVE_HOST:
            return Transport::unresolved;
        case CURLE_COULDNT_CONNECT:
            return exchange.has_met_forbidden_address ? Transport::forbidden_address : Transport::refused;
        case CURLE_OPERATION_TIMEDOUT:
            return Transport::timed_out;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
            return Transport::tls;
        default:
            return Transport::broken;  // libcurl has a hundred codes, and more with each release
    }
}

WebResponse refusal(std::string_view problem) {
    WebResponse response;
    response.outcome = {
        .transport = Transport::malformed, .never_sent = true, .detail = std::string(problem)};
    return response;
}

}  // namespace

// Handles that are not in use, with their open connections. One for each reach: a connection that was opened
// without an address rule must not be reused under one.
class WebClient::Pool {
  public:
    Handle take(Reach reach) {
        {
            const std::lock_guard lock(mutex_);
            auto& idle = idle_of(reach);
            if (!idle.empty()) {
                Handle handle = std::move(idle.back());
                idle.pop_back();
                return handle;
            }
        }
        Handle handle(curl_easy_init());
        if (!handle) throw std::bad_alloc();
        return handle;
    }

    void give_back(Reach reach, Handle handle) {
        curl_easy_reset(handle.get());  // connections stay
        const std::lock_guard lock(mutex_);
        auto& idle = idle_of(reach);
        if (idle.size() < idle_max) idle.push_back(std::move(handle));
    }

  private:
    std::vector<Handle>& idle_of(Reach reach) { return reach == Reach::public_only ? public_idle_ : idle_; }

    std::mutex mutex_;
    std::vector<Handle> idle_;
    std::vector<Handle> public_idle_;
};

std::string_view WebResponse::header(std::string_view name) const {
    const auto has_name = [&](const Header& header) {
        return header.name.size() == name.size() &&
               strncasecmp(header.name.c_str(), name.data(), name.size()) == 0;
    };
    const auto found = std::find_if(headers.begin(), headers.end(), has_name);
    return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

WebClient::WebClient(std::string user_agent)
    : user_agent_(std::move(user_agent)), pool_(std::make_unique<Pool>()) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) throw std::bad_alloc();
}

WebClient::~WebClient() = default;

WebResponse WebClient::call(const WebRequest& request) {
    if (const auto problem = problem_of(request); !problem.empty()) return refusal(problem);
    Handle handle = pool_->take(request.reach);
    const HeaderList headers = header_list(request);
    Exchange exchange{.request = request};
    std::array<char, CURL_ERROR_SIZE> error{};
    set_rules(handle.get());
    set_request(handle.get(), request);
    set_callbacks(handle.get(), exchange);
    curl_easy_setopt(handle.get(), CURLOPT_USERAGENT, user_agent_.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, error.data());

    const CURLcode code = curl_easy_perform(handle.get());
    const Transport transport = transport_of(code, exchange);
    if (transport != Transport::answered) exchange.response = {};
    exchange.response.outcome = {
        .transport = transport,
        .never_sent = transport != Transport::answered && !exchange.has_begun_to_send,
        .detail = error[0] == 0 && code != CURLE_OK ? curl_easy_strerror(code) : error.data()};
    if (transport == Transport::answered) {
        long status = 0;
        curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
        exchange.response.status = static_cast<int>(status);
    }
    pool_->give_back(request.reach, std::move(handle));
    return std::move(exchange.response);
}

std::string form_encode(const std::vector<Header>& fields) {
    constexpr std::string_view unreserved = "-._*";
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string text;
    const auto append = [&](std::string_view part) {
        for (char c : part) {
            const auto byte = static_cast<unsigned char>(c);
            const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  (c >= '0' && c <= '9') || unreserved.find(c) != std::string_view::npos;
            if (is_plain) {
                text += c;
            } else if (c == ' ') {
                text += '+';
            } else {
                text += '%';
                text += hex[byte >> 4];
                text += hex[byte & 15];
            }
        }
    };
    for (const Header& field : fields) {
        if (!text.empty()) text += '&';
        append(field.name);
        text += '=';
        append(field.value);
    }
    return text;
}

}  // namespace pamoja::web
