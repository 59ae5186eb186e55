#include "connectors/mail/mailer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>

#include "base/failure.hpp"

namespace pamoja::mail {
namespace {

struct CurlFree {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What libcurl reads from, as it sends.
struct Unsent {
    std::string_view text;
};

std::size_t give_text(char* buffer, std::size_t, std::size_t room, void* data) noexcept {
    auto& unsent = *static_cast<Unsent*>(data);
    const std::size_t count = unsent.text.copy(buffer, room);
    unsent.text.remove_prefix(count);
    return count;
}

std::size_t ignore_answer(char*, std::size_t, std::size_t count, void*) noexcept {
    return count;
}

std::string url_of(const MailerConfig& config) {
    const char* scheme = config.encryption == Encryption::tls ? "smtps://" : "smtp://";
    return scheme + config.host + ":" + std::to_string(config.port) +
           "/pamoja";  // the path is the name in EHLO
}

long encryption_of(Encryption encryption) {
    switch (encryption) {
        case Encryption::none:
            return CURLUSESSL_NONE;
        case Encryption::start_tls:
        case Encryption::tls:
            return CURLUSESSL_ALL;
    }
    std::abort();
}

void configure(CURL* handle, const MailerConfig& config) {
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_URL, url_of(config).c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_USE_SSL, encryption_of(config.encryption));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.connect_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(config.total_timeout.count()));
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore_answer);
    if (config.username.empty()) return;
    curl_easy_setopt(handle, CURLOPT_USERNAME, config.username.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, config.password.c_str());
}

// A code of 500 and more is the server's last word on this mail. Refused credentials and TLS faults are ours
// to mend, so the mail is worth another try.
DeliveryKind kind_of(CURLcode code, int smtp_code) {
    if (code == CURLE_OK) return DeliveryKind::delivered;
    const bool is_about_the_mail = code != CURLE_LOGIN_DENIED && code != CURLE_USE_SSL_FAILED;
    return is_about_the_mail && smtp_code >= 500 && smtp_code < 600 ? DeliveryKind::permanent
                                                                    : DeliveryKind::temporary;
}

std::string domain_of(const std::string& address) {
    return address.substr(address.find('@') + 1);
}

}  // namespace

Mailer::Mailer(MailerConfig config, const Clock& clock, Random& random)
    : config_(std::move(config)), clock_(clock), random_(random) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) throw std::bad_alloc();
}

Delivery Mailer::send(const Message& message) {
    constexpr std::size_t random_bytes = 16;
    const std::string message_id = random_.hex(random_bytes) + "@" + domain_of(config_.from.address);
    std::string mail;
    try {
        mail = compose(message, config_.from, clock_.now(), message_id, random_.hex(random_bytes));
    } catch (const Failure& failure) {
        return {.kind = DeliveryKind::permanent, .detail = failure.message()};
    }

    const std::unique_ptr<CURL, CurlFree> handle(curl_easy_init());
    const std::string sender = "<" + config_.from.address + ">";
    const std::string recipient = "<" + message.to.address + ">";
    const std::unique_ptr<curl_slist, CurlFree> recipients(curl_slist_append(nullptr, recipient.c_str()));
    if (!handle || !recipients) throw std::bad_alloc();
    Unsent unsent{mail};
    std::array<char, CURL_ERROR_SIZE> error{};
    configure(handle.get(), config_);
    curl_easy_setopt(handle.get(), CURLOPT_MAIL_FROM, sender.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(handle.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_READFUNCTION, give_text);
    curl_easy_setopt(handle.get(), CURLOPT_READDATA, &unsent);
    curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, error.data());

    const CURLcode code = curl_easy_perform(handle.get());
    long smtp_code = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &smtp_code);
    return {.kind = kind_of(code, static_cast<int>(smtp_code)),
            .message_id = message_id,
            .smtp_code = static_cast<int>(smtp_code),
            .detail = error[0] == 0 && code != CURLE_OK ? curl_easy_strerror(code) : error.data()};
}

}  // namespace pamoja::mail
