#ifndef LANYARD_CGLIB_SHIM_H
#define LANYARD_CGLIB_SHIM_H

#include <glib.h>

#endif
