// What the core asks of the hardware. port/esp8266 answers on the chip,
// port/posix on the host. Nothing here is called from an interrupt.
#ifndef HAL_H
#define HAL_H

#include "mem.h"

// Flash: NOR, programming turns ones into zeros, erasing turns a sector of
// FLASH_SECTOR bytes into ones. Addresses and lengths of program are multiples
// of four. False means that the chip reported a failure; true does not promise
// that the bytes are right.
enum { FLASH_SECTOR = 4096 };

bool hal_flash_read(uint32_t address, void *to, size_t n);
bool hal_flash_program(uint32_t address, const void *from, size_t n);
bool hal_flash_erase(uint32_t address);

// Console: bytes both ways. hal_console_read returns -1 when none is there,
// hal_console_write waits for room, hal_console_drain until all is on the wire.
int hal_console_read(void);
void hal_console_write(uint8_t byte);
void hal_console_drain(void);

// Time: a counter that wraps, at HAL_CYCLES_PER_MS. Differences up to half its
// range are meant.
enum { HAL_CYCLES_PER_MS = 52000 };

uint32_t hal_cycles(void);

// hal_idle sleeps until a console byte arrives, or at most that many
// milliseconds; 0 is without end. It may return early.
void hal_idle(uint32_t ms);

// hal_random returns whatever the hardware offers, good or not.
uint32_t hal_random(void);

// Identity and history. hal_boots counts since power-on; hal_cause is the
// chip's reset cause.
void hal_mac(uint8_t mac[6]);
uint32_t hal_boots(void);
uint32_t hal_cause(void);

// hal_watchdog has the watchdog reset the chip in a tenth of a second.
void hal_watchdog(void);

_Noreturn void hal_reset(void);

// Network: one TCP connection. Send buffers until flush.
enum hal_net {
	NET_IDLE,
	NET_CONNECTING,
	NET_OPEN,
	NET_ENDED,   // the peer closed in order
	NET_REFUSED, // nobody listens there
	NET_TIMEOUT, // nobody answered
	NET_BROKEN,  // reset by the peer, or lost
};

bool hal_net_present(void);
void hal_net_connect(uint32_t ipv4, uint16_t port);
enum hal_net hal_net_state(void);
void hal_net_send(const uint8_t *bytes, size_t n);
void hal_net_flush(void);
int hal_net_receive(void); // next byte, or -1 when none is there
void hal_net_close(void);

#endif
