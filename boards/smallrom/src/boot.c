// From reset to a program.

#include "rom.h"

enum { DOWNLOAD = 1, JUMP = 2, FLASH = 3 }; // boot modes, GPIO15 GPIO0 GPIO2

enum { CHUNK = 16 };

bool in_program;

void boot(void);
void user_done(void);
void exception(uint32_t cause);

static _Noreturn void start(uint32_t entry)
{
	in_program = true;
	UART_INT_ENABLE = UART_INT_RX_FULL;
	enter(entry);
}

static _Noreturn void fail(void)
{
	ets_printf("ets_main.c ");
	dead();
}

static uint32_t chunk[CHUNK / 4];
static const uint8_t *const bytes = (const uint8_t *)chunk;

static void read(uint32_t address)
{
	if (SPIRead(address, chunk, CHUNK) != 0)
		fail();
}

// boot_flash loads the image at the start of the flash,
//
//	E9 | segments | mode | size | entry u32, then for each segment
//	address u32 | length u32 | length bytes
//
// by chunks of 16 bytes, and says where in a chunk each segment begins and
// ends: at byte "ho", with "room" bytes to go; "tail" is what is in the last.
void boot_flash(void)
{
	uint32_t header[2], entry, at = 0, used = 0;
	uint8_t sum = 0xef;

	read(0);
	if (bytes[0] != 0xe9)
		fail();
	entry = chunk[1];
	header[0] = chunk[2], header[1] = chunk[3];
	for (int left = bytes[1]; left > 0; left--) {
		uint32_t to = header[0], n = header[1], room = CHUNK - used, tail = n, word = 0;

		ets_printf("load 0x%08x, len %d, room %d \n", to, n, room);
		if (n >= room)
			tail = (n - room) % CHUNK;
		if (used == 0) // the data begins with the next chunk
			read(at += CHUNK);
		for (uint32_t i = 0; i < n; i++) {
			if (used == CHUNK)
				read(at += CHUNK), used = 0;
			sum ^= bytes[used];
			word |= (uint32_t)bytes[used++] << 8 * (i % 4);
			if (i % 4 == 3)
				*(volatile uint32_t *)(to + i - 3) = word, word = 0;
		}
		if (n >= room) {
			used = 0; // as the log counts: the last chunk from its start
		} else {
			used -= n;
		}
		ets_printf("tail %d\nchksum 0x%02x\n", tail, sum);
		if (left == 1) {
			ets_printf("csum 0x%02x\n", sum);
			if (n >= room && tail == 0)
				read(at += CHUNK);
			if (bytes[CHUNK - 1] != sum) {
				ets_printf("csum err\n");
				fail();
			}
			break;
		}
		if (n >= room && tail == 0)
			read(at += CHUNK);
		uint32_t over = CHUNK - used - tail;

		if (over < 8)
			ets_printf("ho %d tail %d room %d\n", used, tail, over);
		used += tail;
		for (int i = 0; i < 8; i++) {
			if (used == CHUNK)
				read(at += CHUNK), used = 0;
			((uint8_t *)header)[i] = bytes[used++];
		}
	}
	start(entry);
}

void boot(void)
{
	uart_div_modify(0, 80000000 / 115200);
	uint32_t cause = rtc_get_reset_reason(), straps = GPIO_IN, mode = straps >> 16 & 7;

	ets_printf("\n ets Jan  8 2013,rst cause:%d, boot mode:(%d,%d)\n\n", cause, mode, straps >> 29);
	switch (cause) {
	case 3:
	case 5:
	case 6: // the straps do not count
		boot_flash();
	case 4:
		ets_printf("wdt reset\n");
		break;
	case 1:
	case 2:
		break;
	default:
		ets_printf("unknown reset\n");
		fail();
	}
	switch (mode) {
	case DOWNLOAD: {
		uint32_t entry = loader();

		if (entry != 0)
			start(entry);
		boot_flash();
	}
	case JUMP:
		start(0x40100000);
	case FLASH:
		boot_flash();
	}
	ets_printf("waiting for host\n");
	dead();
}

void user_done(void)
{
	ets_printf("user code done\n");
	dead();
}

// exception is where start.S comes with any cause of level 1. What the loader
// was told to read and cannot be read ends it; a program's is reported, over and
// over.
void exception(uint32_t cause)
{
	if (cause == 4) {
		uart_interrupt();
		return;
	}
	if (!in_program)
		dead();
	ets_printf("Fatal exception (%d): \nepc1=0x%08x, epc2=0x%08x, epc3=0x%08x, excvaddr=0x%08x, depc=0x%08x\n",
		cause, SPECIAL_READ("epc1"), SPECIAL_READ("epc2"), SPECIAL_READ("epc3"),
		SPECIAL_READ("excvaddr"), SPECIAL_READ("depc"));
}
