#pragma once
#include <functional>
#include <map>

#include "faces/shared/dispatcher.hpp"
#include "jobs/runner.hpp"

namespace pamoja::app {

// GET /healthz: the process answers. GET /readyz: a write to the database would succeed.
class HealthDoor : public faces::SideDoor {
  public:
    explicit HealthDoor(Database& database) : database_(database) {}
    bool handle(http::Request&, http::Responder&) override;

  private:
    Database& database_;
};

// GET /openapi/FACE.json, and Swagger UI under /docs/FACE/.
class DocumentsDoor : public faces::SideDoor {
  public:
    void add(const faces::Api&);
    bool handle(http::Request&, http::Responder&) override;

  private:
    std::map<std::string, std::string, std::less<>> documents_;  // by face
};

// Development only. POST /_dev/clock {"advance_seconds": N} moves the clock and runs every job that falls
// due.
class DevelopmentDoor : public faces::SideDoor {
  public:
    DevelopmentDoor(SystemClock& clock, jobs::Runner& runner)
        : clock_(clock), runner_(runner), worker_(1, 100) {}
    bool handle(http::Request&, http::Responder&) override;

  private:
    http::Response advance(const http::Request&);
    SystemClock& clock_;
    jobs::Runner& runner_;
    faces::WorkerPool worker_;  // one thread: two advances never run at once
};

// Answers Prometheus on a port of its own.
class MetricsApplication : public http::Application {
  public:
    explicit MetricsApplication(const faces::Metrics& metrics) : metrics_(metrics) {}
    http::BodyLimit body_limit(const http::Request&) const override { return {1024}; }
    void handle(http::Request, http::Responder) override;
    http::Response refuse(const http::Request&, int status, std::string_view message) const override;

  private:
    const faces::Metrics& metrics_;
};

}  // namespace pamoja::app
