#include "log/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

#include "base/clock.hpp"
#include "json/writer.hpp"

namespace pamoja::log {
namespace {

constexpr std::size_t waiting_max = 4'096;

std::atomic<Level> level_min = Level::info;

std::shared_ptr<spdlog::logger> make_logger() {
    auto pool = std::make_shared<spdlog::details::thread_pool>(waiting_max, 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::async_logger>("pamoja", sink, pool,
                                                         spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    // The pool must live as long as the logger, which only holds it weakly.
    static const auto keeper = pool;
    return logger;
}

spdlog::logger& logger() {
    static const auto instance = make_logger();
    return *instance;
}

const char* name_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            return "error";
    }
    return "error";
}

}  // namespace

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
    if (level < level_min.load(std::memory_order_relaxed)) return;
    json::Writer writer;
    writer.begin_object();
    // Log lines carry the machine's time, not the server's clock, which `pamoja dev` can move.
    writer.member("at", SystemClock().now().precise_text());
    writer.member("level", name_of(level));
    writer.member("event", event);
    for (const Field& field : fields) {
        if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
            writer.member(field.name, *number);
        } else {
            writer.member(field.name, std::get<std::string_view>(field.value));
        }
    }
    writer.end_object();
    logger().info(writer.text());
}

void set_level(Level level) {
    level_min = level;
}

void flush() {
    logger().flush();
}

}  // namespace pamoja::log
