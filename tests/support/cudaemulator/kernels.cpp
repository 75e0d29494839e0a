// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The kernels' own source, as ordinary functions.
#include "tests/support/cudaemulator/kernels.h"

#include "agents/gputest/kernels/kernels.cu"
