// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/tokens.h"

#include <QFrame>

#include <optional>

class QVBoxLayout;

namespace pilothouse {

/// A bordered surface with an optional title. `edge` colours its border and tints its fill.
class Card : public QFrame {
    Q_OBJECT

public:
    explicit Card(const QString &title = {}, QWidget *parent = nullptr);
    void setEdge(std::optional<Token> edge);
    QVBoxLayout *body() const { return m_body; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_body;
    std::optional<Token> m_edge;
};

} // namespace pilothouse
