// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What the files of the fake driver share.
#pragma once

#include "tests/support/fakecuda/image.h"
#include "tests/support/fakecuda/scenario.h"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace fakecuda {

enum Result {
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NotInitialized = 3,
    NoDevice = 100,
    InvalidDevice = 101,
    NoBinary = 209,
    PeerAlready = 704,
    NotFound = 500,
};

/// One device: memory that really is there, and a clock that work moves.
struct Device {
    explicit Device(DeviceScenario from);

    DeviceScenario scenario;
    std::vector<unsigned char> arena;
    std::map<std::size_t, std::size_t> used; ///< offset and bytes of what is allocated
    double seconds = 0;
    unsigned long launches = 0, products = 0;
    int failed = Success; ///< what every call returns from then on
    float right = 0; ///< what the element was that a wrong product spoiled
    bool spoiled = false;
    std::string done; ///< the last launch: again over the same memory it changes nothing

    unsigned char *allocate(std::size_t bytes); ///< null = no room
    bool release(unsigned char *address);
    std::size_t free() const;
    void applyStuckBit();
};

struct Module {
    Image image;
};
struct Function {
    std::string name;
};

struct Driver {
    Scenario scenario;
    std::vector<std::unique_ptr<Device>> devices;
    std::recursive_mutex mutex; ///< the emulator runs one launch at a time
    void log(const std::string &word);
};
Driver &driver();
Device *currentDevice(); ///< of this thread's context; null = none

/// Runs a kernel on the CPU and moves the device's clock. NotFound for a name that is not known.
int runKernel(Device &device, const std::string &name, unsigned grid, void **arguments);

} // namespace fakecuda
