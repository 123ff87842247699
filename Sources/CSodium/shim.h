#ifndef LANYARD_CSODIUM_SHIM_H
#define LANYARD_CSODIUM_SHIM_H

#include <sodium.h>

#endif
