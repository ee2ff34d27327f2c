#ifndef CMOSQUITTO_SHIM_H
#define CMOSQUITTO_SHIM_H

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <sys/eventfd.h>

/// A counter that poll can wait for; its flags are an enum that Swift sees differently from one C library to the next.
static inline int cmosquitto_wake_descriptor(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

#endif
