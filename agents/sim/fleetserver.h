// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/arguments.h"

#include <memory>
#include <string>

namespace pilothouse::sim {

/// Serves a fleet until a signal or the end of standard input: sockets, one gRPC server for all of
/// them, one thread for ticks and streams. Lays fleet.json (what there is) and truth.json (what
/// will go wrong) beside the sockets, and takes everything away when it ends.
class FleetServer {
public:
    explicit FleetServer(Arguments arguments);
    ~FleetServer();
    /// A sentence when it could not start; empty after an orderly end. Prints "ready" to standard
    /// output when all sockets are open.
    std::string run();

private:
    struct State;
    void writeFiles() const;
    void loop();
    bool wantsToEnd() const;

    const Arguments m_arguments;
    std::unique_ptr<State> m_state;
};

} // namespace pilothouse::sim
