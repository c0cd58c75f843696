// The serial loader: it measures the host's speed, then carries out what comes
// in frames C0 … C0, with C0 and DB inside written DB DC and DB DD.
//
//	request   00 | op u8 | size u16 | checksum u32 | size bytes of data
//	reply     01 | op u8 | 02 00    | value u32    | status u8, error u8

#include "rom.h"

#include "bytes.h"

enum { END = 0xc0, ESC = 0xdb, ESC_END = 0xdc, ESC_ESC = 0xdd };

enum { BAD_REQUEST = 5, FAILED = 6, BAD_CHECKSUM = 7, BAD_READ_BACK = 8 };

enum {
	FLASH_BEGIN = 2,
	FLASH_DATA,
	FLASH_END,
	MEM_BEGIN,
	MEM_END,
	MEM_DATA,
	SYNC,
	WRITE_REG,
	READ_REG,
	CHIP,
	OPS
};

enum { HEADER = 8, BLOCK_HEADER = 16, LARGEST = 0x1800, SIZE = 0x2000, SYNC_REPLIES = 8, EDGES = 29, GLITCH = 12 };

// Frames are collected where programs may have their data, too.
static uint8_t *const frame = (uint8_t *)0x3fffa000;
static uint8_t *const data = (uint8_t *)0x3fffa000 + HEADER;

// One transfer serves flash and memory alike. As on the chip, one that was not
// begun does not add up.
static struct {
	uint32_t size, blocks, block_size, address, next, done;
} transfer = {.blocks = UINT32_MAX};

// A reply repeats of the one before it what it does not set itself.
static struct {
	uint8_t op, error;
	uint32_t value;
} last;

static bool leave;
static uint32_t entry;

static uint32_t size(void)
{
	return frame[2] | (uint32_t)frame[3] << 8;
}

static uint32_t word(int i)
{
	return load_le32(data + 4 * i);
}

static uint8_t checksum(const uint8_t *p, uint32_t n)
{
	uint8_t sum = 0xef;

	while (n-- > 0)
		sum ^= *p++;
	return sum;
}

// receive collects one frame. Nothing is between frames that matters, an escaped
// byte of no meaning stands for itself, and what is too much is dropped.
static void receive(void)
{
	uint32_t n = 0;

	while (uart_take() != END)
		;
	for (;;) {
		uint8_t byte = uart_take();

		if (byte == END) {
			if (n > 0)
				return;
			continue;
		}
		if (byte == ESC) {
			byte = uart_take();
			if (byte == ESC_END)
				byte = END;
			else if (byte == ESC_ESC)
				byte = ESC;
		}
		if (n < SIZE)
			frame[n++] = byte;
	}
}

static void send(uint8_t byte)
{
	if (byte == END || byte == ESC) {
		uart_tx_one_char(ESC);
		byte = byte == END ? ESC_END : ESC_ESC;
	}
	uart_tx_one_char(byte);
}

static void reply(uint8_t status)
{
	for (int i = last.op == SYNC ? SYNC_REPLIES : 1; i > 0; i--) {
		uart_tx_one_char(END);
		send(1), send(last.op), send(2), send(0);
		for (int shift = 0; shift < 32; shift += 8)
			send((uint8_t)(last.value >> shift));
		send(status), send(last.error);
		uart_tx_one_char(END);
	}
}

static uint8_t begin(void)
{
	if (size() != 16 || word(2) > LARGEST)
		return BAD_REQUEST;
	transfer.size = word(0), transfer.blocks = word(1), transfer.block_size = word(2), transfer.address = word(3);
	transfer.next = transfer.done = 0;
	return 0;
}

static uint8_t flash_begin(void)
{
	uint8_t error = begin();

	if (error != 0)
		return error;
	Cache_Read_Disable();
	return SPIEraseArea(transfer.address, transfer.size) == 0 ? 0 : FAILED;
}

// block checks a block. It counts before the checksum is looked at, so that one
// that fails cannot be sent again.
static uint8_t block(bool words)
{
	uint32_t n = word(0);

	if (size() > LARGEST + BLOCK_HEADER || word(1) != transfer.next || n > transfer.block_size || (words && n % 4 != 0))
		return BAD_REQUEST;
	transfer.next++;
	return checksum(data + BLOCK_HEADER, n) == frame[4] ? 0 : BAD_CHECKSUM;
}

static void count(void)
{
	transfer.address += word(0), transfer.done += word(0);
}

static uint8_t flash_data(void)
{
	uint8_t error = block(true);

	if (error != 0)
		return error;
	SPIWrite(transfer.address, (uint32_t *)(data + BLOCK_HEADER), word(0));
	SPIRead(transfer.address, (uint32_t *)(data + BLOCK_HEADER), word(0));
	if (checksum(data + BLOCK_HEADER, word(0)) != frame[4])
		return BAD_READ_BACK;
	count();
	return 0;
}

static uint8_t mem_data(void)
{
	uint8_t error = block(false);

	if (error != 0)
		return error;
	memcpy((void *)transfer.address, data + BLOCK_HEADER, word(0));
	count();
	return 0;
}

static uint8_t flash_end(void)
{
	leave = true, entry = 0;
	if (transfer.blocks != transfer.next || transfer.size != transfer.done)
		return FAILED;
	SPILock();
	return 0;
}

static uint8_t mem_end(void)
{
	if (size() > 8)
		return BAD_REQUEST;
	if (data[0] == 0)
		leave = true, entry = word(1);
	return 0;
}

static uint8_t sync(void)
{
	last.value = word(0), last.error = 0;
	return 0;
}

static uint8_t write_reg(void)
{
	last.error = 0;
	for (uint32_t i = 0; i < size() / 16; i++) {
		volatile uint32_t *at = (volatile uint32_t *)word((int)(4 * i));
		uint32_t mask = word((int)(4 * i + 2));

		ets_delay_us(word((int)(4 * i + 3)) & 0xffff);
		*at = (*at & ~mask) | (word((int)(4 * i + 1)) & mask);
	}
	return 0;
}

static uint8_t read_reg(void)
{
	last.value = REGISTER(word(0));
	last.error = 0;
	return 0;
}

static uint8_t chip(void)
{
	if (size() != sizeof flash_chip)
		return BAD_REQUEST;
	memcpy(flash_chip, data, sizeof flash_chip);
	return 0;
}

static uint8_t (*const commands[OPS])(void) = {
	[FLASH_BEGIN] = flash_begin,
	[FLASH_DATA] = flash_data,
	[FLASH_END] = flash_end,
	[MEM_BEGIN] = begin,
	[MEM_END] = mem_end,
	[MEM_DATA] = mem_data,
	[SYNC] = sync,
	[WRITE_REG] = write_reg,
	[READ_REG] = read_reg,
	[CHIP] = chip,
};

// measure waits for the host, and takes its speed from the shortest pulses.
static void measure(void)
{
	UART_AUTOBAUD = 0x801;
	do
		ets_delay_us(1000);
	while ((UART_EDGES & 0x3ff) <= EDGES);
	UART_AUTOBAUD = 0;
	uart_div_modify(0, (UART_LOW + UART_HIGH) / 2 + GLITCH);
}

uint32_t loader(void)
{
	measure();
	uart_listen();
	while (!leave) {
		uint8_t op, error;

		receive();
		op = frame[1];
		if (frame[0] != 0 || op >= OPS || commands[op] == NULL) {
			last.error = BAD_REQUEST;
			reply(1);
			continue;
		}
		last.op = op;
		error = commands[op]();
		if (error != 0)
			last.error = error;
		reply(error != 0);
	}
	return entry;
}
