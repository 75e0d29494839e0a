// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QPlainTextEdit;

namespace pilothouse {

class LaunchForm;
class TextLabel;

/// A job for one target: form at the left, what will be sent at the right.
class LaunchPage : public TargetPage {
    Q_OBJECT

public:
    LaunchPage(const PageContext &context, const QString &target);
    QList<QWidget *> headerActions() override;
    void refresh(const TargetStatus &status) override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    ActRequest request() const;
    void preview();
    void launch();

    PageContext m_context;
    QString m_target;
    LaunchForm *m_form;
    QPlainTextEdit *m_preview;
    TextLabel *m_note;
};

} // namespace pilothouse
