// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace pilothouse {

/// A password, passphrase or code. Cannot be printed or formatted; wiped when the last copy goes.
class Secret {
public:
    Secret() = default;
    explicit Secret(QByteArray value)
        : m_value(std::move(value))
    {
    }
    Secret(const Secret &) = default;
    Secret(Secret &&) noexcept = default;
    Secret &operator=(const Secret &) = default;
    Secret &operator=(Secret &&) noexcept = default;
    ~Secret() { wipe(); }

    bool isEmpty() const { return m_value.isEmpty(); }
    /// The only way out; call it where the secret is handed to the library that needs it.
    const QByteArray &reveal() const { return m_value; }

private:
    void wipe()
    {
        if (m_value.isDetached())
            m_value.fill('\0');
    }
    QByteArray m_value;
};

} // namespace pilothouse
