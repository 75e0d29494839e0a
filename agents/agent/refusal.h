// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/status.h>

#include <string>

namespace pilothouse::agent {

/// A failed call with a sentence that a user can read.
grpc::Status refuse(grpc::StatusCode code, const std::string &sentence);
/// From an errno value: "PATH: No such file or directory" with the code that fits.
grpc::Status refuseErrno(int error, const std::string &subject);

} // namespace pilothouse::agent
