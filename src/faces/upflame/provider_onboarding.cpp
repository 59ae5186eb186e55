#include "faces/upflame/mounts.hpp"
#include "faces/upflame/workflow_views.hpp"
#include "providers/provider.hpp"

namespace pamoja::faces::upflame {
namespace {

struct OnboardingRequest {
    providers::ProviderId provider_id;
    workflows::DefinitionId definition_id;

    void describe(Fields& f) {
        f("provider_id", provider_id).length(1, 64);
        f("workflow_definition_id", definition_id).length(1, 64);
    }
};

struct OnboardingView {
    workflows::WorkflowId workflow_id;
    std::string message = "Onboarding workflow initiated";

    void describe(Fields& f) {
        f("workflow_id", workflow_id);
        f("message", message);
    }
};

OnboardingView onboard_provider(Call& call, const OnboardingRequest& request) {
    const auto provider = providers::provider_with(call.tx, request.provider_id);
    return {start_workflow(call, {request.definition_id, "provider", provider.id.text()}).workflow.id};
}

}  // namespace

void mount_provider_onboarding(Api& api) {
    api.section("Providers");
    api.post("/providers/onboarding", onboard_provider)
        .named("provider_onboard")
        .summary("Start the workflow that lets a provider in")
        .idempotent()
        .created();
}

}  // namespace pamoja::faces::upflame
