#include "connectors/dns/txt_lookup.hpp"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>

#include <array>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>

namespace pamoja::dns {
namespace {

constexpr std::size_t values_max = 64;
constexpr std::size_t bytes_max = 16 * 1024;
constexpr int tries = 3;
constexpr std::chrono::milliseconds timeout_min{50};

using Steady = std::chrono::steady_clock;

struct ChannelFree {
    void operator()(ares_channeldata* channel) const { ares_destroy(channel); }
};
using Channel = std::unique_ptr<ares_channeldata, ChannelFree>;

bool is_numeric(const std::string& address) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
           ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

std::string server_of(const ResolverConfig& config) {
    const bool is_ipv6 = config.address.find(':') != std::string::npos;
    const std::string host = is_ipv6 ? "[" + config.address + "]" : config.address;
    return host + ":" + std::to_string(config.port);
}

Channel open_channel(const ResolverConfig& config) {
    ares_options options{};
    // Names are asked for as they are written: no search list, no /etc/hosts.
    options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
    options.timeout = static_cast<int>(std::max(config.timeout / tries, timeout_min).count());
    options.tries = tries;
    ares_channeldata* opened = nullptr;
    const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES;
    if (const int status = ares_init_options(&opened, &options, mask); status != ARES_SUCCESS) {
        throw std::runtime_error(std::string("c-ares: ") + ares_strerror(status));
    }
    Channel channel(opened);
    if (config.address.empty()) return channel;
    const int status = ares_set_servers_ports_csv(channel.get(), server_of(config).c_str());
    if (status != ARES_SUCCESS) throw std::runtime_error(std::string("c-ares: ") + ares_strerror(status));
    return channel;
}

struct RecordsFree {
    void operator()(ares_txt_ext* records) const { ares_free_data(records); }
};

TxtAnswer read_answer(const unsigned char* bytes, int length) {
    ares_txt_ext* first = nullptr;
    const int status = ares_parse_txt_reply_ext(bytes, length, &first);
    const std::unique_ptr<ares_txt_ext, RecordsFree> records(first);
    if (status == ARES_ENODATA) return {.kind = LookupKind::absent};
    if (status != ARES_SUCCESS) return {.kind = LookupKind::failed, .detail = ares_strerror(status)};
    TxtAnswer answer{.kind = LookupKind::answered};
    std::size_t total = 0;
    for (const ares_txt_ext* part = first; part != nullptr; part = part->next) {
        if (part->record_start != 0 || answer.values.empty()) answer.values.emplace_back();
        answer.values.back().append(reinterpret_cast<const char*>(part->txt), part->length);
        total += part->length;
        if (answer.values.size() > values_max || total > bytes_max) {
            return {.kind = LookupKind::failed, .detail = "the answer is too large"};
        }
    }
    return answer;
}

TxtAnswer answer_of(int status, const unsigned char* bytes, int length) {
    switch (status) {
        case ARES_SUCCESS:
            return read_answer(bytes, length);
        case ARES_ENOTFOUND:
        case ARES_ENODATA:
            return {.kind = LookupKind::absent};
        case ARES_ETIMEOUT:
        case ARES_ECANCELLED:
        case ARES_EDESTRUCTION:
            return {.kind = LookupKind::timed_out, .detail = ares_strerror(status)};
        default:
            return {.kind = LookupKind::failed, .detail = ares_strerror(status)};
    }
}

// Called by c-ares, once, with what the lookup came to.
void take_answer(void* data, int status, int, unsigned char* bytes, int length) noexcept {
    *static_cast<std::optional<TxtAnswer>*>(data) = answer_of(status, bytes, length);
}

std::chrono::milliseconds until(Steady::time_point deadline) {
    return std::max(std::chrono::milliseconds(0),
                    std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()));
}

// Lets c-ares read and write once, waiting no longer than until the deadline or its own next step.
void turn(ares_channeldata* channel, Steady::time_point deadline) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const unsigned bits =
        static_cast<unsigned>(ares_getsock(channel, sockets.data(), static_cast<int>(sockets.size())));
    std::array<pollfd, ARES_GETSOCK_MAXNUM> waiting{};
    nfds_t count = 0;
    for (unsigned i = 0; i < sockets.size(); ++i) {
        const bool reads = (bits & (1u << i)) != 0;
        const bool writes = (bits & (1u << (i + ARES_GETSOCK_MAXNUM))) != 0;
        if (!reads && !writes) continue;
        const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
        waiting[count++] = {.fd = sockets[i], .events = static_cast<short>(events), .revents = 0};
    }
    const auto left = until(deadline);
    timeval most{.tv_sec = left.count() / 1000, .tv_usec = left.count() % 1000 * 1000};
    timeval chosen{};
    const timeval* wait = ares_timeout(channel, &most, &chosen);
    ::poll(waiting.data(), count, static_cast<int>(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1));
    bool is_any_ready = false;
    for (nfds_t i = 0; i < count; ++i) {
        if (waiting[i].revents == 0) continue;
        is_any_ready = true;
        const bool writes = (waiting[i].revents & POLLOUT) != 0;
        ares_process_fd(channel, waiting[i].fd, writes ? waiting[i].fd : ARES_SOCKET_BAD);
    }
    if (!is_any_ready) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

}  // namespace

TxtLookup::TxtLookup(ResolverConfig config) : config_(std::move(config)) {
    static const int initialised = ares_library_init(ARES_LIB_INIT_ALL);
    if (initialised != ARES_SUCCESS) throw std::bad_alloc();
    if (!config_.address.empty() && !is_numeric(config_.address)) {
        throw std::invalid_argument("the address of a resolver is numeric: " + config_.address);
    }
}

TxtAnswer TxtLookup::find(const std::string& name) const {
    const auto deadline = Steady::now() + config_.timeout;
    // Declared first: destroying the channel answers what is still open.
    std::optional<TxtAnswer> answer;
    const Channel channel = open_channel(config_);
    ares_query(channel.get(), name.c_str(), ns_c_in, ns_t_txt, take_answer, &answer);
    while (!answer && until(deadline).count() > 0) turn(channel.get(), deadline);
    if (!answer) ares_cancel(channel.get());
    return answer ? std::move(*answer) : TxtAnswer{.kind = LookupKind::timed_out, .detail = "no answer"};
}

}  // namespace pamoja::dns
