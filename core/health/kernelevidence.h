// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/rules.h"
#include "core/types/node.h"

#include <deque>

namespace pilothouse {

/// The newest messages of a node's kernel, and which of them explains a finding. Plain data.
class KernelEvidence {
public:
    static constexpr std::size_t mostKept = 128;
    /// So long before a finding a message still counts as its cause; for a GPU that is lost, any
    /// time.
    static constexpr qint64 causeMs = 3600 * 1000;

    /// False for one that is known already.
    bool add(const KernelMessage &message);
    /// The newest line that explains a finding of a rule on a device (empty = the node), or
    /// nothing.
    QString lineFor(const QString &rule, const QString &device, qint64 since) const;

private:
    std::deque<KernelMessage> m_messages;
};

/// The rule of the node that a message makes hold by itself; null for one that only explains what
/// a metric shows, on a GPU or an interface that is known.
const HealthRule *kernelRule(const KernelMessage &message);
/// Of kernelRule(): holds as long as an XID does.
bool isKernelRule(const QString &rule);

} // namespace pilothouse
