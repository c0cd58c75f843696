// The console: UART0, at the speed at which the ROM left it.
#ifndef UART_H
#define UART_H

#include "mem.h"

void uart_init(void);
void uart_interrupt(void);

// uart_spin_write is for a crash: it needs no interrupt.
void uart_spin_write(uint8_t byte);

#endif
