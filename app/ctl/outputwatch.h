// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSocketNotifier>

#include <memory>

namespace pilothouse::ctl {

/// While this lives, stdout is given up as soon as its reader is gone, even if nothing is written:
/// a stream may be silent for long. Not for verbs that must finish what they do.
class OutputWatch {
public:
    OutputWatch();
    OutputWatch(const OutputWatch &) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace pilothouse::ctl
