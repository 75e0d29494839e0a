// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/fleetshape.h"

namespace pilothouse {

ShapeStyle shapeOf(FleetState state)
{
    switch (state) {
    case FleetState::Idle:
    case FleetState::Busy:
        return {Shape::Disc, Token::Ok};
    case FleetState::Watch:
        return {Shape::Triangle, Token::Watch};
    case FleetState::Bad:
        return {Shape::Diamond, Token::Bad};
    case FleetState::Stale:
    case FleetState::Unknown:
        break;
    }
    return {Shape::Ring, Token::Unknown};
}

} // namespace pilothouse
