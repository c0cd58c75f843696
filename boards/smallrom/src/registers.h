// The registers of the chip that the ROM touches.
#ifndef REGISTERS_H
#define REGISTERS_H

#include "mem.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define UART_FIFO REGISTER(0x60000000)
#define UART_INT_STATUS REGISTER(0x60000008)
#define UART_INT_ENABLE REGISTER(0x6000000c)
#define UART_INT_CLEAR REGISTER(0x60000010)
#define UART_INT_RX_FULL (1u << 0)
#define UART_CLKDIV REGISTER(0x60000014)
#define UART_AUTOBAUD REGISTER(0x60000018) // 0 on, 15:8 glitch filter
#define UART_STATUS REGISTER(0x6000001c)   // 7:0 bytes to read, 23:16 bytes to send
#define UART_CONF0 REGISTER(0x60000020)    // 17 resets the receiver, 18 the sender
#define UART_RESETS (3u << 17)
#define UART_CONF1 REGISTER(0x60000024) // 6:0 bytes that make the receiver full
#define UART_LOW REGISTER(0x60000028)   // the shortest pulses, in ticks of the clock
#define UART_HIGH REGISTER(0x6000002c)
#define UART_EDGES REGISTER(0x60000030) // 9:0

#define SPI_CMD REGISTER(0x60000200)  // one bit starts a command, and clears itself
#define SPI_ADDR REGISTER(0x60000204) // 23:0 address, 31:24 bytes to move
#define SPI_CTRL REGISTER(0x60000208)
#define SPI_CTRL_CACHE (1u << 17) // reads for the cache
#define SPI_STATUS REGISTER(0x60000210) // of the flash: 0 busy, 1 write enabled
#define SPI_W ((volatile uint32_t *)0x60000240)
#define SPI_READ (1u << 31)
#define SPI_WRITE_ENABLE (1u << 30)
#define SPI_READ_STATUS (1u << 27)
#define SPI_WRITE_STATUS (1u << 26)
#define SPI_PROGRAM (1u << 25)
#define SPI_ERASE_SECTOR (1u << 24)
#define SPI_ERASE_BLOCK (1u << 23)

#define GPIO_IN REGISTER(0x60000318)    // 18:16 boot mode, 31:29 SDIO
#define RTC_CTRL REGISTER(0x60000700)   // 31 resets the chip
#define RTC_WAKE REGISTER(0x60000708)   // 21 is cleared when the cause is read
#define RTC_CAUSE REGISTER(0x60000714)  // 3:0
#define RTC_CAUSE2 REGISTER(0x60000718) // 13:8 what ended a deep sleep
#define CACHE REGISTER(0x3ff0000c)      // 0 flush, 1 flushed, 8 on

#define SPECIAL_READ(name)                                           \
	({                                                           \
		uint32_t v_;                                         \
		__asm__ volatile("rsr %0, " name : "=a"(v_));        \
		v_;                                                  \
	})
#define SPECIAL_WRITE(name, v) __asm__ volatile("wsr %0, " name "; rsync" ::"a"((uint32_t)(v)) : "memory")

#endif
