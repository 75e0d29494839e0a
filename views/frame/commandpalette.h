// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QKeySequence>

#include <functional>

class QLineEdit;
class QListView;

namespace pilothouse {

class PaletteModel;

/// One line of the palette. `kind` is its prefix: '>' action, '@' target, '#' job, '/' files of a
/// target, ':' setting. What is typed after '/' is a path for `runTyped`, not a search.
struct PaletteEntry {
    QChar kind;
    QString title, detail;
    QKeySequence shortcut;
    QString refused; ///< why it cannot be run now; empty = it can
    std::function<void()> run;
    QString also; ///< found by as well, not shown: a job's id, an act's
    std::function<void(const QString &typed)> runTyped; ///< instead of `run`
};

/// Finds anything by a few letters. A child of the window, closed by Escape or by looking away.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *window);
    /// `entries` are made anew each time it opens.
    void open(QList<PaletteEntry> entries, const QString &text = {});

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void search();
    void runCurrent();
    QLineEdit *m_field;
    QListView *m_list;
    PaletteModel *m_model;
};

} // namespace pilothouse
