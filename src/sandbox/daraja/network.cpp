#include "sandbox/daraja/network.hpp"

namespace pamoja::sandbox::daraja {

void tell(Network& network, const Plan& plan, const Parcel& parcel) {
    constexpr int copies_at_once = 3;
    constexpr std::chrono::milliseconds pause{300};
    if (plan.outcome == Outcome::no_callback) return;
    if (plan.outcome != Outcome::duplicate_callback) return network.courier.send(parcel);
    for (int i = 0; i < copies_at_once; ++i) network.courier.send(parcel);
    network.courier.send(parcel, pause);
}

}  // namespace pamoja::sandbox::daraja
