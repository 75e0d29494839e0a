// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTranslator>

namespace pilothouse {

/// Every translatable text with accents on its letters and a third longer, in brackets, as a
/// translation may be: what stays plain was never translatable, what is cut has no room to grow.
/// Arguments (%1, %n) and mnemonics (&x) stay.
class PseudoLocale : public QTranslator {
    Q_OBJECT

public:
    using QTranslator::QTranslator;
    bool isEmpty() const override { return false; }
    QString translate(
        const char *context, const char *source, const char *disambiguation, int n) const override;
};

} // namespace pilothouse
