// What the parts of the ROM know of each other.
#ifndef ROM_H
#define ROM_H

#include "registers.h"

// start.S
_Noreturn void enter(uint32_t entry); // a program, as if it had been called
_Noreturn void dead(void);            // until the next reset

// uart.c
void uart_div_modify(uint32_t uart, uint32_t divider); // drops what is in the FIFOs
uint32_t uart_tx_one_char(uint8_t byte);
uint32_t uart_rx_one_char(uint8_t *byte); // 0, or 1 if there is none
uint8_t uart_rx_one_char_block(void);
void uart_listen(void);    // from now on by interrupt, into a ring
void uart_interrupt(void); // moves what has come there
uint8_t uart_take(void);   // the next byte of the ring, once there is one

// text.c
void ets_uart_putc1(uint8_t byte); // a line feed as CR LF, no carriage return
int ets_printf(const char *format, ...);

// flash.c; the functions return 0, or 1 for what lies outside the chip
enum { SECTOR = 0x1000, BLOCK = 0x10000 };
extern uint32_t flash_chip[6]; // id, size of chip, block, sector, page; status mask
uint32_t SPIRead(uint32_t address, uint32_t *to, uint32_t n);
uint32_t SPIWrite(uint32_t address, const uint32_t *from, uint32_t n);
uint32_t SPIEraseSector(uint32_t sector);
uint32_t SPIEraseBlock(uint32_t block);
uint32_t SPIEraseArea(uint32_t address, uint32_t n);
uint32_t SPIUnlock(void);
uint32_t SPILock(void);
void Cache_Read_Disable(void);

// clock.c
void ets_delay_us(uint32_t us);
uint32_t rtc_get_reset_reason(void);
void software_reset(void);

// loader.c
uint32_t loader(void); // serves the host; the entry that it asked for, 0 for the flash

// boot.c
extern bool in_program; // the ROM has started one
_Noreturn void boot_flash(void);

#endif
