// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/refusal.h"

#include "agents/agent/disk.h"

#include <cerrno>

namespace pilothouse::agent {

grpc::Status refuse(grpc::StatusCode code, const std::string &sentence)
{
    return {code, sentence};
}

static grpc::StatusCode codeOf(int error)
{
    switch (error) {
    case ENOENT:
        return grpc::StatusCode::NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return grpc::StatusCode::PERMISSION_DENIED;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
        return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case EINVAL:
    case ENAMETOOLONG:
        return grpc::StatusCode::INVALID_ARGUMENT;
    case EEXIST:
    case ENOTEMPTY:
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
    case ETXTBSY:
        return grpc::StatusCode::FAILED_PRECONDITION;
    default:
        return grpc::StatusCode::INTERNAL;
    }
}

grpc::Status refuseErrno(int error, const std::string &subject)
{
    return {codeOf(error), subject + ": " + errnoText(error)};
}

} // namespace pilothouse::agent
