// SPDX-License-Identifier: GPL-2.0
/* The one place where the tracepoints of observe/trace.h are defined. */
#define CREATE_TRACE_POINTS
#include "observe/trace.h"
