#pragma once
#include "faces/shared/api.hpp"

namespace pamoja::faces::upflame {

// Each adds the routes of one resource. The Api's services are UpflameServices.
void mount_auth(Api&);
void mount_users(Api&);

}  // namespace pamoja::faces::upflame
