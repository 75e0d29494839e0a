// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QBoxLayout;
class QLabel;
class QPushButton;

namespace pilothouse {

class Card;
class ErrorBox;
class ProtectionCard;
class StageList;
class TextLabel;
class TransportCard;

/// How a target is reached: its stages, what went wrong, which transport, what is put there, what
/// may be done to it.
class ConnectionPage : public TargetPage {
    Q_OBJECT

public:
    ConnectionPage(const PageContext &context, const QString &target);
    QList<QWidget *> headerActions() override;
    void refresh(const TargetStatus &status) override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QString planned(const TargetStatus &status) const;
    PageContext m_context;
    QString m_target;
    TargetState m_state = TargetState::NotOpened;
    QBoxLayout *m_columns;
    QWidget *m_side;
    StageList *m_stages;
    TextLabel *m_note, *m_deploy;
    ErrorBox *m_error;
    TransportCard *m_transport;
    ProtectionCard *m_protection;
};

} // namespace pilothouse
