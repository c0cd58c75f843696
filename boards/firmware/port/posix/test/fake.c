#include "fake.h"

#include <setjmp.h>
#include <string.h>

#include "control.h"

enum { QUEUE = 1 << 16, PLANS = 8, SAID = 1 << 20 };

char fake_said[SAID], fake_sent[SAID];
void (*fake_when_idle)(void);
unsigned fake_random;
bool fake_was_reset, fake_has_net = true;
jmp_buf fake_after_reset;

static uint8_t queue[QUEUE];
static size_t queue_in, queue_out, said, sent;
static uint32_t cycles;
static struct fake_net plans[PLANS], current;
static size_t planned, used, taken;
static enum hal_net state;

void fake_reset(void)
{
	queue_in = queue_out = 0;
	planned = used = 0;
	sent = 0;
	fake_sent[0] = 0;
	fake_when_idle = NULL;
	fake_was_reset = false;
	fake_forget();
}

void fake_forget(void)
{
	said = 0;
	fake_said[0] = 0;
}

void fake_type_bytes(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		queue[queue_in++ % QUEUE] = bytes[i];
}

void fake_type(const char *text)
{
	fake_type_bytes((const uint8_t *)text, strlen(text));
}

void fake_lines(void)
{
	struct line line;

	while (console_line(&line, 1))
		control_line(&line);
}

const char *fake_ask(const char *line)
{
	fake_forget();
	fake_type(line);
	fake_type("\n");
	fake_lines();
	return fake_said;
}

void fake_plan(struct fake_net plan)
{
	plans[planned++ % PLANS] = plan;
}

int hal_console_read(void)
{
	return queue_out < queue_in ? queue[queue_out++ % QUEUE] : -1;
}

void hal_console_write(uint8_t byte)
{
	if (said < SAID - 1)
		fake_said[said++] = (char)byte;
	fake_said[said] = 0;
}

void hal_console_drain(void)
{
}

uint32_t hal_cycles(void)
{
	return cycles += 10;
}

void hal_idle(uint32_t ms)
{
	if (fake_when_idle)
		fake_when_idle();
	else if (queue_out == queue_in)
		cycles += ms * HAL_CYCLES_PER_MS;
}

uint32_t hal_random(void)
{
	return fake_random++;
}

void hal_mac(uint8_t mac[6])
{
	memcpy(mac, "\x7a\xe5\x82\x00\x00\x01", 6);
}

uint32_t hal_boots(void)
{
	return 3;
}

uint32_t hal_cause(void)
{
	return 2;
}

_Noreturn void hal_reset(void)
{
	fake_was_reset = true;
	longjmp(fake_after_reset, 1);
}

bool hal_net_present(void)
{
	return fake_has_net;
}

void hal_net_connect(uint32_t ipv4, uint16_t port)
{
	(void)ipv4, (void)port;
	current = used < planned ? plans[used++ % PLANS] : (struct fake_net){.opens = NET_REFUSED};
	taken = 0;
	state = NET_CONNECTING;
}

enum hal_net hal_net_state(void)
{
	enum hal_net now = state;

	if (state == NET_CONNECTING)
		state = current.opens;
	else if (state == NET_OPEN && taken == current.reply_len)
		state = current.ends;
	return now;
}

void hal_net_send(const uint8_t *bytes, size_t n)
{
	memcpy(fake_sent + sent, bytes, n);
	sent += n;
	fake_sent[sent] = 0;
}

void hal_net_flush(void)
{
}

int hal_net_receive(void)
{
	return taken < current.reply_len ? (uint8_t)current.reply[taken++] : -1;
}

void hal_net_close(void)
{
	state = NET_IDLE;
}
