#ifndef LANYARD_CPSL_SHIM_H
#define LANYARD_CPSL_SHIM_H

#include <libpsl.h>

#endif
