#pragma once
#include <deque>
#include <type_traits>

#include "faces/shared/request_body.hpp"
#include "faces/shared/request_limits.hpp"
#include "faces/shared/route.hpp"
#include "faces/shared/tenancy.hpp"

namespace pamoja::faces {

namespace detail {

// Takes a handler's signature apart: View(Call&), View(Call&, const Request&), View(Call&, const Request&,
// const Facts&).
template <class F>
struct Signature;
template <class View, class... Args>
struct Signature<View (*)(Args...)> {
    using Result = View;
    static constexpr std::size_t count = sizeof...(Args);
    template <std::size_t I>
    using Arg = std::remove_cvref_t<std::tuple_element_t<I, std::tuple<Args...>>>;
};

template <class T>
const T& as(const void* value) {
    return *static_cast<const T*>(value);
}

template <class Request>
void parse_with(Handler& handler) {
    handler.is_form = HasFiles<Request>;
    handler.request_schema = &SchemaOf<Request>::write;
    handler.parse = [](const http::Request& request, const WireStyle& style) -> std::shared_ptr<void> {
        return std::make_shared<Request>(parse_request<Request>(request, style));
    };
}

template <class View>
Handler handler_of(View (*run)(Call&)) {
    Handler handler;
    handler.answer_schema = &SchemaOf<View>::write;
    handler.run = [run](Call& call, const void*, const void*, const WireStyle& style) {
        return render(run(call), style);
    };
    return handler;
}

template <class View, class Request>
Handler handler_of(View (*run)(Call&, const Request&)) {
    Handler handler;
    parse_with<Request>(handler);
    handler.answer_schema = &SchemaOf<View>::write;
    handler.run = [run](Call& call, const void* request, const void*, const WireStyle& style) {
        return render(run(call, as<Request>(request)), style);
    };
    return handler;
}

template <class View, class Request, class Facts>
Handler handler_of(Facts (*ask)(Outside&, const Request&), View (*run)(Call&, const Request&, const Facts&)) {
    Handler handler;
    handler.form = Form::ask_then_write;
    parse_with<Request>(handler);
    handler.answer_schema = &SchemaOf<View>::write;
    handler.ask = [ask](Outside& outside, const void* request) -> std::shared_ptr<void> {
        return std::make_shared<Facts>(ask(outside, as<Request>(request)));
    };
    handler.run = [run](Call& call, const void* request, const void* facts, const WireStyle& style) {
        return render(run(call, as<Request>(request), as<Facts>(facts)), style);
    };
    return handler;
}

// The same without a request.
template <class View, class Facts>
Handler handler_of(Facts (*ask)(Outside&), View (*run)(Call&, const Facts&)) {
    Handler handler;
    handler.form = Form::ask_then_write;
    handler.answer_schema = &SchemaOf<View>::write;
    handler.ask = [ask](Outside& outside, const void*) -> std::shared_ptr<void> {
        return std::make_shared<Facts>(ask(outside));
    };
    handler.run = [run](Call& call, const void*, const void* facts, const WireStyle& style) {
        return render(run(call, as<Facts>(facts)), style);
    };
    return handler;
}

}  // namespace detail

// The routes of one face. Mount functions add to it; the dispatcher and OpenAPI read it.
class Api {
  public:
    // Without services the table can be read, but not served.
    Api(const Face& face, TenantId tenant, const LimitClass& general, const Services* services = nullptr)
        : face_(face), tenant_(std::move(tenant)), services_(services), general_(general) {}

    const Face& face() const { return face_; }
    const TenantId& tenant() const { return tenant_; }
    // The face's own services, as its handlers cast them back.
    const Services& services() const { return *services_; }
    const std::deque<Route>& routes() const { return routes_; }

    // For a face whose customers are tenants. What it is given here must outlive it.
    void tenants_by(const Tenancy& tenancy) { tenancy_ = &tenancy; }
    const Tenancy* tenancy() const { return tenancy_; }
    // Who decides about routes that need a permission.
    void guarded_by(const Guard& guard) { guard_ = &guard; }
    const Guard* guard() const { return guard_; }
    // Besides the class of the route itself, for every route that is limited at all.
    void also_limited_by(std::vector<LimitClass> classes) { limits_ = std::move(classes); }
    const std::vector<LimitClass>& limits() const { return limits_; }
    void tightened_by(const Tightening& tightening) { tightening_ = tightening; }
    const std::optional<Tightening>& tightening() const { return tightening_; }

    // A read: View(Call&) or View(Call&, const Query&).
    template <class... F>
    Route& get(std::string path, F... handler) {
        return add("GET", std::move(path), detail::handler_of(handler...));
    }
    // A write: View(Call&), View(Call&, const Request&), or two functions: Facts(Outside&, const Request&)
    // and View(Call&, const Request&, const Facts&).
    template <class... F>
    Route& post(std::string path, F... handler) {
        return add_write("POST", std::move(path), detail::handler_of(handler...));
    }
    template <class... F>
    Route& put(std::string path, F... handler) {
        return add_write("PUT", std::move(path), detail::handler_of(handler...));
    }
    template <class... F>
    Route& patch(std::string path, F... handler) {
        return add_write("PATCH", std::move(path), detail::handler_of(handler...));
    }
    template <class... F>
    Route& remove(std::string path, F... handler) {
        return add_write("DELETE", std::move(path), detail::handler_of(handler...));
    }
    // The tag of the routes that are added from here on.
    void section(const char* tag) { tag_ = tag; }

  private:
    Route& add_write(std::string method, std::string path, Handler handler) {
        if (handler.form == Form::read) handler.form = Form::write;
        return add(std::move(method), std::move(path), std::move(handler));
    }
    Route& add(std::string method, std::string path, Handler handler) {
        Route& route = routes_.emplace_back(std::move(method), std::move(path), std::move(handler));
        return route.limited_by(general_).tagged(tag_);
    }

    const Face& face_;
    TenantId tenant_;
    const Services* services_;
    const LimitClass& general_;
    const Tenancy* tenancy_ = nullptr;
    const Guard* guard_ = nullptr;
    std::vector<LimitClass> limits_;
    std::optional<Tightening> tightening_;
    const char* tag_ = "";
    std::deque<Route> routes_;
};

}  // namespace pamoja::faces
