// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/prompter.h"

#include <QDialog>

namespace pilothouse {

/// An unknown host key: its type and SHA-256, where else it is known, and what can be done.
class HostKeyDialog : public QDialog {
    Q_OBJECT

public:
    HostKeyDialog(const HostKeyQuestion &question, QWidget *parent);
    HostKeyAnswer answer() const { return m_answer; }

private:
    HostKeyAnswer m_answer = HostKeyAnswer::Reject;
};

} // namespace pilothouse
