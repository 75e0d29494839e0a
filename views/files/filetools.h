// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace pilothouse {

class SearchField;

/// The row above a folder: up, home, where we are (typed too), filter, hidden files, read again.
class FileTools : public QWidget {
    Q_OBJECT

public:
    explicit FileTools(QWidget *parent = nullptr);
    void setPath(const QString &path);
    void setWorking(bool possible); ///< whether folders can be read now
    QString filter() const;
    void clearFilter();
    bool hidden() const;
    void setHidden(bool shown);
    void focusPath();

Q_SIGNALS:
    void upWanted();
    void homeWanted();
    void pathTyped(const QString &path);
    void againWanted();
    void shownChanged(); ///< filter or hidden files
    void left(); ///< the keyboard goes on to the list

private:
    QPushButton *m_up, *m_home, *m_again;
    QLineEdit *m_path;
    SearchField *m_filter;
    QCheckBox *m_hidden;
};

} // namespace pilothouse
