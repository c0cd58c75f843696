// The few registers of the chip that this port touches.
#ifndef REGISTERS_H
#define REGISTERS_H

#include "mem.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define UART_FIFO REGISTER(0x60000000)
#define UART_INT_STATUS REGISTER(0x60000008)
#define UART_INT_ENABLE REGISTER(0x6000000c)
#define UART_INT_CLEAR REGISTER(0x60000010)
#define UART_CLKDIV REGISTER(0x60000014)
#define UART_STATUS REGISTER(0x6000001c) // 7:0 bytes to read, 23:16 bytes to send
#define UART_CONF1 REGISTER(0x60000024)  // 6:0 bytes that make the receiver full
#define UART_INT_RX_FULL (1u << 0)
#define UART_INT_RX_OVERFLOW (1u << 4)

#define WDT_CONTROL REGISTER(0x60000900) // 0 enable
#define WDT_STAGE1 REGISTER(0x60000904) // lasts 2^N times 0.8 ms, then an interrupt
#define WDT_STAGE2 REGISTER(0x60000908) // as long again, then a reset
#define WDT_FEED REGISTER(0x60000914)
#define WDT_FEED_WORD 0x73

#define EFUSE(word) REGISTER(0x3ff00050 + 4 * (word))
#define RANDOM REGISTER(0x3ff20e44)

// The last words of the RTC's memory, which only a power cut clears. The vendor's
// SDK keeps its own at the beginning.
#define RTC_MAGIC REGISTER(0x600013f8)
#define RTC_BOOTS REGISTER(0x600013fc)

// The virtual board's network; no ESP8266 has anything there.
#define NET_ID REGISTER(0x6000e000)
#define NET_CONTROL REGISTER(0x6000e004) // 1 connect, 2 close
#define NET_STATUS REGISTER(0x6000e008)  // 3:0 enum hal_net, 31:16 bytes to read
#define NET_TX REGISTER(0x6000e00c)
#define NET_FLUSH REGISTER(0x6000e010)
#define NET_RX REGISTER(0x6000e014)
#define NET_HOST REGISTER(0x6000e018)
#define NET_PORT REGISTER(0x6000e01c)
#define NET_ID_WORD 0x45504c31 // "EPL1"

#endif
